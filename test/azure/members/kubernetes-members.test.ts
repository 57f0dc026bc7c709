import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { kubernetesMembers } from "../../../shared/azure/kubernetes-members.ts";
import type { Members } from "../../../shared/effects/members.ts";
import { clusterIdOf } from "../../../shared/fleet/model.ts";
import { FleetError } from "../../../shared/lib/fleet-error.ts";
import type { JsonObject } from "../../../shared/lib/kube-object.ts";
import { identifierOf, type Manifest, type WorkSeen } from "../../../shared/rollout/model.ts";
import { clusterArmId } from "../../builders.ts";
import { type MemberApiServer, startMemberApi } from "./member-api.ts";

let api: MemberApiServer;
let count = 0;
let namespace = "";
const tokens: string[] = [];

beforeAll(async () => {
  api = await startMemberApi();
});
afterAll(async () => await api.close());
beforeEach(() => {
  namespace = `demo-${count++}`;
  api.intercept = () => undefined;
  api.requests.length = 0;
  tokens.length = 0;
});

const aks1 = clusterIdOf(clusterArmId("aks-1"));

function membersWith(kubeconfigOf: () => Promise<string>): Members {
  return kubernetesMembers({
    credentials: { kubeconfigOf },
    credential: {
      getToken: async (scopes) => {
        tokens.push(String(scopes));
        return { token: `token-${tokens.length}`, expiresOnTimestamp: 0 };
      },
    },
  });
}

const members = () => membersWith(async () => api.kubeconfig());

const namespaceManifest = (): Manifest => ({
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name: namespace },
});

const configMap = (data: JsonObject = { color: "blue" }): Manifest => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "settings", namespace },
  data,
});

const deployment = (): Manifest => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", namespace },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: "web" } },
    template: {
      metadata: { labels: { app: "web" } },
      spec: { containers: [{ name: "web", image: "nginx:1" }] },
    },
  },
});

const configMapPath = () => `/api/v1/namespaces/${namespace}/configmaps/settings`;
const deploymentPath = () => `/apis/apps/v1/namespaces/${namespace}/deployments/web`;

function told(seen: WorkSeen): readonly string[] {
  if (seen.kind === "unreachable") return [`unreachable: ${seen.reason}`];
  return seen.manifests.map((each) =>
    each.kind === "applied"
      ? `${each.resource.kind} ${each.availability}`
      : `${each.resource.kind} ${each.reason}: ${each.message}`,
  );
}

const apply = async (manifests: readonly Manifest[], name = "web", to = members()) =>
  await to.apply(aks1, { name, manifests, remove: [] });

const remove = async (manifests: readonly Manifest[], name = "web") =>
  await members().apply(aks1, { name, manifests: [], remove: manifests.map(identifierOf) });

const gone = { kind: "seen", manifests: [], remaining: [] };

test("a work is applied in waves, namespaces first, and marked as its placement's", async () => {
  const seen = await apply([deployment(), configMap(), namespaceManifest()]);
  expect(told(seen)).toEqual(["Namespace available", "ConfigMap available", "Deployment not-yet"]);
  const found = await api.ask("GET", configMapPath());
  expect(found).toMatchObject({
    data: { color: "blue" },
    metadata: {
      annotations: { "kubernetes-fleet.io/placement": "web" },
      managedFields: [{ manager: "hubless", operation: "Apply" }],
    },
  });
  const patches = api.requests.filter((each) => each.startsWith("PATCH"));
  expect(patches.map((each) => each.split("?")[0]?.split("/").at(-2))).toEqual([
    "namespaces",
    "configmaps",
    "deployments",
  ]);
});

test("a field that the work gives up is removed, one that others added stays", async () => {
  await apply([namespaceManifest(), configMap({ color: "blue", size: "large" })]);
  await api.ask("PATCH", configMapPath(), { data: { theirs: "yes" } });
  await apply([namespaceManifest(), configMap({ color: "blue" })]);
  expect((await api.ask("GET", configMapPath()))["data"]).toEqual({ color: "blue", theirs: "yes" });
});

test("what somebody changed in the member is put back", async () => {
  await apply([namespaceManifest(), configMap()]);
  await api.ask("PATCH", configMapPath(), { data: { color: "red" } });
  await apply([namespaceManifest(), configMap()]);
  expect((await api.ask("GET", configMapPath()))["data"]).toEqual({ color: "blue" });
});

test("a deployment is available once its controller says so of this generation", async () => {
  await apply([namespaceManifest(), deployment()]);
  const ready = { availableReplicas: 2, updatedReplicas: 2, replicas: 2 };
  const status = { observedGeneration: 1, ...ready };
  await api.ask("PATCH", `${deploymentPath()}/status`, { status });
  expect(told(await apply([deployment()]))).toEqual(["Deployment available"]);
  const waiting = { status: { ...status, availableReplicas: 1 } };
  await api.ask("PATCH", `${deploymentPath()}/status`, waiting);
  const seen = await apply([deployment()]);
  expect(seen).toMatchObject({ manifests: [{ message: "1 of 2 replicas are available" }] });
});

