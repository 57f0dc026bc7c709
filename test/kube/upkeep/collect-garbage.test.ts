import { describe, expect, test } from "vitest";
import { collectGarbage } from "../../../shared/kube/upkeep/collect-garbage.ts";
import { fc } from "../../chance.ts";
import { type GarbageFixture, garbageFixture } from "./garbage-fixture.ts";
import { checkGarbageRules, isDeleted, isHeld, nameOf } from "./garbage-rules.ts";
import { ownerGraphs } from "./owner-graphs.ts";

const ofA = [{ owner: "a", blocks: true }];
const ofB = [{ owner: "b", blocks: true }];

test("processes that look at all at once come to an end, in any graph of owners", async () => {
  await fc.assert(
    fc.asyncProperty(ownerGraphs, fc.integer({ min: 1, max: 3 }), async (graph, processes) => {
      const world = await garbageFixture();
      for (const { name, isHeld: held } of graph.objects)
        await world.make(name, [], { isHeld: held });
      for (const { name, owners } of graph.objects) await world.reown(name, owners);
      for (const { name, policy, settles } of graph.removed) {
        await world.remove(name, policy);
        if (settles) await world.settle(processes);
      }
      await world.settle(processes);
      checkGarbageRules(await world.objects());
      await freeAll(world);
      await world.settle(processes);
      const left = await world.objects();
      checkGarbageRules(left);
      expect(left.filter(isDeleted).map(nameOf)).toEqual([]);
    }),
    { numRuns: 80 },
  );
});

async function freeAll({ objects, free }: GarbageFixture): Promise<void> {
  for (const object of await objects()) {
    if (isHeld(object)) await free(nameOf(object));
  }
}

/** Does something once, right before a commit of those who collect. */
async function meddled(meddle: (world: GarbageFixture) => Promise<void>) {
  let isArmed = false;
  const world: GarbageFixture = await garbageFixture(async () => {
    if (!isArmed) return undefined;
    isArmed = false;
    await meddle(world);
    return undefined;
  });
  const arm = (): void => {
    isArmed = true;
  };
  return { world, arm };
}

describe("while a dependent is about to be deleted", () => {
  test("an owner that it gets keeps it alive", async () => {
    const { world, arm } = await meddled(async ({ reown }) => {
      await reown("b", [...ofA, { owner: "z", blocks: false }]);
    });
    for (const name of ["a", "z"]) await world.make(name);
    await world.make("b", ofA);
    await world.remove("a");
    arm();
    await world.settle();
    expect(await world.names()).toEqual(["b", "z"]);
  });

  test("it may be let be by its owner", async () => {
    const { world, arm } = await meddled(async ({ reown }) => await reown("b", []));
    await world.make("a");
    await world.make("b", ofA);
    await world.remove("a");
    arm();
    await world.settle();
    expect(await world.names()).toEqual(["b"]);
  });

  test("it may go, and another of its name come", async () => {
    const { world, arm } = await meddled(async ({ make, remove }) => {
      await remove("b", "Background");
      await make("b");
    });
    await world.make("a");
    await world.make("b", ofA);
    await world.remove("a");
    arm();
    await world.settle();
    expect(await world.names()).toEqual(["b"]);
  });

  test("others that come go, too", async () => {
    const { world, arm } = await meddled(async ({ make }) => {
      await make("c", ofA);
      await make("d", ofB);
    });
    await world.make("a");
    await world.make("b", ofA);
    await world.remove("a");
    arm();
    await world.settle();
    expect(await world.names()).toEqual([]);
  });
});

test("an owner that changes while it is let go is let go all the same", async () => {
  const { world, arm } = await meddled(async ({ reown }) => {
    await reown("a", [{ owner: "z", blocks: false }]);
  });
  for (const name of ["a", "z"]) await world.make(name);
  await world.remove("a");
  arm();
  const [ended] = await world.ended();
  if (ended === undefined) throw new Error("the owner waits");
  expect(await collectGarbage(world.api, ended)).toBe("done");
  expect(await world.names()).toEqual(["z"]);
});

test("a look that is repeated changes nothing", async () => {
  const world = await garbageFixture();
  await world.make("a");
  await world.make("b", ofA);
  await world.make("c", ofB, { isHeld: true });
  await world.remove("a");
  await world.settle();
  const { store, fleet } = world.api;
  const { revision } = await store.head(fleet);
  const [ended] = (await world.ended()).filter((each) => each.kind === "waiting");
  if (ended === undefined) throw new Error("the owner waits");
  for (let look = 0; look < 3; look++) {
    expect(await collectGarbage(world.api, ended)).toBe("waiting");
  }
  expect((await store.head(fleet)).revision).toBe(revision);
});

describe("what others change all the time waits for a later look", () => {
  test("a dependent", async () => {
    let changes = 0;
    const world: GarbageFixture = await garbageFixture(async ({ writes }) => {
      const isRemoval = writes.some(({ kind }) => kind === "delete");
      if (isRemoval) await world.reown("b", [{ owner: "a", blocks: changes++ % 2 === 0 }]);
      return undefined;
    });
    await world.make("a");
    await world.make("b", [{ owner: "a", blocks: false }]);
    await world.remove("a", "Foreground");
    await expect(world.settle()).rejects.toMatchObject({
      code: "Unavailable",
      message: 'Cannot release dependent "b": others changed it 8 times',
    });
    expect(changes).toBe(8);
  });

  test("an owner", async () => {
    const world = await garbageFixture(async ({ writes }) =>
      writes.some(({ kind }) => kind === "delete") ? { kind: "changed-meanwhile" } : undefined,
    );
    await world.make("a");
    await world.remove("a");
    await expect(world.settle()).rejects.toMatchObject({
      code: "Unavailable",
      message: 'Cannot let owner "a" go: others changed it 8 times',
    });
  });
});
