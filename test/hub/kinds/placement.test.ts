import { expect, test } from "vitest";
import { memoryStore } from "../../../infra/local/memory-store/memory-store.ts";
import { binding } from "../../../shared/hub/kinds/binding.ts";
import { oldPlacement, placement } from "../../../shared/hub/kinds/placement.ts";
import { snapshot } from "../../../shared/hub/kinds/snapshot.ts";
import { kindsOf } from "../../../shared/kube/kinds.ts";
import { serveKube } from "../../../shared/kube/serve-kube.ts";
import { watchSource } from "../../../shared/kube/watch/watch-source.ts";
import { keyOf } from "../../../shared/lib/document.ts";
import type { JsonObject } from "../../../shared/lib/kube-object.ts";
import { type Placement, placementKind } from "../../../shared/placement/model.ts";
import { bind, bindingWrites } from "../../../shared/rollout/binding-change.ts";
import { bindingKey, countsKey, snapshotCountsKey } from "../../../shared/rollout/model.ts";
import { fleetId, noon } from "../../builders.ts";
import { cluster } from "../../placement/placement-builders.ts";

const clock = { now: () => noon };

function hub() {
  let uid = 0;
  const ids = () => `uid-${uid++}`;
  const store = memoryStore({ clock, ids });
  const kinds = kindsOf([placement, oldPlacement, binding, snapshot]);
  const watch = watchSource(store);
  const api = { store, fleet: fleetId, kinds, basePath: "", clock, ids, watch };
  async function ask(method: string, path: string, body?: object, accept = "application/json") {
    const contentType = method === "PATCH" ? "application/merge-patch+json" : "application/json";
    const request = new Request(`https://hub${path}`, {
      method,
      headers: { "content-type": contentType, accept },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const response = await serveKube(request, { ...api, serverVersion: "1.34.0" });
    return (await response.json()) as JsonObject;
  }
  return { store, ask };
}

const v1 = "/apis/placement.kubernetes-fleet.io/v1/clusterresourceplacements";
const v1beta1 = "/apis/placement.kubernetes-fleet.io/v1beta1/clusterresourceplacements";
const v1alpha1 = "/apis/fleet.azure.com/v1alpha1/clusterresourceplacements";

const demo = { group: "", version: "v1", kind: "Namespace", name: "demo" };

const placementObject = (policy: object, more: object = {}) => ({
  apiVersion: "placement.kubernetes-fleet.io/v1",
  kind: "ClusterResourcePlacement",
  metadata: { name: "web" },
  spec: { resourceSelectors: [demo], policy, ...more },
});

const eu = { labelSelector: { matchLabels: { region: "eu" } } };
const requiredTerms = (...clusterSelectorTerms: object[]) => ({
  clusterAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { clusterSelectorTerms } },
});

test("a placement gets KubeFleet's defaults and a finalizer, and is found by what it selects", async () => {
  const { ask, store } = hub();
  const { spec, metadata } = await ask("POST", v1, {
    ...placementObject({}),
    spec: { resourceSelectors: [demo] },
  });
  expect(spec).toEqual({
    resourceSelectors: [{ ...demo, selectionScope: "NamespaceWithResources" }],
    policy: { placementType: "PickAll" },
    revisionHistoryLimit: 10,
    statusReportingScope: "ClusterScopeOnly",
    strategy: {
      type: "RollingUpdate",
      rollingUpdate: { maxUnavailable: "25%", maxSurge: "25%", unavailablePeriodSeconds: 60 },
    },
  });
  expect(metadata).toMatchObject({ finalizers: ["kubernetes-fleet.io/crp-cleanup"] });
  expect(await store.referring("selects:namespaces/demo")).toHaveLength(1);
});

test("all versions show one placement", async () => {
  const { ask } = hub();
  await ask("POST", v1, placementObject({ affinity: requiredTerms(eu) }));
  const beta = await ask("GET", `${v1beta1}/web`);
  const alpha = await ask("GET", `${v1alpha1}/web`);
  expect(beta["apiVersion"]).toBe("placement.kubernetes-fleet.io/v1beta1");
  expect(alpha).toMatchObject({
    apiVersion: "fleet.azure.com/v1alpha1",
    spec: { policy: { affinity: { clusterAffinity: { clusterSelectorTerms: [eu] } } } },
  });
  expect((alpha["metadata"] as JsonObject)["uid"]).toBe((beta["metadata"] as JsonObject)["uid"]);
});

test.each([
  [{ clusterNames: ["aks-1"] }, { clusterNames: ["aks-1"], placementType: "PickFixed" }],
  [{ numberOfClusters: 2 }, { numberOfClusters: 2, placementType: "PickN" }],
  [{}, { placementType: "PickAll" }],
  [
    { affinity: { clusterAffinity: { clusterSelectorTerms: [eu] } } },
    { affinity: requiredTerms(eu), placementType: "PickAll" },
  ],
])("an old manifest with the policy %j means %j", async (policy, want) => {
  const { ask } = hub();
  const old = { ...placementObject(policy), apiVersion: "fleet.azure.com/v1alpha1" };
  await ask("POST", v1alpha1, old);
  expect(((await ask("GET", `${v1}/web`))["spec"] as JsonObject)["policy"]).toEqual(want);
  const shown = ((await ask("GET", `${v1alpha1}/web`))["spec"] as JsonObject)["policy"];
  expect(shown).toEqual(policy);
});

test("a write through the old version keeps what only the new one can say", async () => {
  const { ask, store } = hub();
  await ask(
    "POST",
    v1,
    placementObject({
      placementType: "PickN",
      numberOfClusters: 1,
      tolerations: [{ key: "gpu", operator: "Exists" }],
    }),
  );
  const key = keyOf(placementKind, fleetId, "web");
  const document = await store.read(key);
  const status = {
    conditions: [
      {
        type: "ClusterResourcePlacementScheduled",
        status: "True",
        reason: "SchedulingPolicyFulfilled",
        message: "",
        lastTransitionTime: noon,
      },
    ],
    selectedResources: [],
  } as const;
  const scheduling = { snapshots: [], nextIndex: 1, waves: 0, unselected: [] };
  const body = { ...(document?.body as Placement), status, scheduling };
  await store.commit({
    fleet: fleetId,
    writes: [{ kind: "replace", document: document as never, body }],
  });
  const old = await ask("GET", `${v1alpha1}/web`);
  expect(old).toMatchObject({ status: { conditions: [{ type: "Scheduled" }] } });
  await ask("PATCH", `${v1alpha1}/web`, { spec: { policy: { numberOfClusters: 2 } } });
  const after = (await store.read(key))?.body;
  expect(after?.spec.policy).toEqual({
    placementType: "PickN",
    numberOfClusters: 2,
    tolerations: [{ key: "gpu", operator: "Exists" }],
  });
  expect(after?.status).toEqual(status);
  expect(after?.scheduling).toEqual(scheduling);
});

const badSelector = {
  labelSelector: { matchExpressions: [{ key: "a", operator: "In" }] },
};

test.each<[string, object, string]>([
  [
    "a name and labels",
    placementObject({}, { resourceSelectors: [{ ...demo, labelSelector: {} }] }),
    "spec.resourceSelectors[0]: Invalid value",
  ],
  [
    "a namespaced kind",
    placementObject(
      {},
      {
        resourceSelectors: [{ group: "apps", version: "v1", kind: "Deployment", name: "web" }],
      },
    ),
    'spec.resourceSelectors[0].kind: Invalid value: "Deployment.v1.apps": must be a cluster-scoped',
  ],
  [
    "no selectors",
    placementObject({}, { resourceSelectors: [] }),
    "spec.resourceSelectors: Invalid value: 0: spec.resourceSelectors in body should have at least",
  ],
  ["a long name", { ...placementObject({}), metadata: { name: "a".repeat(64) } }, "metadata.name"],
  [
    "a number of clusters for all",
    placementObject({ numberOfClusters: 2 }),
    "spec.policy.numberOfClusters: Forbidden: only valid for policy type PickN, not for PickAll",
  ],
  [
    "PickN without a number",
    placementObject({ placementType: "PickN" }),
    "spec.policy.numberOfClusters: Required value",
  ],
  [
    "PickFixed with affinity",
    placementObject({
      placementType: "PickFixed",
      clusterNames: ["a"],
      affinity: requiredTerms(eu),
    }),
    "spec.policy.affinity: Forbidden",
  ],
  [
    "a cluster that is named twice",
    placementObject({ placementType: "PickFixed", clusterNames: ["a", "a"] }),
    'spec.policy.clusterNames[1]: Duplicate value: "a"',
  ],
  [
    "preferences for all clusters",
    placementObject({
      affinity: {
        clusterAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 5, preference: eu }],
        },
      },
    }),
    "preferredDuringSchedulingIgnoredDuringExecution: Forbidden: only valid for policy type PickN",
  ],
  [
    "a selector without values",
    placementObject({ affinity: requiredTerms(badSelector) }),
    "clusterSelectorTerms[0].labelSelector.matchExpressions[0].values: Required value",
  ],
  [
    "a property selector",
    placementObject({
      affinity: requiredTerms({ propertySelector: { matchExpressions: [] } }),
    }),
    "clusterSelectorTerms[0].propertySelector: Forbidden: choosing clusters by their properties",
  ],
  [
    "a toleration that exists and has a value",
    placementObject({ tolerations: [{ key: "a", operator: "Exists", value: "b" }] }),
    'spec.policy.tolerations[0].value: Invalid value: "b": must be empty',
  ],
  [
    "a toleration of nothing",
    placementObject({ tolerations: [{ value: "b" }] }),
    "spec.policy.tolerations[0].operator: Invalid value",
  ],
  [
    "topology spreading",
    placementObject({
      placementType: "PickN",
      numberOfClusters: 1,
      topologySpreadConstraints: [{ topologyKey: "zone" }],
    }),
    "spec.policy.topologySpreadConstraints: Forbidden: spreading by topology is not supported",
  ],
  [
    "a rollout by update runs",
    placementObject({}, { strategy: { type: "External" } }),
    'spec.strategy.type: Forbidden: only "RollingUpdate" is supported',
  ],
  [
    "a take-over that asks first",
    placementObject({}, { strategy: { applyStrategy: { whenToTakeOver: "Never" } } }),
    'spec.strategy.applyStrategy.whenToTakeOver: Forbidden: only "Always" is supported',
  ],
  [
    "a share that is none",
    placementObject({}, { strategy: { rollingUpdate: { maxUnavailable: "many" } } }),
    "spec.strategy.rollingUpdate.maxUnavailable: Invalid value",
  ],
])("a placement with %s is refused, naming the field", async (_name, object, message) => {
  const { ask, store } = hub();
  const refused = await ask("POST", `${v1}?fieldValidation=Strict`, object);
  expect(refused).toMatchObject({ kind: "Status", code: 422, reason: "Invalid" });
  expect(refused["message"]).toContain(message);
  expect((await store.list({ fleet: fleetId, kind: placementKind })).documents).toEqual([]);
});

