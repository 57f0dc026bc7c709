/**
 * The Kubernetes APIs of all simulated member clusters, on one HTTPS server: each below the path
 * `/clusters/NUMBER`. A cluster costs memory only once somebody asks for it.
 */
import { readFile } from "node:fs/promises";
import { systemClock } from "../../../shared/azure/system-clock.ts";
import { statusResponse } from "../../../shared/kube/http/respond.ts";
import { serveKube } from "../../../shared/kube/serve-kube.ts";
import type { ServedKind } from "../../../shared/kube/served-kind.ts";
import { FleetError } from "../../../shared/lib/fleet-error.ts";
import type { LocalAuthority } from "../tls/local-authority.ts";
import type { Balancer } from "./life/rule.ts";
import { type MemberCluster, memberCluster } from "./member-cluster.ts";
import { startWebServer, type WebServer } from "./web-server.ts";

/** "hang" answers nothing, "refuse" closes connections, "error" answers 500 to everything. */
export type Reachability = "up" | "hang" | "refuse" | "error";

export interface MemberClustersOptions {
  readonly tls: LocalAuthority;
  /** The name of whom a bearer token stands for; undefined for one that is not good. */
  readonly verify: (token: string) => Promise<string | undefined>;
  readonly customKinds: readonly ServedKind[];
  readonly balancer: Balancer;
  readonly speed: () => number;
  /** The Kubernetes version that the cluster runs now. */
  readonly version: (clusterId: string) => string;
  /** Fills a cluster with what it held before, when it is first asked for. */
  readonly restore?: (cluster: MemberCluster) => Promise<void>;
  readonly log?: (line: string) => void;
}

export interface MemberClusters {
  /** The cluster of an ARM id, in any case; made when it is not there yet. */
  readonly ensure: (clusterId: string) => Promise<MemberCluster>;
  readonly urlOf: (clusterId: string) => string;
  readonly remove: (clusterId: string) => void;
  readonly setReachability: (clusterId: string, to: Reachability) => void;
  readonly close: () => Promise<void>;
}

interface Place {
  readonly number: number;
  readonly clusterId: string;
  cluster?: Promise<MemberCluster>;
  reachability: Reachability;
}

/** What a hanging cluster keeps a client waiting for, at most. */
const hangMilliseconds = 120_000;

export async function startMemberClusters(options: MemberClustersOptions): Promise<MemberClusters> {
  const places = new Map<string, Place>();
  const byNumber = new Map<number, Place>();
  const onError = (error: unknown) => options.log?.(`A member cluster's life: ${String(error)}`);

  function placeOf(clusterId: string): Place {
    const id = clusterId.toLowerCase();
    const known = places.get(id);
    if (known !== undefined) return known;
    const place: Place = { number: byNumber.size + 1, clusterId, reachability: "up" };
    places.set(id, place);
    byNumber.set(place.number, place);
    return place;
  }
  async function ensure(clusterId: string): Promise<MemberCluster> {
    const place = placeOf(clusterId);
    place.cluster ??= open(place.clusterId);
    return await place.cluster;
  }
  async function open(clusterId: string): Promise<MemberCluster> {
    const made = await memberCluster({ ...options, clusterId, clock: systemClock, onError });
    await options.restore?.(made);
    return made;
  }

  const [cert, key] = await Promise.all([
    readFile(options.tls.certFile, "utf8"),
    readFile(options.tls.keyFile, "utf8"),
  ]);
  const server: WebServer = await startWebServer({
    cert,
    key,
    serve: async (request) => {
      const number = /^\/clusters\/([0-9]+)(?:\/|$)/.exec(new URL(request.url).pathname)?.[1];
      const place = byNumber.get(Number(number));
      if (place === undefined || !places.has(place.clusterId.toLowerCase())) return "hang-up";
      const broken = await answerOfBroken(place.reachability);
      return broken ?? (await serve(request, place, await ensure(place.clusterId), options));
    },
  });
  return {
    ensure,
    urlOf: (clusterId) => `${server.url}/clusters/${placeOf(clusterId).number}`,
    remove: (clusterId) => {
      const place = placeOf(clusterId);
      void place.cluster?.then((cluster) => cluster.stop());
      places.delete(clusterId.toLowerCase());
    },
    setReachability: (clusterId, to) => {
      placeOf(clusterId).reachability = to;
    },
    close: async () => {
      for (const { cluster } of places.values()) (await cluster)?.stop();
      await server.close();
    },
  };
}

async function answerOfBroken(
  reachability: Reachability,
): Promise<Response | "hang-up" | undefined> {
  switch (reachability) {
    case "up":
      return undefined;
    case "refuse":
      return "hang-up";
    case "error":
      return new Response("etcdserver: request timed out", { status: 500 });
    case "hang":
      await new Promise((resolve) => setTimeout(resolve, hangMilliseconds).unref());
      return "hang-up";
  }
}

async function serve(
  request: Request,
  place: Place,
  cluster: MemberCluster,
  options: MemberClustersOptions,
): Promise<Response> {
  const [, token = ""] = /^Bearer (.+)$/.exec(request.headers.get("authorization") ?? "") ?? [];
  const name = await options.verify(token);
  if (name === undefined) {
    return statusResponse(new FleetError("Unauthenticated", "Unauthorized"));
  }
  return await serveKube(request, {
    ...cluster.api,
    basePath: `/clusters/${place.number}`,
    serverVersion: options.version(place.clusterId),
    caller: { name, groups: ["system:authenticated"] },
  });
}
