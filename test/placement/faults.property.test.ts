import { expect, test } from "vitest";
import { clusterProfileKind } from "../../shared/fleet/model.ts";
import { keyOf } from "../../shared/lib/document.ts";
import type { Instant } from "../../shared/lib/instant.ts";
import { type PlacementPolicy, placementKind } from "../../shared/placement/model.ts";
import {
  bindingKind,
  type CountName,
  countsKind,
  snapshotCountsName,
} from "../../shared/rollout/model.ts";
import { fleetId } from "../builders.ts";
import { fc } from "../chance.ts";
import { type Fault, fleetInMemory, type InMemory } from "./fleet-in-memory.ts";
import {
  cluster,
  createCluster,
  createObject,
  createPlacement,
  placementBody,
} from "./placement-builders.ts";

const faults: readonly Fault[] = [
  "unreachable",
  "answer-lost",
  "crash-before",
  "crash-after",
  "crash-after-commit",
];

type Step =
  | { readonly kind: "content"; readonly name: string; readonly value: string }
  | { readonly kind: "drop"; readonly name: string }
  | { readonly kind: "policy"; readonly policy: PlacementPolicy }
  | { readonly kind: "join" | "leave"; readonly name: string }
  | { readonly kind: "wait"; readonly seconds: number };

const names = fc.constantFrom("aks-1", "aks-2", "aks-3", "aks-4");
const objects = fc.constantFrom("a", "b", "c");
const policies: fc.Arbitrary<PlacementPolicy> = fc.oneof(
  fc.constant({ placementType: "PickAll" as const }),
  fc.record({ placementType: fc.constant("PickN" as const), numberOfClusters: fc.nat(3) }),
  fc.record({
    placementType: fc.constant("PickFixed" as const),
    clusterNames: fc.uniqueArray(names),
  }),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant("content" as const),
    name: objects,
    value: fc.constantFrom("red", "blue"),
  }),
  fc.record({ kind: fc.constant("drop" as const), name: objects }),
  fc.record({ kind: fc.constant("policy" as const), policy: policies }),
  fc.record({ kind: fc.constantFrom("join" as const, "leave" as const), name: names }),
  fc.record({ kind: fc.constant("wait" as const), seconds: fc.nat(20) }),
);

const placement = keyOf(placementKind, fleetId, "web");

async function take(fleet: InMemory, each: Step): Promise<number> {
  const { store } = fleet.effects;
  switch (each.kind) {
    case "content": {
      const key = keyOf<object>("configmaps", fleetId, each.name, "demo");
      const document = await store.read(key);
      const data = { value: each.value };
      if (document === undefined) {
        await fleet.commit(createObject("configmaps", each.name, { data }, "demo"));
      } else {
        await fleet.commit({ kind: "replace", document, body: { ...document.body, data } });
      }
      return 0;
    }
    case "drop": {
      const document = await store.read(keyOf("configmaps", fleetId, each.name, "demo"));
      if (document !== undefined) await fleet.commit({ kind: "delete", document });
      return 0;
    }
    case "policy": {
      const document = await store.read(placement);
      if (document === undefined) return 0;
      const body = { ...document.body, spec: { ...document.body.spec, policy: each.policy } };
      const generation = document.generation + 1;
      await fleet.commit({ kind: "replace", document, body, generation });
      return 0;
    }
    case "join": {
      const key = keyOf(clusterProfileKind, fleetId, each.name);
      if ((await store.read(key)) === undefined)
        await fleet.commit(createCluster(cluster(each.name)));
      return 0;
    }
    case "leave": {
      const document = await store.read(keyOf(clusterProfileKind, fleetId, each.name));
      if (document !== undefined) {
        await fleet.commit({ kind: "delete", document });
        // Its objects stay; a later member of the name finds them as anybody else's.
        fleet.objects.delete(cluster(each.name).clusterId);
      }
      return 0;
    }
    case "wait":
      return each.seconds;
  }
}