test("a field that nobody knows is refused under strict validation", async () => {
  const { ask } = hub();
  const object = placementObject({ polcy: 1 });
  const refused = await ask("POST", `${v1}?fieldValidation=Strict`, object);
  expect(refused).toMatchObject({ code: 400 });
  expect(refused["message"]).toContain('unknown field "spec.policy.polcy"');
});

test.each<[string, object, object, string | undefined]>([
  ["its type", {}, { placementType: "PickN", numberOfClusters: 1 }, "placement type is immutable"],
  [
    "a toleration",
    { tolerations: [{ key: "a", operator: "Exists" }] },
    { tolerations: [] },
    "tolerations can be added, but not changed or removed",
  ],
  [
    "one more toleration",
    { tolerations: [{ key: "a", operator: "Exists" }] },
    {
      tolerations: [
        { key: "a", operator: "Exists" },
        { key: "b", operator: "Exists" },
      ],
    },
    undefined,
  ],
])("a placement cannot change %s, unless that is safe", async (_name, before, after, message) => {
  const { ask } = hub();
  await ask("POST", v1, placementObject(before));
  const answer = await ask("PATCH", `${v1}/web`, { spec: { policy: after } });
  if (message === undefined) expect(answer["kind"]).toBe("ClusterResourcePlacement");
  else expect(answer["message"]).toContain(message);
});