test("objects that were placed are removed, the namespace last", async () => {
  await apply([namespaceManifest(), configMap(), deployment()]);
  api.requests.length = 0;
  const seen = await remove([namespaceManifest(), configMap(), deployment()]);
  const deletes = api.requests.filter((each) => each.startsWith("DELETE"));
  expect(deletes.map((each) => each.split("/").at(-2))).toEqual([
    "deployments",
    "configmaps",
    "namespaces",
  ]);
  expect((await api.ask("GET", configMapPath()))["code"]).toBe(404);
  // A namespace goes when its own controller let it go.
  expect(seen.kind === "seen" && seen.remaining.every(({ kind }) => kind === "Namespace")).toBe(
    true,
  );
});

test("what was there before the placement is taken over, and let go unharmed", async () => {
  await api.ask("POST", "/api/v1/namespaces", namespaceManifest());
  await api.ask("POST", `/api/v1/namespaces/${namespace}/configmaps`, configMap({ color: "red" }));
  expect(told(await apply([namespaceManifest(), configMap()]))).toEqual([
    "Namespace available",
    "ConfigMap available",
  ]);
  // Applied again, it is still known to have been there before.
  await apply([namespaceManifest(), configMap()]);
  expect(await remove([namespaceManifest(), configMap()])).toEqual(gone);
  const found = await api.ask("GET", configMapPath());
  expect(found).toMatchObject({ data: { color: "blue" } });
  expect(JSON.stringify(found["metadata"])).not.toContain('"kubernetes-fleet.io/placement":"');
});

test("what belongs to another placement is neither changed nor removed", async () => {
  await apply([namespaceManifest(), configMap()], "first");
  expect(told(await apply([configMap({ color: "red" })], "second"))).toEqual([
    'ConfigMap FailedToTakeOver: belongs to placement "first"',
  ]);
  expect(await remove([configMap()], "second")).toEqual(gone);
  expect((await api.ask("GET", configMapPath()))["data"]).toEqual({ color: "blue" });
});

test("what a controller in the member owns is not taken over", async () => {
  await apply([namespaceManifest()]);
  const ownerReferences = [{ apiVersion: "v1", kind: "Widget", name: "w", uid: "u" }];
  const owned = { ...configMap(), metadata: { name: "settings", namespace, ownerReferences } };
  await api.ask("POST", `/api/v1/namespaces/${namespace}/configmaps`, owned);
  expect(told(await apply([configMap()]))).toEqual([
    'ConfigMap FailedToTakeOver: is owned by Widget "w"',
  ]);
});

test("a namespace in which somebody else keeps something stays", async () => {
  await apply([namespaceManifest(), configMap()]);
  const theirs = { ...configMap(), metadata: { name: "theirs", namespace } };
  await api.ask("POST", `/api/v1/namespaces/${namespace}/configmaps`, theirs);
  expect(await remove([namespaceManifest(), configMap()])).toEqual(gone);
  expect(await api.ask("GET", `/api/v1/namespaces/${namespace}`)).toMatchObject({
    metadata: { name: namespace },
  });
  expect((await api.ask("GET", configMapPath()))["code"]).toBe(404);
});

test("what waits for a finalizer is still there", async () => {
  const held = { ...configMap(), metadata: { name: "settings", namespace, finalizers: ["a.b/c"] } };
  await apply([namespaceManifest(), held]);
  const seen = await remove([configMap()]);
  expect(seen).toMatchObject({ remaining: [{ kind: "ConfigMap", name: "settings" }] });
});

test("an object that was replaced by another of its name meanwhile is not deleted", async () => {
  await apply([namespaceManifest(), configMap()]);
  let isFirst = true;
  api.intercept = async ({ method }) => {
    if (method === "DELETE" && isFirst) {
      isFirst = false;
      await api.ask("DELETE", configMapPath());
      await api.ask("POST", `/api/v1/namespaces/${namespace}/configmaps`, configMap());
    }
    return undefined;
  };
  expect(await remove([configMap()])).toMatchObject({ remaining: [{ name: "settings" }] });
  expect(await remove([configMap()])).toEqual(gone);
  expect((await api.ask("GET", configMapPath()))["data"]).toEqual({ color: "blue" });
});

test("an object that somebody created just before us stays theirs", async () => {
  await apply([namespaceManifest()]);
  let isFirst = true;
  api.intercept = async ({ method, url }) => {
    if (method === "PATCH" && url.includes("settings") && isFirst) {
      isFirst = false;
      await api.ask("POST", `/api/v1/namespaces/${namespace}/configmaps`, configMap());
    }
    return undefined;
  };
  await apply([configMap()]);
  expect(await remove([configMap()])).toEqual(gone);
  expect((await api.ask("GET", configMapPath()))["data"]).toEqual({ color: "blue" });
});

