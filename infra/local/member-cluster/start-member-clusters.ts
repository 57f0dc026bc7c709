/**
 * The Kubernetes APIs of all simulated member clusters, on one HTTPS server: each below the path
 * `/clusters/NAME`. A cluster costs memory only once somebody asks for it.
 */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { systemClock } from "../../../shared/azure/system-clock.ts";
import { statusResponse } from "../../../shared/kube/http/respond.ts";
import { serveKube } from "../../../shared/kube/serve-kube.ts";
import type { ServedKind } from "../../../shared/kube/served-kind.ts";
import { StatusError } from "../../../shared/kube/status-error.ts";
import type { JsonObject } from "../../../shared/lib/kube-object.ts";
import type { LocalAuthority } from "../tls/local-authority.ts";
import type { Balancer } from "./life/rule.ts";
import { type MemberCluster, memberCluster } from "./member-cluster.ts";
import type { SimulatedNode } from "./nodes.ts";
import { answerOfUnreachable, type Reachability } from "./reachability.ts";
import { startWebServer, type WebServer } from "./web-server.ts";

export interface MemberClustersOptions {
  readonly tls: LocalAuthority;
  /** 0, the default, lets the system choose. */
  readonly port?: number;
  /** The name of whom a bearer token stands for; undefined for one that is not good. */
  readonly verify: (token: string, clusterId: string) => Promise<string | undefined>;
  readonly customKinds: readonly ServedKind[];
  readonly balancer: Balancer;
  readonly speed: () => number;
  /** The Kubernetes version that the cluster runs now. */
  readonly version: (clusterId: string) => string;
  /** The nodes of the cluster as they are now; three of its version when left out. */
  readonly nodes?: (clusterId: string) => readonly SimulatedNode[];
  /** Fills a cluster with what it held before, when it is first asked for. */
  readonly restore?: (cluster: MemberCluster) => Promise<void>;
  readonly log?: (line: string) => void;
}

export interface MemberClusters {
  /** The cluster of an ARM id, in any case; made when it is not there yet. */
  readonly ensure: (clusterId: string) => Promise<MemberCluster>;
  readonly urlOf: (clusterId: string) => string;
  /** A kubeconfig whose user is as given: `{ token: "…" }`, `{ exec: { … } }`. */
  readonly kubeconfigOf: (clusterId: string, user?: JsonObject) => string;
  readonly remove: (clusterId: string) => void;
  readonly setReachability: (clusterId: string, to: Reachability) => void;
  /** Whether the cluster's API and nodes say that they are ready. */
  readonly setReady: (clusterId: string, isReady: boolean) => void;
  /** Takes the pods of a workload down, or lets them start again. */
  readonly setDown: (
    clusterId: string,
    workload: { readonly namespace: string; readonly name: string },
    isDown: boolean,
  ) => Promise<void>;
  readonly close: () => Promise<void>;
}

interface Place {
  readonly slug: string;
  readonly clusterId: string;
  cluster?: Promise<MemberCluster>;
  reachability: Reachability;
  isReady: boolean;
}

const defaultNodes = ["0", "1", "2"];