async function placedHub() {
  const made = hub();
  await made.ask("POST", v1, placementObject({ placementType: "PickN", numberOfClusters: 2 }));
  const key = keyOf(placementKind, fleetId, "web");
  const document = await made.store.read(key);
  const decision = { clusterName: "aks-1", selected: true, reason: "picked" } as const;
  const after = bind({
    placement: "web",
    cluster: cluster("aks-1"),
    decision,
    snapshot: "web-1",
    settleSeconds: 60,
    now: noon,
  });
  const change = { key: bindingKey(fleetId, "web", "aks-1"), before: undefined, after };
  const body: Placement = {
    ...(document?.body as Placement),
    status: { conditions: [], selectedResources: [] },
    scheduling: {
      snapshots: [{ name: "web-1", index: 7 }],
      nextIndex: 8,
      waves: 0,
      unselected: [{ clusterName: "aks-2", reason: "cluster has left the fleet" }],
    },
  };
  const counts = { placement: "web", counts: {} };
  await made.store.commit({
    fleet: fleetId,
    writes: [
      { kind: "create", key: countsKey(fleetId, "web"), body: counts },
      { kind: "create", key: snapshotCountsKey(fleetId, "web-1"), body: counts },
      { kind: "replace", document: document as never, body },
      ...bindingWrites(fleetId, [change]),
    ],
  });
  return made;
}

