import { expect, test } from "vitest";
import { snapshot } from "../../../shared/hub/kinds/snapshot.ts";
import { keyOf } from "../../../shared/lib/document.ts";
import type { JsonObject } from "../../../shared/lib/kube-object.ts";
import { type Placement, placementKind } from "../../../shared/placement/model.ts";
import { bind, bindingWrites } from "../../../shared/rollout/binding-change.ts";
import { bindingKey, countsKey, snapshotCountsKey } from "../../../shared/rollout/model.ts";
import { fleetId, noon } from "../../builders.ts";
import { cluster } from "../../placement/placement-builders.ts";
import {
  demo,
  eu,
  hub,
  placementObject,
  requiredTerms,
  v1,
  v1alpha1,
  v1beta1,
} from "./placement-hub.ts";

test("a placement gets KubeFleet's defaults, and is found by what it selects", async () => {
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

test("a placement tells of each of its clusters, and of those that it lacks", async () => {
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
