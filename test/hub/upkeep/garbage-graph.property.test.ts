import { expect, test } from "vitest";
import type { Commit, Store } from "../../../shared/effects/store.ts";
import { FleetError } from "../../../shared/lib/fleet-error.ts";
import { fc } from "../../chance.ts";
import { checkGarbageRules, isDeleted, isHeld, nameOf } from "../../kube/upkeep/garbage-rules.ts";
import { type OwnerGraph, ownerGraphs } from "../../kube/upkeep/owner-graphs.ts";
import { type OwnedObjects, ownedObjects } from "./owned-objects.ts";

/** What becomes of each commit of the upkeep, in turn. */
const troubles = fc.infiniteStream(fc.constantFrom("saved", "saved", "saved", "refused", "away"));

test("any graph of owners ends, and leaves no garbage, whatever fails on the way", async () => {
  await fc.assert(
    fc.asyncProperty(ownerGraphs, troubles, async (graph, failing) => {
      const { world, settle } = await troubledWorld(failing);
      const deleted = await grow(graph, world, settle);
      checkGarbageRules(await world.objects());
      const left = await world.left();
      const free = graph.objects.filter(({ name, owners }) => {
        return owners.length === 0 && !deleted.has(name);
      });
      expect(left).toMatchObject(Object.fromEntries(free.map(({ name }) => [name, "lives"])));
      await freeAll(world);
      await settle();
      const objects = await world.objects();
      checkGarbageRules(objects);
      expect(objects.filter(isDeleted).map(nameOf)).toEqual([]);
    }),
    { numRuns: 120 },
  );
});

/** A hub whose store fails while what was asked for is carried on. */
async function troubledWorld(failing: Iterator<string>) {
  let isTroubled = false;
  const world = await ownedObjects((store) => ({
    ...store,
    commit: async (commit) =>
      isTroubled
        ? await troubledCommit(String(failing.next().value), commit, store)
        : await store.commit(commit),
  }));
  const settle = async (): Promise<void> => {
    isTroubled = true;
    await world.hub.settle();
    isTroubled = false;
  };
  return { world, settle };
}

async function troubledCommit(trouble: string, commit: Commit, store: Store) {
  if (trouble === "refused") return { kind: "changed-meanwhile" } as const;
  if (trouble === "away") throw new FleetError("Unavailable", "Cannot commit: the store is away");
  return await store.commit(commit);
}

/** The names of what was deleted, all of which has come to its end. */
async function grow(
  { objects, removed }: OwnerGraph,
  world: OwnedObjects,
  settle: () => Promise<void>,
): Promise<ReadonlySet<string>> {
  for (const { name, isHeld: held } of objects) await world.make(name, [], { isHeld: held });
  for (const { name, owners } of objects) {
    if (owners.length > 0) await world.reown(name, owners);
  }
  const deleted = new Set<string>();
  for (const { name, policy, settles } of removed) {
    if ((await world.left())[name] === undefined) continue;
    await world.remove(name, policy);
    deleted.add(name);
    if (settles) await settle();
  }
  await settle();
  return deleted;
}

/** Also those that are told to go only once others have gone. */
async function freeAll(world: OwnedObjects): Promise<void> {
  for (const object of await world.objects()) {
    if (isHeld(object)) await world.free(nameOf(object));
  }
}
