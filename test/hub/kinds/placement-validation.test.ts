import { expect, test } from "vitest";
import { placementKind } from "../../../shared/placement/model.ts";
import { fleetId } from "../../builders.ts";
import { demo, eu, hub, placementObject, requiredTerms, v1 } from "./placement-hub.ts";

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
