import { expect, test } from "vitest";
import type { ClusterProfile } from "../../../shared/fleet/model.ts";
import type { ClusterSelectorTerm, PlacementPolicy } from "../../../shared/placement/model.ts";
import { clusterAffinity } from "../../../shared/placement/plugins/cluster-affinity.ts";
import { clusterEligibility } from "../../../shared/placement/plugins/cluster-eligibility.ts";
import { taintToleration } from "../../../shared/placement/plugins/taint-toleration.ts";
import { cluster } from "../placement-builders.ts";

const gpu = { key: "gpu", value: "a100", effect: "NoSchedule" } as const;
const untolerated = "taint gpu=a100:NoSchedule cannot be tolerated";

test.each<[name: string, PlacementPolicy["tolerations"], want: string | undefined]>([
  ["refuses a taint that nothing tolerates", undefined, untolerated],
  ["accepts an equal toleration", [{ key: "gpu", value: "a100" }], undefined],
  ["refuses another value", [{ key: "gpu", value: "h100" }], untolerated],
  ["refuses a toleration without the value", [{ key: "gpu" }], untolerated],
  ["accepts any value of a key that exists", [{ key: "gpu", operator: "Exists" }], undefined],
  ["refuses another key that exists", [{ key: "arm", operator: "Exists" }], untolerated],
  ["accepts any taint when no key is named", [{ operator: "Exists" }], undefined],
  [
    "accepts the effect by its name",
    [{ key: "gpu", operator: "Exists", effect: "NoSchedule" }],
    undefined,
  ],
])("taint toleration %s", (_name, tolerations, want) => {
  const tainted = cluster("east", { taints: [gpu] });
  const policy = tolerations === undefined ? {} : { tolerations };
  expect(taintToleration.filter?.(policy, tainted)).toBe(want);
  expect(taintToleration.filter?.(policy, cluster("west"))).toBeUndefined();
});

const noTerm = "cluster does not match with any of the required cluster affinity terms";
const east = cluster("east", { labels: { region: "eu", tier: "gold" } });

const required = (...clusterSelectorTerms: readonly ClusterSelectorTerm[]): PlacementPolicy => ({
  affinity: {
    clusterAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { clusterSelectorTerms } },
  },
});

test.each<[name: string, PlacementPolicy, want: string | undefined]>([
  ["takes any cluster without terms", required(), undefined],
  [
    "takes a cluster that matches",
    required({ labelSelector: { matchLabels: { region: "eu" } } }),
    undefined,
  ],
  [
    "refuses a cluster that does not",
    required({ labelSelector: { matchLabels: { region: "us" } } }),
    noTerm,
  ],
  [
    "takes a cluster that matches one of two terms",
    required(
      { labelSelector: { matchLabels: { region: "us" } } },
      { labelSelector: { matchLabels: { tier: "gold" } } },
    ),
    undefined,
  ],
  [
    "wants all labels of a term",
    required({ labelSelector: { matchLabels: { region: "eu", tier: "tin" } } }),
    noTerm,
  ],
  ["takes any cluster for an empty term", required({}), undefined],
  [
    "takes a value that is listed",
    required({
      labelSelector: { matchExpressions: [{ key: "region", operator: "In", values: ["eu"] }] },
    }),
    undefined,
  ],
  [
    "takes a missing label for NotIn",
    required({
      labelSelector: { matchExpressions: [{ key: "zone", operator: "NotIn", values: ["1"] }] },
    }),
    undefined,
  ],
  [
    "refuses a missing label for Exists",
    required({ labelSelector: { matchExpressions: [{ key: "zone", operator: "Exists" }] } }),
    noTerm,
  ],
  [
    "refuses a label that is there for DoesNotExist",
    required({ labelSelector: { matchExpressions: [{ key: "tier", operator: "DoesNotExist" }] } }),
    noTerm,
  ],
])("cluster affinity %s", (_name, policy, want) => {
  expect(clusterAffinity.filter?.(policy, east)).toBe(want);
});

test("cluster affinity adds the weights of the preferred terms that match", () => {
  const prefer = (weight: number, matchLabels: Record<string, string>) => ({
    weight,
    preference: { labelSelector: { matchLabels } },
  });
  const preferredDuringSchedulingIgnoredDuringExecution = [
    prefer(20, { region: "eu" }),
    prefer(-5, { tier: "gold" }),
    prefer(50, { region: "us" }),
  ];
  const policy = {
    affinity: { clusterAffinity: { preferredDuringSchedulingIgnoredDuringExecution } },
  };
  expect(clusterAffinity.score?.(policy, east)).toBe(15);
});

test.each<[string, Partial<ClusterProfile>, string | undefined]>([
  ["takes a member that is well", {}, undefined],
  ["says why a member cannot take work", { ineligible: "cluster has left" }, "cluster has left"],
])("cluster eligibility %s", (_name, more, want) => {
  expect(clusterEligibility.filter?.({}, cluster("east", more))).toBe(want);
});
