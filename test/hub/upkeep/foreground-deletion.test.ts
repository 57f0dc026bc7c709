import { describe, expect, test } from "vitest";
import { garbageKind } from "../../../shared/hub/upkeep/garbage-key.ts";
import { lookAtWhatNoEventTold } from "../../../shared/look-at-what-no-event-told.ts";
import { hold, nameOf } from "../../kube/upkeep/garbage-rules.ts";
import { type OwnedObjects, type OwnerOf, ownedObjects } from "./owned-objects.ts";

const waits = "foregroundDeletion";
const of = (owner: string): OwnerOf => ({ owner, blocks: true });

interface Case {
  readonly says: string;
  /** Their owners, in the order in which they are made; those with "!" are held. */
  readonly objects: Readonly<Record<string, readonly OwnerOf[]>>;
  /** What is given other owners then. */
  readonly reowned?: Readonly<Record<string, readonly OwnerOf[]>>;
  readonly removed?: readonly string[];
  readonly left: Readonly<Record<string, string>>;
  /** Who is there when nobody holds anything any more; nobody when left out. */
  readonly stays?: readonly string[];
}

const cases: readonly Case[] = [
  {
    says: "does not wait for a dependent that says nothing of blocking",
    objects: { a: [], "b!": [{ owner: "a" }] },
    left: { b: hold },
  },
  {
    says: "does not wait for a dependent that says it does not block",
    objects: { a: [], "b!": [{ owner: "a", blocks: false }], c: [of("a")] },
    left: { b: hold },
  },
  {
    says: "waits for a dependent that blocks, and for no other",
    objects: { a: [], "b!": [of("a")], c: [of("a")], d: [{ owner: "a" }] },
    left: { a: waits, b: hold },
  },
  {
    says: "waits for what its dependents own",
    objects: { a: [], b: [of("a")], "c!": [of("b")] },
    left: { a: waits, b: waits, c: hold },
  },
  {
    says: "waits for what theirs own in turn",
    objects: { a: [], b: [of("a")], c: [of("b")], "d!": [of("c")], e: [of("b")] },
    left: { a: waits, b: waits, c: waits, d: hold },
  },
  {
    says: "does not wait for a grandchild that does not block its own owner",
    objects: { a: [], b: [of("a")], "c!": [{ owner: "b" }] },
    left: { c: hold },
  },
  {
    says: "does not wait for what a dependent owns that does not block",
    objects: { a: [], b: [{ owner: "a" }], "c!": [of("b")] },
    left: { c: hold },
  },
  {
    says: "takes its reference from a dependent with another owner",
    objects: { a: [], z: [], "b!": [of("a"), of("z")], c: [of("b")] },
    left: { b: "lives", c: "lives", z: "lives" },
    stays: ["b", "c", "z"],
  },
  {
    says: "takes dependents with it whose other owner waits, too",
    objects: { a: [], z: [], "b!": [of("a"), of("z")] },
    removed: ["a", "z"],
    left: { a: waits, b: hold, z: waits },
  },
  {
    says: "leaves a dependent with an owner that is only held",
    objects: { a: [], "z!": [], b: [of("a"), of("z")] },
    removed: ["z:Background", "a"],
    left: { b: "lives", z: hold },
  },
  {
    says: "waits for a dependent that is on its way out already, and not for what that owns",
    objects: { a: [], "b!": [of("a")], c: [of("b")] },
    removed: ["b:Background", "a"],
    left: { a: waits, b: hold, c: "lives" },
  },
  {
    says: "keeps the reference of what is on its way out already, whoever else owns it",
    objects: { a: [], z: [], "b!": [of("a"), of("z")] },
    removed: ["b:Background", "a"],
    left: { a: waits, b: hold, z: "lives" },
    stays: ["z"],
  },
  {
    says: "does not wait for itself",
    objects: { a: [] },
    reowned: { a: [of("a")] },
    left: {},
  },
  {
    says: "ends with an owner that it owns",
    objects: { a: [], b: [of("a")] },
    reowned: { a: [of("b")] },
    left: {},
  },
  {
    says: "ends in a circle that is deleted all at once",
    objects: { a: [], b: [of("a")], c: [of("b")], d: [of("c")] },
    reowned: { a: [of("d")] },
    removed: ["a", "b", "c", "d"],
    left: {},
  },
  {
    says: "leaves of a circle what is held, and what waits for it",
    objects: { a: [], b: [of("a")], "c!": [of("b")] },
    reowned: { a: [of("c")] },
    left: { c: hold },
  },
  {
    says: "waits for what two circles hold together",
    objects: { a: [], b: [of("a")], c: [of("a")], "d!": [of("b"), of("c")] },
    reowned: { a: [of("b"), of("c")] },
    left: { b: waits, c: waits, d: hold },
  },
];

