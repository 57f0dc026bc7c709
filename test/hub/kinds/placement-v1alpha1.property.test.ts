import { expect, test } from "vitest";
import { fromOldPlacement, toOldPlacement } from "../../../shared/hub/kinds/placement-v1alpha1.ts";
import type { KubeObject } from "../../../shared/kube/served-kind.ts";
import { fc } from "../../chance.ts";

const term = fc.constantFrom({}, { labelSelector: { matchLabels: { region: "eu" } } });

const affinity = fc.record(
  {
    clusterAffinity: fc.record(
      {
        requiredDuringSchedulingIgnoredDuringExecution: fc.record({
          clusterSelectorTerms: fc.array(term, { maxLength: 2 }),
        }),
        preferredDuringSchedulingIgnoredDuringExecution: fc.array(
          fc.record({ weight: fc.integer({ min: -100, max: 100 }), preference: term }),
          { maxLength: 2 },
        ),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
);

const policy = fc.record(
  {
    placementType: fc.constantFrom("PickAll", "PickN", "PickFixed"),
    clusterNames: fc.array(fc.constantFrom("a", "b"), { maxLength: 2 }),
    numberOfClusters: fc.nat(3),
    affinity,
    tolerations: fc.constant([{ key: "gpu", operator: "Exists" }]),
  },
  { requiredKeys: ["placementType"] },
);

const condition = fc.record({
  type: fc.constantFrom("ClusterResourcePlacementScheduled", "ClusterResourcePlacementApplied"),
  status: fc.constantFrom("True", "False"),
});

test("the stored form of a placement survives the old version, whatever its policy", () => {
  fc.assert(
    fc.property(policy, fc.array(condition, { maxLength: 2 }), (stored, conditions) => {
      const object = {
        apiVersion: "placement.kubernetes-fleet.io/v1",
        kind: "ClusterResourcePlacement",
        metadata: { name: "web" },
        spec: { resourceSelectors: [], policy: stored, revisionHistoryLimit: 10 },
        status: { conditions, selectedResources: [], observedResourceIndex: "1" },
      } as unknown as KubeObject;
      expect(fromOldPlacement(toOldPlacement(object))).toEqual(object);
    }),
  );
});
