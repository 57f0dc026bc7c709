/** Placements and services across clusters that mean nothing, or what is not supported. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { conditionsOf, type Seen } from "../../infra/local/tour/kube.ts";
import { eventually } from "./eventually.ts";
import { endLaptops, type Laptop, startLaptop } from "./laptop.ts";
import { membersOf, sampleFleet } from "./members.ts";
import { type Face, hubFace, messageOf, quietState, statusLine } from "./refusals.ts";

let laptop: Laptop;
let hub: Face;
beforeAll(async () => {
  laptop = await startLaptop();
  hub = await hubFace(laptop);
  const made = await hub.ask("POST api/v1/namespaces", { body: { metadata: { name: "shop" } } });
  expect(made.status).toBe(201);
}, 60_000);
afterAll(endLaptops);

const placements = "apis/placement.kubernetes-fleet.io/v1/clusterresourceplacements";
const oldPlacements = "apis/fleet.azure.com/v1alpha1/clusterresourceplacements";
const traffic = "apis/networking.fleet.azure.com/v1alpha1/namespaces/shop";

const shop = { group: "", version: "v1", kind: "Namespace", name: "shop" };
const selecting = (...resourceSelectors: unknown[]) => ({ resourceSelectors });
const policy = (of: unknown) => ({ ...selecting(shop), policy: of });
const three = { placementType: "PickN", numberOfClusters: 3 };
const affinity = (clusterAffinity: object) => ({ affinity: { clusterAffinity } });
const requiring = (...clusterSelectorTerms: unknown[]) =>
  affinity({ requiredDuringSchedulingIgnoredDuringExecution: { clusterSelectorTerms } });
const preferring = (weight: number) =>
  affinity({ preferredDuringSchedulingIgnoredDuringExecution: [{ weight, preference: {} }] });
const many = (count: number) => Array.from({ length: count }, (_each, at) => `aks-${at}`);
const near = { matchExpressions: [{ key: "a", operator: "Near" }] };

const inPlacement = {
  apiVersion: "placement.kubernetes-fleet.io/v1",
  kind: "ClusterResourcePlacement",
};
const inOldPlacement = { ...inPlacement, apiVersion: "fleet.azure.com/v1alpha1" };
const inService = {
  apiVersion: "networking.fleet.azure.com/v1alpha1",
  kind: "MultiClusterService",
};

const required =
  "spec.policy.affinity.clusterAffinity.requiredDuringSchedulingIgnoredDuringExecution";
const preferred =
  "spec.policy.affinity.clusterAffinity.preferredDuringSchedulingIgnoredDuringExecution";

test.each<[name: string, spec: unknown, field: string]>([
  ["without a spec", undefined, "spec"],
  ["whose spec is a text", "shop", "spec"],
  ["without selectors", {}, "spec.resourceSelectors"],
  ["with no selector", selecting(), "spec.resourceSelectors"],
  ["whose selectors are no list", { resourceSelectors: shop }, "spec.resourceSelectors"],
  [
    "with more than 100 selectors",
    selecting(...many(101).map((name) => ({ ...shop, name }))),
    "spec.resourceSelectors",
  ],
  [
    "of no kind",
    selecting({ group: "", version: "v1", name: "shop" }),
    "spec.resourceSelectors[0].kind",
  ],
  ["of an empty kind", selecting({ ...shop, kind: "" }), "spec.resourceSelectors[0].kind"],
  [
    "of an object in a namespace",
    selecting(shop, { group: "apps", version: "v1", kind: "Deployment", name: "web" }),
    "spec.resourceSelectors[1].kind",
  ],
  [
    "that selects by name and by label",
    selecting({ ...shop, labelSelector: { matchLabels: { app: "web" } } }),
    "spec.resourceSelectors[0]",
  ],
  ["whose name is a number", selecting({ ...shop, name: 1 }), "spec.resourceSelectors[0].name"],
  [
    "with an unknown operator",
    selecting({ ...shop, name: undefined, labelSelector: near }),
    "spec.resourceSelectors[0].labelSelector.matchExpressions[0].operator",
  ],
  ["whose policy is a text", policy("PickN"), "spec.policy"],
  ["of an unknown type", policy({ placementType: "PickSome" }), "spec.policy.placementType"],
  ["whose type is a number", policy({ placementType: 3 }), "spec.policy.placementType"],
  ["of all and of three", policy({ numberOfClusters: 3 }), "spec.policy.numberOfClusters"],
  ["of less than none", policy({ ...three, numberOfClusters: -1 }), "spec.policy.numberOfClusters"],
  [
    "of one and a half",
    policy({ ...three, numberOfClusters: 1.5 }),
    "spec.policy.numberOfClusters",
  ],
  ['of "3"', policy({ ...three, numberOfClusters: "3" }), "spec.policy.numberOfClusters"],
  // The API server names the field of a number that does not fit its format in the message alone.
  ["of a trillion", policy({ ...three, numberOfClusters: 1e12 }), "<nil>"],
  ["of some, but not how many", policy({ placementType: "PickN" }), "spec.policy.numberOfClusters"],
  ["of three, by name", policy({ ...three, clusterNames: ["aks-1"] }), "spec.policy.clusterNames"],
  [
    "of more than 100 by name",
    policy({ placementType: "PickFixed", clusterNames: many(101) }),
    "spec.policy.clusterNames",
  ],
  [
    "of one cluster twice",
    policy({ placementType: "PickFixed", clusterNames: ["aks-1", "aks-1"] }),
    "spec.policy.clusterNames[1]",
  ],
  [
    "of a name that no cluster has",
    policy({ placementType: "PickFixed", clusterNames: ["AKS 1"] }),
    "spec.policy.clusterNames[0]",
  ],
  [
    "of named clusters that must match",
    policy({ placementType: "PickFixed", clusterNames: ["aks-1"], ...requiring({}) }),
    "spec.policy.affinity",
  ],
  [
    "that requires what cannot be said",
    policy(requiring({ labelSelector: near })),
    `${required}.clusterSelectorTerms[0].labelSelector.matchExpressions[0].operator`,
  ],
  ["of all, some preferred", policy(preferring(1)), preferred],
  ["of a preference over 100", policy({ ...three, ...preferring(101) }), `${preferred}[0].weight`],
  [
    "that tolerates any taint of one value",
    policy({ tolerations: [{ key: "a", operator: "Exists", value: "b" }] }),
    "spec.policy.tolerations[0].value",
  ],
  [
    "with an unknown strategy",
    { ...selecting(shop), strategy: { type: "Recreate" } },
    "spec.strategy.type",
  ],
  [
    "with less than none unavailable",
    { ...selecting(shop), strategy: { rollingUpdate: { maxUnavailable: -1 } } },
    "spec.strategy.rollingUpdate.maxUnavailable",
  ],
  [
    "with half of them unavailable, in words",
    { ...selecting(shop), strategy: { rollingUpdate: { maxUnavailable: "half" } } },
    "spec.strategy.rollingUpdate.maxUnavailable",
  ],
  [
    "that keeps nothing",
    { ...selecting(shop), revisionHistoryLimit: 0 },
    "spec.revisionHistoryLimit",
  ],
])("a placement %s is refused", async (_name, spec, field) => {
  const body = { ...inPlacement, metadata: { name: "web" }, spec };
  const answer = await hub.refuse(`POST ${placements}`, { body });
  expect(statusLine(answer)).toBe(`422 Invalid ${field}`);
  expect(messageOf(answer)).toContain(`${field}: `);
});

test("every field that is wrong is named at once", async () => {
  const spec = {
    resourceSelectors: [],
    policy: { placementType: "PickAny", numberOfClusters: -1 },
  };
  const answer = await hub.refuse(`POST ${placements}`, {
    body: { ...inPlacement, metadata: { name: "Web" }, spec },
  });
  expect(statusLine(answer)).toBe(
    "422 Invalid metadata.name spec.resourceSelectors spec.policy.placementType " +
      "spec.policy.numberOfClusters",
  );
});

test.each<[name: string, spec: unknown, field: string]>([
  ["with no selector", selecting(), "spec.resourceSelectors"],
  ["whose type is a number", policy({ placementType: 3 }), "spec.policy.placementType"],
  ["whose names are a text", policy({ clusterNames: "aks-1" }), "spec.policy.clusterNames"],
  ["of less than none", policy({ numberOfClusters: -1 }), "spec.policy.numberOfClusters"],
])("a placement of the first preview %s is refused", async (_name, spec, field) => {
  const body = { ...inOldPlacement, metadata: { name: "web" }, spec };
  const answer = await hub.refuse(`POST ${oldPlacements}`, { body });
  expect(statusLine(answer)).toBe(`422 Invalid ${field}`);
});

test.each<[name: string, spec: unknown, field: string]>([
  ["without a spec", undefined, "spec"],
  ["without an import", {}, "spec.serviceImport"],
  ["whose import has no name", { serviceImport: {} }, "spec.serviceImport.name"],
  ["of a name in capitals", { serviceImport: { name: "Web" } }, "spec.serviceImport.name"],
  ["of a name with dots", { serviceImport: { name: "../web" } }, "spec.serviceImport.name"],
  ["of a long name", { serviceImport: { name: "a".repeat(64) } }, "spec.serviceImport.name"],
])("a service across clusters %s is refused", async (_name, spec, field) => {
  const body = { ...inService, metadata: { name: "web" }, spec };
  const answer = await hub.refuse(`POST ${traffic}/multiclusterservices`, { body });
  // Where a field is wrong, the API server says that it has not come to the rules of the whole.
  expect(statusLine(answer).replace(/ <nil>$/, "")).toBe(`422 Invalid ${field}`);
});

test("a placement keeps its type and its tolerations", async () => {
  const tolerations = [{ key: "a", operator: "Exists" }];
  const absent = selecting({ ...shop, name: "absent" });
  const spec = { ...absent, policy: { ...three, tolerations } };
  const body = { ...inPlacement, metadata: { name: "kept" }, spec };
  const made = await hub.ask(`POST ${placements}`, { body });
  expect(made.status).toBe(201);
  await quietState(laptop);

  const type = "application/merge-patch+json";
  const all = { spec: { policy: { placementType: "PickAll", numberOfClusters: null } } };
  expect(statusLine(await hub.refuse(`PATCH ${placements}/kept`, { body: all, type }))).toBe(
    "422 Invalid spec.policy.placementType",
  );
  const fewer = { spec: { policy: { tolerations: [] } } };
  expect(statusLine(await hub.refuse(`PATCH ${placements}/kept`, { body: fewer, type }))).toBe(
    "422 Invalid spec.policy.tolerations",
  );
});

test("a placement that selects nothing, or no cluster, is taken, says so and places nothing", async () => {
  await sampleFleet(laptop, 1);
  const unlabelled = { ...shop, name: undefined, labelSelector: { matchLabels: { no: "such" } } };
  const specs = {
    nothing: selecting(unlabelled),
    nowhere: policy({ ...three, ...requiring({ labelSelector: { matchLabels: { no: "such" } } }) }),
    nobody: policy({ placementType: "PickFixed", clusterNames: ["aks-nobody"] }),
    unknown: selecting({ group: "nope.io", version: "v1", kind: "Thing", name: "a" }),
  };
  for (const [name, spec] of Object.entries(specs)) {
    const body = { ...inPlacement, metadata: { name }, spec };
    const made = await hub.ask(`POST ${placements}`, { body });
    expect(made.status).toBe(201);
  }

  const nothing = await settled("nothing", ["True SchedulingPolicyFulfilled"]);
  expect(scheduled(nothing)?.message).toContain("no object of the hub is selected");
  expect(nothing.status?.["selectedResources"]).toEqual([]);
  await settled("nowhere", ["False SchedulingPolicyUnfulfilled"]);
  await settled("nobody", ["False SchedulingPolicyUnfulfilled"]);
  const unknown = await settled("unknown", ["False InvalidResourceSelectors"]);
  expect(scheduled(unknown)?.message).toContain('"Thing.v1.nope.io" is not a kind');
  expect(conditionsOf(unknown)).toEqual({ ClusterResourcePlacementScheduled: "False" });

  const [member] = await membersOf(laptop);
  const there = laptop.member(member?.metadata?.name ?? "");
  const { items } = await there.list<Seen>("v1", "Namespace");
  expect(items.map(({ metadata }) => metadata?.name)).not.toContain("shop");
}, 60_000);

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  readonly observedGeneration: number;
}

const scheduled = (seen: Seen): Condition | undefined =>
  ((seen.status?.["conditions"] ?? []) as Condition[]).find(
    ({ type }) => type === "ClusterResourcePlacementScheduled",
  );

/** Waits until the placement says that it is scheduled so. */
async function settled(name: string, wanted: readonly string[]): Promise<Seen> {
  return await eventually({
    expected: `placement ${name} is scheduled ${wanted.join(" or ")}`,
    look: async () => (await hub.ask(`GET ${placements}/${name}`)).body as Seen,
    missing: (seen) => {
      const { status = "", reason = "" } = scheduled(seen) ?? {};
      return wanted.includes(`${status} ${reason}`) ? undefined : `${status} ${reason}`;
    },
  });
}
