import { expect, test } from "vitest";
import { fc } from "../../chance.ts";
import { hold } from "../../kube/upkeep/garbage-rules.ts";
import { anyPolicy } from "../../kube/upkeep/owner-graphs.ts";
import { type Forest, forestModel, type Planted } from "./forest-model.ts";
import { type OwnedObjects, ownedObjects } from "./owned-objects.ts";

const size = 10;
const indexes = Array.from({ length: size }, (_, index) => index);
const nameAt = (index: number): string => `o-${index}`;

/** The owner of each is one before it, or nobody. */
const forests = fc
  .array(fc.record({ up: fc.nat(3), blocks: fc.boolean(), isHeld: fc.boolean() }), {
    minLength: 1,
    maxLength: size,
  })
  .map((trees) =>
    trees.map(
      ({ up, ...tree }, index): Planted => ({
        ...tree,
        name: nameAt(index),
        owner: up > 0 && up <= index ? nameAt(index - up) : undefined,
      }),
    ),
  );

const removals = fc.array(fc.record({ name: fc.nat(size - 1).map(nameAt), policy: anyPolicy }), {
  minLength: 1,
  maxLength: 4,
});

/** All that is held is freed, in some order. */
const orders = fc.shuffledSubarray(indexes, { minLength: size }).map((order) => order.map(nameAt));

test("a forest ends step by step as Kubernetes' rules say", async () => {
  await fc.assert(
    fc.asyncProperty(forests, removals, orders, async (planted, removed, freed) => {
      const world = await ownedObjects();
      const model = forestModel(planted);
      await plant(planted, world);
      for (const { name, policy } of removed) {
        // It may have gone, or be going, with one that was deleted before it.
        if (model.left()[name] !== "lives") continue;
        await world.remove(name, policy);
        model.remove(name, policy);
        await settled(world, model);
      }
      for (const name of freed) {
        if (model.left()[name]?.includes(hold) !== true) continue;
        await world.free(name);
        model.free(name);
        await settled(world, model);
      }
    }),
    { numRuns: 60 },
  );
});

async function plant(planted: readonly Planted[], world: OwnedObjects): Promise<void> {
  for (const { name, owner, blocks, isHeld } of planted) {
    await world.make(name, owner === undefined ? [] : [{ owner, blocks }], { isHeld });
  }
}

async function settled(world: OwnedObjects, model: Forest): Promise<void> {
  await world.hub.settle();
  expect(await world.left()).toEqual(model.left());
}
