/** As much of a Kubernetes API server as a relay meets: pages, watches, leases, statuses. */
import { readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { KubeConfig } from "@kubernetes/client-node";
import type { LocalAuthority } from "../../../infra/local/tls/local-authority.ts";

interface Meta {
  readonly name: string;
  readonly namespace: string;
  readonly resourceVersion?: string;
  readonly [more: string]: unknown;
}
export interface KubeThing {
  readonly metadata: Meta;
  readonly [more: string]: unknown;
}

interface Change {
  readonly path: string;
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly object: KubeThing;
  readonly revision: number;
}

export const paths = {
  exports: "/apis/networking.fleet.azure.com/v1beta1/serviceexports",
  services: "/api/v1/services",
  slices: "/apis/discovery.k8s.io/v1/endpointslices",
} as const;

export interface KubeApi {
  readonly kubeConfig: KubeConfig;
  put(path: string, object: KubeThing): void;
  remove(path: string, namespace: string, name: string): void;
  read(path: string, namespace: string, name: string): KubeThing | undefined;
  /** Ends all watches as a restart of the server does. */
  breakWatches(): void;
  /** Watches from before now are answered with 410, in the way of a real server. */
  forget(): void;
  /** Answers the next requests that `match` fits with this status. */
  refuse(match: RegExp, status: number, times: number): void;
  readonly requests: string[];
  close(): Promise<void>;
}

export async function startKubeApi(tls: LocalAuthority): Promise<KubeApi> {
  const [cert, key] = await Promise.all([readFile(tls.certFile), readFile(tls.keyFile)]);
  const objects = new Map<string, KubeThing>();
  const changes: Change[] = [];
  const watching = new Set<{ readonly path: string; readonly response: ServerResponse }>();
  const refusals: { readonly match: RegExp; readonly status: number; times: number }[] = [];
  const requests: string[] = [];
  let revision = 100;
  let horizon = 0;

  const idOf = (path: string, { namespace, name }: Pick<Meta, "namespace" | "name">) =>
    `${path} ${namespace}/${name}`;

  function save(path: string, type: Change["type"], object: KubeThing): KubeThing {
    const resourceVersion = String(++revision);
    const saved = { ...object, metadata: { ...object.metadata, resourceVersion } };
    if (type === "DELETED") objects.delete(idOf(path, object.metadata));
    else objects.set(idOf(path, object.metadata), saved);
    const change = { path, type, object: saved, revision };
    changes.push(change);
    for (const each of watching) if (each.path === path) tell(each.response, change);
    return saved;
  }

  const put = (path: string, object: KubeThing): KubeThing => {
    const type = objects.has(idOf(path, object.metadata)) ? "MODIFIED" : "ADDED";
    return save(path, type, object);
  };

  function list(url: URL, response: ServerResponse): void {
    const all = [...objects].filter(([id]) => id.startsWith(`${url.pathname} `));
    const from = Number(url.searchParams.get("continue") ?? 0);
    // Small pages, whatever is asked for, so that each test needs several.
    const to = from + Math.min(Number(url.searchParams.get("limit") ?? 2), 2);
    const items = all.slice(from, to).map(([, object]) => object);
    const next = to < all.length ? { continue: String(to) } : {};
    json(response, 200, { items, metadata: { resourceVersion: String(revision), ...next } });
  }

  function watch(url: URL, response: ServerResponse): void {
    const from = Number(url.searchParams.get("resourceVersion"));
    response.writeHead(200, { "content-type": "application/json" });
    if (from < horizon) {
      const object = { kind: "Status", code: 410, reason: "Expired" };
      response.end(`${JSON.stringify({ type: "ERROR", object })}\n`);
      return;
    }
    response.flushHeaders();
    for (const change of changes) {
      if (change.path === url.pathname && change.revision > from) tell(response, change);
    }
    const entry = { path: url.pathname, response };
    watching.add(entry);
    response.on("close", () => watching.delete(entry));
  }

  async function write(request: IncomingMessage, url: URL, response: ServerResponse) {
    const body = JSON.parse(await textOf(request)) as KubeThing;
    const [, prefix = "", namespace = "", plural = "", name = ""] =
      /^(.*)\/namespaces\/([^/]+)\/([^/]+)\/?([^/]*)/.exec(url.pathname) ?? [];
    const path = `${prefix}/${plural}`;
    const id = idOf(path, { namespace, name: name || body.metadata.name });
    const before = objects.get(id);
    const metadata = { ...before?.metadata, ...body.metadata, namespace };
    if (request.method === "PATCH") {
      if (before === undefined) return json(response, 404, { code: 404 });
      return json(response, 200, put(path, { ...before, status: body["status"] }));
    }
    const isStale = before?.metadata.resourceVersion !== body.metadata.resourceVersion;
    if (isStale) return json(response, 409, { code: 409 });
    return json(response, 200, put(path, { ...body, metadata }));
  }

  function read(url: URL, response: ServerResponse): void {
    const [, prefix = "", namespace = "", plural = "", name = ""] =
      /^(.*)\/namespaces\/([^/]+)\/([^/]+)\/([^/]+)$/.exec(url.pathname) ?? [];
    const found = objects.get(idOf(`${prefix}/${plural}`, { namespace, name }));
    json(response, found === undefined ? 404 : 200, found ?? { code: 404 });
  }

  const server = createServer({ cert, key }, (request, response) => {
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    const isWatch = url.searchParams.has("watch");
    const name = `${request.method} ${url.pathname}${isWatch ? " watch" : ""}`;
    requests.push(name);
    const refusal = refusals.find(({ match, times }) => times > 0 && match.test(name));
    if (refusal !== undefined) {
      refusal.times--;
      json(response, refusal.status, { code: refusal.status });
    } else if (request.method !== "GET") void write(request, url, response);
    else if (isWatch) watch(url, response);
    else if (url.pathname.includes("/namespaces/")) read(url, response);
    else list(url, response);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));

  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromClusterAndUser(
    {
      name: "member",
      server: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
      caFile: tls.caFile,
      skipTLSVerify: false,
    },
    { name: "relay", token: "relay" },
  );
  const breakWatches = () => {
    for (const { response } of watching) response.destroy();
  };
  return {
    kubeConfig,
    requests,
    put: (path, object) => void put(path, object),
    remove(path, namespace, name) {
      const object = objects.get(idOf(path, { namespace, name }));
      if (object !== undefined) save(path, "DELETED", object);
    },
    read: (path, namespace, name) => objects.get(idOf(path, { namespace, name })),
    breakWatches,
    forget() {
      horizon = ++revision;
      changes.length = 0;
      breakWatches();
    },
    refuse: (match, status, times) => void refusals.push({ match, status, times }),
    async close() {
      const closed = new Promise<void>((done) => server.close(() => done()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function tell(response: ServerResponse, { type, object }: Change): void {
  response.write(`${JSON.stringify({ type, object })}\n`);
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text;
}
