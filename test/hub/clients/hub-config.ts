/** The hub of a laptop cloud for the official client of JavaScript, and a wire that can be cut. */
import { connect, createServer, type Socket } from "node:net";
import { KubeConfig } from "@kubernetes/client-node";
import type { Laptop } from "../../journeys/laptop.ts";

/** As a program reads it from the kubeconfig that the cloud wrote. */
export function hubConfig({ endpoints }: Laptop): KubeConfig {
  const config = new KubeConfig();
  config.loadFromFile(endpoints.kubeconfig);
  config.setCurrentContext("hub");
  return config;
}

export interface Wire {
  /** The same hub through the wire. */
  readonly config: KubeConfig;
  /** Ends all connections that are open now, without a goodbye. */
  readonly cut: () => void;
  /** The same, and nobody gets through until what it gives is called. */
  readonly hold: () => () => void;
  readonly close: () => Promise<void>;
}

/** TLS is between the client and the hub: the wire sees bytes. */
export async function wireTo(laptop: Laptop): Promise<Wire> {
  const hub = new URL(laptop.endpoints.hub);
  const target = { host: hub.hostname, port: Number(hub.port) };
  const sockets = new Set<Socket>();
  let isHeld = false;
  const server = createServer((socket) => {
    if (isHeld) {
      socket.resetAndDestroy();
      return;
    }
    const upstream = connect(target);
    for (const each of [socket, upstream]) {
      sockets.add(each);
      each.on("error", () => undefined);
      each.on("close", () => {
        sockets.delete(each);
        socket.destroy();
        upstream.destroy();
      });
    }
    socket.pipe(upstream).pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { readonly port: number };
  const config = hubConfig(laptop);
  const [cluster] = config.clusters.filter(({ name }) => name === "hub");
  if (cluster === undefined) throw new Error('Cannot find the cluster "hub" in the kubeconfig');
  hub.port = String(port);
  const others = config.clusters.filter(({ name }) => name !== "hub");
  config.clusters = [...others, { ...cluster, server: hub.href }];
  const cut = (): void => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  return {
    config,
    cut,
    hold: () => {
      isHeld = true;
      cut();
      return () => {
        isHeld = false;
      };
    },
    close: async () => {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