test("a placement that is read tells of each of its clusters, and of those that it lacks", async () => {
  const { ask } = await placedHub();
  const { status } = await ask("GET", `${v1}/web`);
  expect((status as JsonObject)["placementStatuses"]).toMatchObject([
    {
      clusterName: "aks-1",
      observedResourceIndex: "7",
      conditions: [
        { type: "Scheduled", status: "True", reason: "Scheduled" },
        { type: "RolloutStarted", status: "True" },
        { type: "Overridden", reason: "NoOverrideSpecified" },
        { type: "WorkSynchronized", status: "Unknown" },
      ],
    },
    {
      conditions: [{ reason: "ScheduleFailed", message: "aks-2: cluster has left the fleet" }],
    },
  ]);
  const old = (await ask("GET", `${v1alpha1}/web`))["status"] as JsonObject;
  expect(old["targetClusters"]).toEqual(["aks-1"]);
});

test("bindings can be read, and not written", async () => {
  const { ask } = await placedHub();
  const path = "/apis/placement.kubernetes-fleet.io/v1/clusterresourcebindings";
  const found = await ask("GET", `${path}/web.aks-1`);
  expect(found).toMatchObject({ spec: { state: "Bound", resourceSnapshotName: "web-1" } });
  expect(found["rollout"]).toBeUndefined();
  expect((await ask("DELETE", `${path}/web.aks-1`))["code"]).toBe(405);
});

test("kubectl get shows KubeFleet's columns", async () => {
  const { ask } = hub();
  await ask("POST", v1, placementObject({}));
  const accept = "application/json;as=Table;v=v1;g=meta.k8s.io";
  const table = await ask("GET", v1, undefined, accept);
  const columns = table["columnDefinitions"] as readonly { name: string; priority: number }[];
  expect(columns.filter(({ priority }) => priority === 0).map(({ name }) => name)).toEqual([
    "Name",
    "Gen",
    "Scheduled",
    "Scheduled-Gen",
    "Available",
    "Available-Gen",
    "Age",
  ]);
});

test("a snapshot shows no values of Secrets", async () => {
  const secret = { apiVersion: "v1", kind: "Secret", data: { password: "c2VjcmV0" } };
  const settings = { apiVersion: "v1", kind: "ConfigMap", data: { color: "blue" } };
  const object = {
    apiVersion: "placement.kubernetes-fleet.io/v1",
    kind: "ClusterResourceSnapshot",
    metadata: {},
    spec: { selectedResources: [secret, settings] },
  };
  const shown = await snapshot.expand?.(object, undefined as never, undefined as never);
  expect(shown?.["spec"]).toEqual({
    selectedResources: [{ ...secret, data: { password: "" } }, settings],
  });
});
