/** What is read of a member's OpenAPI, also of one that does not play fair. */
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { kubernetesMembers } from "../../../shared/azure/kubernetes-members.ts";
import type { OpenApiSeen } from "../../../shared/effects/members.ts";
import { clusterIdOf } from "../../../shared/fleet/model.ts";
import { FleetError } from "../../../shared/lib/fleet-error.ts";
import type { JsonObject } from "../../../shared/lib/kube-object.ts";
import { clusterArmId } from "../../builders.ts";
import type { KubeFixture } from "../../kube/kube-fixture.ts";
import { learntFixture } from "../../kube/openapi/learnt-kinds.ts";
import { type Intercept, type MemberApiServer, startMemberApi } from "./member-api.ts";

let api: MemberApiServer;
let cluster: KubeFixture;

beforeAll(async () => {
  api = await startMemberApi();
  cluster = await learntFixture();
});
afterAll(async () => await api.close());
beforeEach(() => {
  api.requests.length = 0;
  api.intercept = async (request) => await cluster.send(request);
});

const groupVersions = ["api/v1", "apis/apps/v1", "apis/none.example.com/v1"];

async function see(known: Readonly<Record<string, string>> = {}): Promise<OpenApiSeen> {
  const members = kubernetesMembers({
    credentials: {
      kubeconfigOf: async () => api.kubeconfig(),
    },
    credential: { getToken: async () => null },
  });
  return await members.openApi(clusterIdOf(clusterArmId("aks-1")), { groupVersions, known });
}

/** Answers paths that match otherwise. */
const instead =
  (path: RegExp, answer: Intercept): Intercept =>
  async (request) => {
    const { pathname } = new URL(request.url);
    return path.test(pathname) ? await answer(request) : await cluster.send(request);
  };

const json = (body: JsonObject, status = 200) => new Response(JSON.stringify(body), { status });
const index = /^\/openapi\/v3$/;
const apps = /^\/openapi\/v3\/apis\/apps\/v1$/;

/** The group versions of which schemas came. */
const changedOf = (seen: OpenApiSeen): readonly string[] =>
  seen.kind === "seen" ? seen.changed.map(({ groupVersion }) => groupVersion) : [seen.kind];

test("the schemas of group versions are read, and of others nothing", async () => {
  const seen = await see();
  expect(changedOf(seen)).toEqual(["api/v1", "apis/apps/v1"]);
  const [core, workloads] = seen.kind === "seen" ? seen.changed : [];
  expect(core?.schemas).toHaveProperty(["io.k8s.api.core.v1.PodSpec"]);
  expect(workloads?.schemas).toHaveProperty(["io.k8s.api.apps.v1.Deployment"]);
  expect(workloads?.hash).toMatch(/^[0-9A-F]{128}$/);
  expect(api.requests).toHaveLength(3);
});

test("what is known by its hash is not read again", async () => {
  const first = await see();
  const hashes = first.kind === "seen" ? first.hashes : {};
  api.requests.length = 0;
  const again = await see(hashes);
  expect(again).toEqual({ kind: "seen", hashes, changed: [] });
  expect(api.requests).toEqual(["GET /openapi/v3"]);
  const other = await see({ ...hashes, "apis/apps/v1": "0" });
  expect(changedOf(other)).toEqual(["apis/apps/v1"]);
});

test("a cluster without OpenAPI v3 has none", async () => {
  api.intercept = instead(index, () => json({ kind: "Status", code: 404 }, 404));
  expect(await see()).toEqual({ kind: "absent" });
});

test.each<[name: string, answer: Intercept, reason: RegExp]>([
  ["refuses", () => json({ message: "forbidden" }, 403), /does not tell its OpenAPI \(403\): forb/],
  ["is busy", () => json({ message: "too many requests" }, 429), /\(429\): too many requests/],
  ["fails", () => new Response("etcdserver: request timed out", { status: 500 }), /\(500\)/],
  ["answers no JSON", () => new Response("<html>"), /\(200\): its index cannot be read/],
  ["answers another thing", () => json({ paths: [] }), /its index cannot be read/],
  ["hangs up", () => "hang-up", /cannot be reached/],
  ["does not know us", () => json({}, 401), /does not accept our identity/],
])("a cluster that %s is out of reach", async (_name, answer, reason) => {
  api.intercept = instead(index, answer);
  const seen = await see();
  expect(seen.kind === "unreachable" ? seen.reason : seen.kind).toMatch(reason);
});

test("ARM that gives no kubeconfig because it is busy is asked again by the engine", async () => {
  const members = kubernetesMembers({
    credentials: {
      kubeconfigOf: async () => {
        throw new FleetError("TooManyRequests", "busy");
      },
    },
    credential: { getToken: async () => null },
  });
  const asked = { groupVersions, known: {} };
  await expect(members.openApi(clusterIdOf(clusterArmId("aks-1")), asked)).rejects.toThrow("busy");
});

test.each<[name: string, answer: Intercept]>([
  ["is gone meanwhile", () => json({}, 404)],
  ["was replaced meanwhile", () => Response.redirect("https://example.com/openapi", 301)],
  ["is no JSON", () => new Response("{ cut")],
  ["has no schemas", () => json({ components: { schemas: 1 } })],
  ["ends early", (request) => cut(request)],
  ["is too large", () => new Response(`{"a":"${"x".repeat(17 * 1024 * 1024)}"}`)],
])("a document that %s is left out, and others are not", async (_name, answer) => {
  api.intercept = instead(apps, answer);
  const seen = await see();
  expect(changedOf(seen)).toEqual(["api/v1"]);
  expect(Object.keys(seen.kind === "seen" ? seen.hashes : {})).toContain("apis/apps/v1");
});

/** The connection breaks in the middle of the answer. */
function cut(_request: Request): Response {
  const bytes = new TextEncoder().encode('{"components":');
  return new Response(
    new ReadableStream({
      start: (controller) => controller.enqueue(bytes),
      pull: (controller) => controller.error(new Error("cut")),
    }),
  );
}

test("URLs of an index are not followed, odd hashes are none", async () => {
  const entry = (serverRelativeURL: string): JsonObject => ({ serverRelativeURL });
  api.intercept = instead(index, () =>
    json({
      paths: {
        "api/v1": entry("/api/v1/namespaces/kube-system/secrets?hash=ABC"),
        "apis/apps/v1": entry("https://example.com/?hash=%2e%2e%2f"),
        __proto__: entry("/openapi/v3/x?hash=1"),
      },
    }),
  );
  const seen = await see();
  expect(seen).toMatchObject({ kind: "seen", hashes: { "api/v1": "ABC" } });
  expect(api.requests.slice(1)).toEqual(["GET /openapi/v3/api/v1?hash=ABC"]);
});