export async function startMemberClusters(options: MemberClustersOptions): Promise<MemberClusters> {
  const places = new Map<string, Place>();
  const [cert, key, ca] = await Promise.all(
    [options.tls.certFile, options.tls.keyFile, options.tls.caFile].map(
      async (file) => await readFile(file, "utf8"),
    ),
  );

  function placeOf(clusterId: string): Place {
    const slug = slugOf(clusterId);
    const known = places.get(slug);
    if (known !== undefined) return known;
    const place: Place = { slug, clusterId, reachability: "up", isReady: true };
    places.set(slug, place);
    return place;
  }
  async function ensure(clusterId: string): Promise<MemberCluster> {
    const place = placeOf(clusterId);
    place.cluster ??= open(place.clusterId, options);
    return await place.cluster;
  }
  const server: WebServer = await startWebServer({
    cert: cert ?? "",
    key: key ?? "",
    ...(options.port !== undefined && { port: options.port }),
    serve: async (request) => {
      const slug = /^\/clusters\/([^/]+)(?:\/|$)/.exec(new URL(request.url).pathname)?.[1];
      const place = places.get(slug ?? "");
      if (place === undefined) return "hang-up";
      const broken = await answerOfUnreachable(place.reachability, request.signal);
      return broken ?? (await serve(request, place, await ensure(place.clusterId), options));
    },
  });
  const urlOf = (clusterId: string): string => `${server.url}/clusters/${placeOf(clusterId).slug}`;
  return {
    ensure,
    urlOf,
    kubeconfigOf: (clusterId, user = {}) => kubeconfigText(urlOf(clusterId), ca ?? "", user),
    remove: (clusterId) => {
      const place = placeOf(clusterId);
      void place.cluster?.then((cluster) => cluster.stop());
      places.delete(place.slug);
    },
    setReachability: (clusterId, to) => {
      placeOf(clusterId).reachability = to;
    },
    setReady: (clusterId, isReady) => {
      placeOf(clusterId).isReady = isReady;
    },
    setDown: async (clusterId, { namespace, name }, isDown) => {
      await (await ensure(clusterId)).setDown(namespace, name, isDown);
    },
    close: async () => {
      for (const { cluster } of places.values()) (await cluster)?.stop();
      await server.close();
    },
  };
}

/** "aks-1-3f2a9c" for the ARM id of a cluster "aks-1": the same in each run, fit for a path. */
function slugOf(clusterId: string): string {
  const id = clusterId.toLowerCase();
  const name = (id.split("/").at(-1) ?? "").replaceAll(/[^a-z0-9-]/g, "-");
  return `${name}-${createHash("sha256").update(id).digest("hex").slice(0, 6)}`;
}

async function open(clusterId: string, options: MemberClustersOptions): Promise<MemberCluster> {
  const onError = (error: unknown): void => {
    options.log?.(`A member cluster's life: ${String(error)}`);
  };
  const made = await memberCluster({ ...options, clusterId, clock: systemClock, onError });
  await options.restore?.(made);
  return made;
}

function kubeconfigText(server: string, ca: string, user: JsonObject): string {
  const authority = Buffer.from(ca).toString("base64");
  return `${JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "member", cluster: { server, "certificate-authority-data": authority } }],
    users: [{ name: "user", user }],
    contexts: [{ name: "member", context: { cluster: "member", user: "user" } }],
    "current-context": "member",
  })}\n`;
}

async function serve(
  request: Request,
  { slug, clusterId, isReady }: Place,
  cluster: MemberCluster,
  options: MemberClustersOptions,
): Promise<Response> {
  const [, token = ""] = /^Bearer (.+)$/.exec(request.headers.get("authorization") ?? "") ?? [];
  const name = await options.verify(token, clusterId);
  if (name === undefined) {
    return statusResponse(new StatusError(401, "Unauthorized", "Unauthorized"));
  }
  const { pathname } = new URL(request.url);
  if (!isReady && /\/(readyz|livez|healthz)$/.test(pathname)) {
    return new Response("[-]poststarthook failed: reason withheld\n", { status: 500 });
  }
  const version = options.version(clusterId);
  const [, seen] = /\/api\/v1\/(?:namespaces\/[^/]+\/)?(nodes|pods)(?:\/|$)/.exec(pathname) ?? [];
  if (seen !== undefined) {
    const nodes = options.nodes?.(clusterId) ?? nodesOfVersion(slug, version);
    await cluster.seeNodes(nodes, isReady);
  }
  if (seen === "pods" && request.method === "GET") await cluster.seePods();
  return await serveKube(request, {
    ...cluster.api,
    basePath: `/clusters/${slug}`,
    serverVersion: version,
    caller: { name, groups: ["system:authenticated"] },
  });
}

function nodesOfVersion(slug: string, version: string): readonly SimulatedNode[] {
  return defaultNodes.map((number) => ({ name: `aks-${slug}-${number}`, version }));
}
