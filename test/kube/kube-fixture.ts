/** A Kubernetes API over memory, asked in process. */
import { memoryStore } from "../../infra/local/memory-store/memory-store.ts";
import { builtInKinds } from "../../shared/kube/built-in/built-in-kinds.ts";
import { kindsOf } from "../../shared/kube/kinds.ts";
import type { KubeApi } from "../../shared/kube/kube-api.ts";
import { serveKube } from "../../shared/kube/serve-kube.ts";
import { documentKind, type ServedKind } from "../../shared/kube/served-kind.ts";
import { watchSource } from "../../shared/kube/watch/watch-source.ts";
import type { FleetId } from "../../shared/lib/document.ts";
import { type Instant, plusSeconds } from "../../shared/lib/instant.ts";
import type { Json, JsonObject } from "../../shared/lib/kube-object.ts";

export interface Ask {
  readonly type?: string;
  readonly accept?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly body: JsonObject;
  readonly headers: Headers;
}

/** A kind with a schema, a status, a scale and two versions: what custom resources have. */
export const widget: ServedKind = {
  group: "example.com",
  kind: "Widget",
  plural: "widgets",
  singular: "widget",
  shortNames: ["wd"],
  namespaced: true,
  hasStatus: true,
  documents: documentKind("example.com", "widgets"),
  scale: {
    specReplicas: ["spec", "size"],
    statusReplicas: ["status", "size"],
    selector: ["status", "selector"],
  },
  versions: ["v1", "v1beta1"].map((name) => ({
    name,
    columns: [
      { name: "Size", type: "integer", jsonPath: ".spec.size" },
      { name: "Color", type: "string", jsonPath: ".spec.color", priority: 1 },
    ],
    schema: {
      type: "object",
      description: "Widget is what tests are made of.",
      properties: {
        spec: {
          type: "object",
          description: "What is wanted.",
          required: ["size"],
          properties: {
            size: { type: "integer", minimum: 0, maximum: 10, description: "How large it is." },
            color: { type: "string", enum: ["red", "blue"], default: "red" },
            name: { type: "string", maxLength: 5, pattern: "^[a-z]+$" },
            tags: {
              type: "array",
              maxItems: 3,
              items: { type: "string" },
              "x-kubernetes-list-type": "set",
            },
            parts: {
              type: "array",
              items: {
                type: "object",
                required: ["name"],
                properties: {
                  name: { type: "string" },
                  weight: { type: "integer" },
                  port: { "x-kubernetes-int-or-string": true },
                },
              },
              "x-kubernetes-list-type": "map",
              "x-kubernetes-list-map-keys": ["name"],
            },
            free: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
          },
        },
        status: {
          type: "object",
          properties: { size: { type: "integer" }, selector: { type: "string" } },
        },
      },
    },
  })),
};

export interface KubeFixture {
  readonly api: KubeApi;
  /** `ask("POST", "/api/v1/namespaces", { metadata: { name: "shop" } })` */
  readonly ask: (method: string, path: string, body?: Json, how?: Ask) => Promise<Answer>;
  /** The raw answer, for watches and for bodies that are no JSON. */
  readonly send: (request: Request) => Promise<Response>;
  /** Moves the clock on. */
  readonly pass: (seconds: number) => void;
}

/** With the namespaces "default" and "shop". */
export async function kubeFixture(overrides: Partial<KubeApi> = {}): Promise<KubeFixture> {
  let now = "2026-11-21T12:00:00.000Z" as Instant;
  let uid = 0;
  const clock = overrides.clock ?? { now: () => now };
  const ids = (): string => `uid-${++uid}`;
  const store = overrides.store ?? memoryStore({ clock, ids });
  const api: KubeApi = {
    store,
    fleet: "/fleet" as FleetId,
    kinds: kindsOf([...builtInKinds(), widget]),
    basePath: "",
    clock,
    ids,
    watch: watchSource(store, { pollMilliseconds: 20 }),
    serverVersion: "1.34.1",
    ...overrides,
  };
  const send = async (request: Request): Promise<Response> => await serveKube(request, api);
  const ask: KubeFixture["ask"] = async (method, path, body, how = {}) => {
    const response = await send(requestOf(method, path, body, how));
    const text = await response.text();
    const json: JsonObject = text.startsWith("{") ? (JSON.parse(text) as JsonObject) : { text };
    return { status: response.status, body: json, headers: response.headers };
  };
  for (const name of ["default", "shop"]) {
    await ask("POST", `${api.basePath}/api/v1/namespaces`, { metadata: { name } });
  }
  const pass = (seconds: number): void => {
    now = plusSeconds(now, seconds);
  };
  return { api, ask, send, pass };
}

/** Text is sent as it is, anything else as JSON. */
export function requestOf(method: string, path: string, body?: Json, how: Ask = {}): Request {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return new Request(`https://hub${path}`, {
    method,
    headers: {
      ...(body !== undefined && { "content-type": how.type ?? "application/json" }),
      ...(how.accept !== undefined && { accept: how.accept }),
      "user-agent": "tester/1.0 (test)",
      ...how.headers,
    },
    ...(body !== undefined && { body: text }),
  });
}

export const mergePatchType = "application/merge-patch+json";
export const jsonPatchType = "application/json-patch+json";
export const strategicType = "application/strategic-merge-patch+json";
export const applyType = "application/apply-patch+yaml";

export const configMaps = "/api/v1/namespaces/shop/configmaps";
export const widgets = "/apis/example.com/v1/namespaces/shop/widgets";
export const deployments = "/apis/apps/v1/namespaces/shop/deployments";

/** A ConfigMap as a client sends it. */
export function configMap(name: string, data: JsonObject = {}): JsonObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data };
}

export function widgetOf(name: string, spec: JsonObject): JsonObject {
  return { apiVersion: "example.com/v1", kind: "Widget", metadata: { name }, spec };
}

/** A Deployment of one container. */
export function deploymentOf(name: string, image: string, replicas = 2): JsonObject {
  const labels = { app: name };
  const container = { name: "main", image, env: [{ name: "A", value: "1" }] };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, labels },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [container] } },
    },
  };
}
