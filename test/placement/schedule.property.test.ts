import { expect, test } from "vitest";
import type { ClusterProfile } from "../../shared/fleet/model.ts";
import type { PlacementPolicy } from "../../shared/placement/model.ts";
import { profile } from "../../shared/placement/profile.ts";
import { type Chosen, type Schedule, schedule } from "../../shared/placement/schedule.ts";
import { bind } from "../../shared/rollout/binding-change.ts";
import type { Binding } from "../../shared/rollout/model.ts";
import { noon } from "../builders.ts";
import { fc } from "../chance.ts";
import { cluster } from "./placement-builders.ts";

const names = ["a", "b", "c", "d", "e", "f", "g", "h"];

const clusters = fc
  .uniqueArray(
    fc.record({
      name: fc.constantFrom(...names),
      region: fc.constantFrom("eu", "us"),
      tier: fc.constantFrom("gold", "tin"),
      isWell: fc.boolean(),
      isTainted: fc.boolean(),
    }),
    { selector: ({ name }) => name },
  )
  .map((all) =>
    all.map(({ name, region, tier, isWell, isTainted }) =>
      cluster(name, {
        labels: { region, tier },
        taints: isTainted ? [{ key: "gpu", effect: "NoSchedule" }] : [],
        ...(!isWell && { ineligible: "cluster is not connected to the fleet" }),
      }),
    ),
  );

const affinity = fc.record({
  clusterAffinity: fc.record({
    requiredDuringSchedulingIgnoredDuringExecution: fc.record({
      clusterSelectorTerms: fc.array(
        fc.constantFrom({ labelSelector: { matchLabels: { region: "eu" } } }, {}),
        { maxLength: 2 },
      ),
    }),
    preferredDuringSchedulingIgnoredDuringExecution: fc.array(
      fc.record({
        weight: fc.integer({ min: -100, max: 100 }),
        preference: fc.constant({ labelSelector: { matchLabels: { tier: "gold" } } }),
      }),
      { maxLength: 2 },
    ),
  }),
});

const policy: fc.Arbitrary<PlacementPolicy> = fc.oneof(
  fc.record({ placementType: fc.constant("PickAll" as const), affinity }),
  fc.record({
    placementType: fc.constant("PickN" as const),
    numberOfClusters: fc.nat(6),
    affinity,
  }),
  fc.record({
    placementType: fc.constant("PickFixed" as const),
    clusterNames: fc.uniqueArray(fc.constantFrom(...names, "nobody")),
  }),
);

const toBinding = ({ cluster: one, decision }: Chosen): Binding =>
  bind({
    placement: "web",
    cluster: one,
    decision,
    snapshot: "web-1",
    settleSeconds: 60,
    now: noon,
  });

function choose(
  toChoose: PlacementPolicy,
  all: readonly ClusterProfile[],
  bindings: readonly Binding[] = [],
  policyChanged = true,
): Schedule {
  return schedule({ policy: toChoose, clusters: all, bindings, policyChanged }, profile);
}

/** The bindings after the first `steps` changes of a choice, in the order of changes. */
function carryOut(chosen: Schedule, bindings: readonly Binding[], steps = Infinity): Binding[] {
  const gone = [...chosen.forget, ...chosen.remove].slice(0, steps);
  const added = chosen.add.slice(0, Math.max(0, steps - gone.length)).map(toBinding);
  const taken = new Set(added.map(({ spec }) => spec.targetCluster));
  return [
    ...bindings.filter((each) => !gone.includes(each) && !taken.has(each.spec.targetCluster)),
    ...added,
  ];
}

const chosenNames = (bindings: readonly Binding[]): string[] =>
  bindings.map(({ spec }) => spec.targetCluster as string).toSorted();

test("S1: a choice depends on no order", () => {
  fc.assert(
    fc.property(policy, clusters, fc.nat(), (toChoose, all, seed) => {
      const rotated = [...all.slice(seed % 8), ...all.slice(0, seed % 8)].reverse();
      expect(choose(toChoose, rotated)).toEqual(choose(toChoose, all));
    }),
  );
});

test("S2: who was chosen stays while it is in the fleet, whatever filters say later", () => {
  fc.assert(
    fc.property(policy, clusters, clusters, (toChoose, all, later) => {
      const bound = carryOut(choose(toChoose, all), []);
      const next = choose(toChoose, later, bound, false);
      const here = new Set(later.map(({ member }) => member));
      const removed = next.remove.filter(({ spec }) => here.has(spec.targetCluster));
      expect(removed).toEqual([]);
      expect(next.forget.every(({ spec }) => !here.has(spec.targetCluster))).toBe(true);
    }),
  );
});

test("S3: PickN chooses as many as asked for, or all that fit", () => {
  fc.assert(
    fc.property(fc.nat(8), clusters, affinity, (numberOfClusters, all, wanted) => {
      const picky: PlacementPolicy = { placementType: "PickN", numberOfClusters, affinity: wanted };
      const fits = choose({ placementType: "PickAll", affinity: wanted }, all).add.length;
      const { add, isFulfilled } = choose(picky, all);
      expect(add.length).toBe(Math.min(numberOfClusters, fits));
      expect(isFulfilled).toBe(fits >= numberOfClusters);
    }),
  );
});

test("S4: PickN that grows and shrinks again comes back to where it was", () => {
  fc.assert(
    fc.property(fc.nat(6), fc.nat(6), clusters, affinity, (few, more, all, wanted) => {
      const of = (numberOfClusters: number): PlacementPolicy => ({
        placementType: "PickN",
        numberOfClusters,
        affinity: wanted,
      });
      const first = carryOut(choose(of(few), all), []);
      const grown = carryOut(choose(of(few + more), all, first, false), first);
      const back = carryOut(choose(of(few), all, grown, false), grown);
      expect(chosenNames(back)).toEqual(chosenNames(first));
    }),
  );
});

test("S5: a choice that was carried out in part is completed, not made again", () => {
  fc.assert(
    fc.property(policy, policy, clusters, fc.nat(9), (before, toChoose, all, steps) => {
      const bound = carryOut(choose(before, all), []);
      const whole = carryOut(choose(toChoose, all, bound), bound);
      const part = carryOut(choose(toChoose, all, bound), bound, steps);
      const rest = carryOut(choose(toChoose, all, part), part);
      expect(chosenNames(rest)).toEqual(chosenNames(whole));
      const settled = choose(toChoose, all, rest, false);
      expect([settled.add, settled.remove, settled.forget]).toEqual([[], [], []]);
    }),
  );
});