async function expectCountsToBeSums(fleet: InMemory): Promise<void> {
  const { store } = fleet.effects;
  const bindings = (await store.list({ fleet: fleetId, kind: bindingKind })).documents;
  const counts = (await store.list({ fleet: fleetId, kind: countsKind })).documents;
  const bound = bindings.filter(({ body }) => body.spec.state === "Bound");
  for (const { key, body } of counts) {
    const of = (name: CountName) => body.counts[name] ?? 0;
    if (key.name === "web") {
      expect(of("bindings")).toBe(bound.length);
      expect(of("leaving")).toBe(bindings.length - bound.length);
      continue;
    }
    const wanting = bound.filter(
      (each) => snapshotCountsName(each.body.spec.resourceSnapshotName) === key.name,
    );
    const outcomes = wanting.map((each) => each.body.rollout.outcome);
    expect(of("started")).toBe(wanting.length);
    expect(of("available")).toBe(outcomes.filter((each) => each === "available").length);
    expect(of("synchronized")).toBe(outcomes.filter((each) => each !== "pending").length);
    expect(of("held")).toBe(
      bindings
        .flatMap((each) => each.body.rollout.mayHold.map(snapshotCountsName))
        .filter((each) => each === key.name).length,
    );
  }
}

async function wantedClusters(fleet: InMemory): Promise<number> {
  const { store } = fleet.effects;
  const { spec } = (await store.read(placement))?.body ?? placementBody();
  const here = (await store.list({ fleet: fleetId, kind: clusterProfileKind })).documents;
  const { placementType, clusterNames = [], numberOfClusters = 0 } = spec.policy ?? {};
  if (placementType === "PickN") return Math.min(numberOfClusters, here.length);
  if (placementType !== "PickFixed") return here.length;
  return here.filter(({ key }) => clusterNames.includes(key.name)).length;
}

test("whatever is lost or crashes, clusters end up with what is wanted, no more", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 12 }),
      fc.infiniteStream(fc.nat(19)),
      async (steps, dice) => {
        let isFaulty = true;
        const chance = () => (isFaulty ? faults[dice.next().value ?? 19] : undefined);
        const fleet = fleetInMemory({ chance, parallel: 4 });
        await fleet.commit(
          createObject("namespaces", "demo"),
          createCluster(cluster("aks-1")),
          createPlacement("web"),
        );
        let seconds = 0;
        for (const each of steps) {
          seconds += await take(fleet, each);
          await fleet.runUntil(seconds);
          await expectCountsToBeSums(fleet);
        }
        isFaulty = false;
        await fleet.runUntil(seconds + 1_000);
        await expectCountsToBeSums(fleet);

        const { documents } = await fleet.effects.store.list({
          fleet: fleetId,
          kind: "configmaps",
          namespace: "demo",
        });
        const wanted = [
          "/Namespace//demo",
          ...documents.map(({ key }) => `/ConfigMap/demo/${key.name}`),
        ].toSorted();
        const holding = [...fleet.objects.values()].filter(({ size }) => size > 0);
        expect(holding.map((each) => [...each.keys()].toSorted())).toEqual(
          Array.from({ length: await wantedClusters(fleet) }, () => wanted),
        );
        for (const { key, body } of documents) {
          const { data } = body as { data: unknown };
          const manifests = holding.map(
            (each) => each.get(`/ConfigMap/demo/${key.name}`)?.manifest,
          );
          for (const manifest of manifests) expect(manifest).toMatchObject({ data });
        }
        const overdue = await fleet.effects.store.overdue(fleet.effects.clock.now(), 10);
        expect(overdue).toEqual([]);

        await remove(fleet);
        await fleet.runUntil(seconds + 2_000);
        expect([...fleet.objects.values()].filter(({ size }) => size > 0)).toEqual([]);
        expect(await fleet.effects.store.read(placement)).toBeUndefined();
      },
    ),
    { numRuns: 150 },
  );
}, 60_000);

async function remove(fleet: InMemory): Promise<void> {
  const document = await fleet.effects.store.read(placement);
  if (document === undefined) throw new Error("Cannot remove the placement: must be there");
  const deletionTimestamp = "2026-11-21T12:00:00.000Z" as Instant;
  const metadata = { ...document.body.metadata, deletionTimestamp };
  await fleet.commit({ kind: "replace", document, body: { ...document.body, metadata } });
}