test("what the cluster refuses is told with its own words, and the rest is applied", async () => {
  const unknown = { apiVersion: "example.com/v1", kind: "Widget", metadata: { name: "w" } };
  const lost = { ...configMap(), metadata: { name: "settings", namespace: `${namespace}-x` } };
  const seen = told(await apply([namespaceManifest(), configMap(), lost, unknown]));
  expect(seen).toEqual([
    "Namespace available",
    "ConfigMap available",
    `ConfigMap ManifestApplyFailed: namespaces "${namespace}-x" not found (404)`,
    'Widget ManifestApplyFailed: no matches for kind "Widget" in version "example.com/v1"',
  ]);
});

test.each([
  ["a hang-up", () => "hang-up" as const, /cannot be reached/],
  ["401", () => new Response("{}", { status: 401 }), /does not accept our identity/],
  ["403 of discovery", () => new Response("{}", { status: 403 }), /refuses to say/],
])("%s is a cluster out of reach, of which nothing is said", async (_name, answer, reason) => {
  api.intercept = answer;
  const seen = await apply([namespaceManifest()]);
  expect(seen).toMatchObject({
    kind: "unreachable",
    reason: expect.stringMatching(reason) as unknown,
  });
});

test("a certificate that nobody vouches for is a cluster out of reach", async () => {
  const other = await startMemberApi();
  const ca = { "certificate-authority-data": Buffer.from(other.ca).toString("base64") };
  await other.close();
  const fooled = membersWith(async () => api.kubeconfig(undefined, ca));
  expect(await apply([namespaceManifest()], "web", fooled)).toMatchObject({ kind: "unreachable" });
  expect(api.requests).toEqual([]);
});

test("an answer that is lost after the work was done is repaired by asking again", async () => {
  let isFirst = true;
  api.intercept = async (request) => {
    if (request.method !== "PATCH" || !isFirst) return undefined;
    isFirst = false;
    await api.ask("POST", "/api/v1/namespaces", namespaceManifest());
    return "hang-up";
  };
  expect(await apply([namespaceManifest(), configMap()])).toMatchObject({ kind: "unreachable" });
  expect(told(await apply([namespaceManifest(), configMap()]))).toEqual([
    "Namespace available",
    "ConfigMap available",
  ]);
});

test("the kubeconfig is asked for once, and connections are kept", async () => {
  let asked = 0;
  const careful = membersWith(async () => {
    asked++;
    return api.kubeconfig();
  });
  for (let index = 0; index < 5; index++) await apply([namespaceManifest()], "web", careful);
  expect(asked).toBe(1);
  const discoveries = api.requests.filter((each) => each === "GET /api/v1");
  expect(discoveries).toHaveLength(1);
});

test.each([
  ["exec", { exec: { command: "kubelogin", args: ["get-token", "--server-id", "app-1"] } }],
  ["azure", { "auth-provider": { name: "azure", config: { "apiserver-id": "app-1" } } }],
])("a kubeconfig of the form %s is met with an Entra token for its server", async (_name, user) => {
  let sent: string | null = null;
  api.intercept = (request) => {
    sent = request.headers.get("authorization");
    return undefined;
  };
  const entra = membersWith(async () => api.kubeconfig(user));
  expect(told(await apply([namespaceManifest()], "web", entra))).toEqual(["Namespace available"]);
  expect(tokens[0]).toBe("app-1/.default");
  expect(sent).toMatch(/^Bearer token-\d+$/);
});

test("ARM without a kubeconfig is a cluster out of reach, a busy ARM is asked later", async () => {
  const none = membersWith(async () => {
    throw new FleetError("Unavailable", "Cannot ask ARM: no such cluster");
  });
  expect(await apply([], "web", none)).toEqual({
    kind: "unreachable",
    reason: "Cannot ask ARM: no such cluster",
  });
  const busy = membersWith(async () => {
    throw new FleetError("TooManyRequests", "Cannot ask ARM", { retryAfterSeconds: 9 });
  });
  await expect(apply([], "web", busy)).rejects.toMatchObject({ retryAfterSeconds: 9 });
});

test("health is what /readyz says, with the version", async () => {
  const healthy = { kind: "healthy", kubernetesVersion: "1.34.1" };
  expect(await members().health(aks1)).toEqual(healthy);
  api.intercept = ({ url }) =>
    url.endsWith("/readyz") ? new Response("", { status: 500 }) : undefined;
  expect(await members().health(aks1)).toEqual({
    kind: "unhealthy",
    reason: "the API server is not ready (500)",
  });
  api.intercept = () => "hang-up";
  expect(await members().health(aks1)).toMatchObject({ kind: "unreachable" });
});