async function make({ make: one, reown }: OwnedObjects, { objects, reowned = {} }: Case) {
  for (const [name, owners] of Object.entries(objects)) {
    await one(name.replace("!", ""), owners, { isHeld: name.endsWith("!") });
  }
  for (const [name, owners] of Object.entries(reowned)) await reown(name, owners);
}

describe("an object that is deleted in the foreground", () => {
  test.each(cases)("$says", async (one) => {
    const world = await ownedObjects();
    await make(world, one);
    await world.hub.settle();
    for (const removed of one.removed ?? ["a"]) {
      const [name = "", policy = "Foreground"] = removed.split(":");
      await world.remove(name, policy === "Foreground" ? "Foreground" : "Background");
    }
    await world.hub.settle();
    expect(await world.left()).toEqual(one.left);
    for (const [name, state] of Object.entries(one.left)) {
      if (state.includes(hold)) await world.free(name);
    }
    await world.hub.settle();
    const lives = (one.stays ?? []).map((name) => [name, "lives"]);
    expect(await world.left()).toEqual(Object.fromEntries(lives));
  });

  test("goes once a dependent says that it no longer blocks", async () => {
    const world = await ownedObjects();
    await world.make("a");
    await world.make("b", [of("a")], { isHeld: true });
    await world.remove("a");
    await world.hub.settle();
    await world.reown("b", [{ owner: "a", blocks: false }]);
    await world.hub.settle();
    expect(await world.left()).toEqual({ b: hold });
  });

  test("goes some time after a reference is dropped, of which no change tells", async () => {
    const world = await ownedObjects();
    const { effects, pass, settle } = world.hub;
    await world.make("a");
    await world.make("b", [of("a")], { isHeld: true });
    await world.remove("a");
    await settle();
    await world.reown("b", []);
    await settle();
    pass(301);
    const quiet = { ...effects, store: { ...effects.store, find: async () => [] } };
    await lookAtWhatNoEventTold(quiet);
    await settle();
    expect(await world.left()).toEqual({ b: hold });
    await notesAreGone(world);
  });

  test("is noted while it waits, however often it is looked at, and forgotten then", async () => {
    const world = await ownedObjects();
    const { effects, fleet, pass, settle } = world.hub;
    const notes = async () => (await effects.store.list({ fleet, kind: garbageKind })).documents;
    await world.make("a");
    for (const name of ["b", "c"]) await world.make(name, [of("a")], { isHeld: true });
    await world.remove("a");
    await settle();
    const [note, ...more] = await notes();
    expect(more).toEqual([]);
    expect(note?.wakeAt).toBe("2026-11-21T12:05:00.000Z");
    await world.free("b");
    await settle();
    expect((await notes())[0]?.revision).toBe(note?.revision);
    pass(400);
    await effects.wakes.wake([{ key: (note as NonNullable<typeof note>).key }]);
    await settle();
    expect((await notes())[0]?.wakeAt).toBe("2026-11-21T12:11:40.000Z");
    await world.free("c");
    await settle();
    expect(await world.left()).toEqual({});
    await notesAreGone(world);
  });
});

/** At once, or when they are due. */
async function notesAreGone({ hub }: OwnedObjects): Promise<void> {
  const { effects, fleet } = hub;
  const { documents } = await effects.store.list({ fleet, kind: garbageKind });
  expect(documents).toEqual([]);
}

test("what is on its way out already is left as it is, with its references", async () => {
  const world = await ownedObjects();
  for (const name of ["a", "z"]) await world.make(name);
  await world.make("b", [{ owner: "a" }, { owner: "z" }], { isHeld: true });
  await world.remove("b", "Background");
  await world.hub.settle();
  const before = await world.objects();
  await world.remove("a");
  await world.hub.settle();
  expect(await world.left()).toEqual({ b: hold, z: "lives" });
  expect(await world.objects()).toEqual(before.filter((object) => nameOf(object) !== "a"));
});

test("what a dependent owns is asked for once, and only if it blocks", async () => {
  const asked: string[] = [];
  const world = await ownedObjects((store) => ({
    ...store,
    referring: async (ref) => {
      if (ref.startsWith("owner:")) asked.push(ref);
      return await store.referring(ref);
    },
  }));
  await world.make("a");
  for (let index = 0; index < 50; index++) {
    const blocks = index % 2 === 0;
    await world.make(`b-${index}`, [{ owner: "a", blocks }], { isHeld: true });
  }
  await world.hub.settle();
  asked.length = 0;
  await world.remove("a");
  await world.hub.settle();
  const [uid] = asked;
  expect(asked.filter((ref) => ref !== uid)).toHaveLength(25);
  asked.length = 0;
  await world.reown("b-0", []);
  await world.reown("b-2", [of("a")]);
  await world.free("b-4");
  await world.hub.settle();
  // Its dependents, and what the one that is gone has owned.
  expect(new Set(asked).size).toBe(2);
});
