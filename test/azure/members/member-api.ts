/** A member's API server: the product's own Kubernetes API over memory, behind real TLS. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startWebServer } from "../../../infra/local/member-cluster/web-server.ts";
import { memoryStore } from "../../../infra/local/memory-store/memory-store.ts";
import { localAuthority } from "../../../infra/local/tls/local-authority.ts";
import { builtInKinds } from "../../../shared/kube/built-in/built-in-kinds.ts";
import { kindsOf } from "../../../shared/kube/kinds.ts";
import { serveKube } from "../../../shared/kube/serve-kube.ts";
import { watchSource } from "../../../shared/kube/watch/watch-source.ts";
import type { FleetId } from "../../../shared/lib/document.ts";
import type { Instant } from "../../../shared/lib/instant.ts";
import type { Json, JsonObject } from "../../../shared/lib/kube-object.ts";

/** What happens to a request instead of its answer; undefined: nothing. */
export type Intercept = (
  request: Request,
) => Promise<Response | "hang-up" | undefined> | Response | "hang-up" | undefined;

export interface MemberApiServer {
  readonly url: string;
  readonly ca: string;
  /** "GET /api/v1/namespaces/demo", in order, since the last `forget`. */
  readonly requests: string[];
  intercept: Intercept;
  /** Asks the API directly, as somebody in the cluster does. */
  readonly ask: (method: string, path: string, body?: JsonObject) => Promise<JsonObject>;
  /** A kubeconfig with a user as given. */
  readonly kubeconfig: (user?: JsonObject, cluster?: JsonObject) => string;
  readonly close: () => Promise<void>;
}

const cluster = "member" as FleetId;

export async function startMemberApi(): Promise<MemberApiServer> {
  const folder = await mkdtemp(join(tmpdir(), "member-api-"));
  const authority = await localAuthority(folder);
  const clock = { now: () => new Date().toISOString() as Instant };
  const store = memoryStore({ clock });
  let uid = 0;
  const api = {
    store,
    fleet: cluster,
    kinds: kindsOf(builtInKinds()),
    basePath: "",
    clock,
    ids: () => `uid-${uid++}`,
    watch: watchSource(store),
    serverVersion: "1.34.1",
  };
  const requests: string[] = [];
  const member = { intercept: (() => undefined) as Intercept };
  const server = await startWebServer({
    cert: await readFile(authority.certFile, "utf8"),
    key: await readFile(authority.keyFile, "utf8"),
    serve: async (request) => {
      const { pathname, search } = new URL(request.url);
      requests.push(`${request.method} ${pathname}${search}`);
      return (await member.intercept(request)) ?? (await serveKube(request, api));
    },
  });
  const ca = await readFile(authority.caFile, "utf8");
  const kubeconfig = (user: JsonObject = { token: "secret" }, more: JsonObject = {}) =>
    JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      "current-context": "aks-1",
      clusters: [{ name: "aks-1", cluster: { server: server.url, ...authorityData(ca), ...more } }],
      users: [{ name: "user-1", user }],
      contexts: [{ name: "aks-1", context: { cluster: "aks-1", user: "user-1" } }],
    });
  return Object.assign(member, {
    url: server.url,
    ca,
    requests,
    kubeconfig,
    async ask(method: string, path: string, body?: JsonObject) {
      const contentType = method === "PATCH" ? "application/merge-patch+json" : "application/json";
      const request = new Request(`https://member${path}`, {
        method,
        headers: { "content-type": contentType },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const response = await serveKube(request, api);
      return (await response.json()) as JsonObject;
    },
    async close() {
      await server.close();
      await rm(folder, { recursive: true });
    },
  });
}

const authorityData = (pem: string): Record<string, Json> => ({
  "certificate-authority-data": Buffer.from(pem).toString("base64"),
});
