import { expect, test } from "vitest";
import { memoryStore } from "../../infra/local/memory-store/memory-store.ts";
import type { Effects } from "../../shared/effects/effects.ts";
import type { Store } from "../../shared/effects/store.ts";
import type { Wake } from "../../shared/effects/wakes.ts";
import { type Document, keyOf, kind } from "../../shared/lib/document.ts";
import { FleetError } from "../../shared/lib/fleet-error.ts";
import { type Instant, plusSeconds } from "../../shared/lib/instant.ts";
import { type Controller, controller } from "../../shared/reconcile/controller.ts";
import type { Plan } from "../../shared/reconcile/plan.ts";
import { reconcile } from "../../shared/reconcile/reconcile.ts";
import { fleetId, noon } from "../builders.ts";

interface Counter {
  readonly wanted: number;
  readonly is: number;
}
const counterKind = kind<Counter>("test/counters");
const key = keyOf(counterKind, fleetId, "one");

interface World {
  readonly effects: Effects;
  readonly wakes: Wake[];
  readonly acted: string[];
  readonly body: () => Promise<Counter | undefined>;
}

async function worldWith(body: Counter, wrap = (store: Store): Store => store): Promise<World> {
  const wakes: Wake[] = [];
  const clock = { now: () => noon };
  const memory = memoryStore({ clock });
  await memory.commit({ fleet: fleetId, writes: [{ kind: "create", key, body }] });
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  const effects = {
    store: wrap(memory),
    wakes: { wake: async (some: readonly Wake[]) => void wakes.push(...some) },
    clock,
    log,
  };
  return {
    effects: effects as unknown as Effects,
    wakes,
    acted: [],
    body: async () => (await memory.read(key))?.body,
  };
}

function counting(
  world: World,
  decide: (seen: Document<Counter>) => Plan<string>,
  act = async (action: string) => void world.acted.push(action),
) {
  const one: Controller<Document<Counter>, string> = {
    observe: async (asked, { store }) => {
      const document = await store.read(asked as typeof key);
      return document && { document, seen: document };
    },
    decide,
    act,
  };
  return new Map([[counterKind, controller(one)]]);
}

const follow = (document: Document<Counter>): Plan<string> => ({
  writes:
    document.body.is === document.body.wanted
      ? []
      : [{ kind: "replace", document, body: { ...document.body, is: document.body.wanted } }],
  actions: ["tell"],
  because: "follows",
});

test("a look saves first, then acts", async () => {
  const world = await worldWith({ wanted: 2, is: 1 });
  const seenByAct: unknown[] = [];
  await reconcile(
    { key },
    counting(world, follow, async () => void seenByAct.push(await world.body())),
    world.effects,
  );
  expect(seenByAct).toEqual([{ wanted: 2, is: 2 }]);
});

test("a plan that changes nothing saves nothing, and its actions are asked for again", async () => {
  const world = await worldWith({ wanted: 1, is: 1 });
  await reconcile({ key }, counting(world, follow), world.effects);
  await reconcile({ key }, counting(world, follow), world.effects);
  expect((await world.effects.store.head(fleetId)).revision).toBe(1);
  expect(world.acted).toEqual(["tell", "tell"]);
});

test("a lost race is decided again from what the winner saved", async () => {
  let races = 0;
  const world = await worldWith({ wanted: 2, is: 1 }, (store) => ({
    ...store,
    commit: async (commit) => {
      if (races++ > 0) return await store.commit(commit);
      const document = (await store.read(key)) as Document<Counter>;
      const body = { wanted: 5, is: 1 };
      await store.commit({ fleet: fleetId, writes: [{ kind: "replace", document, body }] });
      return await store.commit(commit);
    },
  }));
  await reconcile({ key }, counting(world, follow), world.effects);
  expect(await world.body()).toEqual({ wanted: 5, is: 5 });
});

test("a crash between saving and acting is repaired by the next look", async () => {
  const world = await worldWith({ wanted: 2, is: 1 });
  const crash = counting(world, follow, async () => {
    throw new Error("killed");
  });
  await expect(reconcile({ key }, crash, world.effects)).rejects.toThrow("killed");
  await reconcile({ key }, counting(world, follow), world.effects);
  expect(world.acted).toEqual(["tell"]);
});

test("a busy world is asked again when it says so", async () => {
  const world = await worldWith({ wanted: 2, is: 1 });
  const busy = counting(world, follow, async () => {
    throw new FleetError("TooManyRequests", "busy", { retryAfterSeconds: 30 });
  });
  await reconcile({ key, atLeast: 1 }, busy, world.effects);
  expect(world.wakes).toEqual([{ key, atLeast: 1, at: plusSeconds(noon, 30) }]);
});

test("a later look is saved with the plan, armed once, and cleared when it is met", async () => {
  const world = await worldWith({ wanted: 2, is: 1 });
  const later = plusSeconds(noon, 60);
  const wait = counting(world, (document) => ({ ...follow(document), wakeAt: later }));
  await reconcile({ key }, wait, world.effects);
  await reconcile({ key }, wait, world.effects);
  expect(world.wakes).toEqual([{ key, at: later }]);
  expect((await world.effects.store.read(key))?.wakeAt).toBe(later);

  await reconcile({ key }, counting(world, follow), world.effects);
  expect((await world.effects.store.read(key))?.wakeAt).toBeUndefined();
});

test("a moment that has passed while something is owed is asked for a second later", async () => {
  const world = await worldWith({ wanted: 1, is: 1 });
  const passed = "2026-11-21T11:00:00.000Z" as Instant;
  const wait = counting(world, (document) => ({ ...follow(document), wakeAt: passed }));
  await reconcile({ key }, wait, world.effects);
  expect(world.wakes).toEqual([{ key, at: plusSeconds(noon, 1) }]);
});

test("a plan that fills several commits goes on until it has nothing more to write", async () => {
  const world = await worldWith({ wanted: 5, is: 1 });
  const steps = counting(world, (document) => {
    const { wanted, is } = document.body;
    if (is === wanted) return { writes: [], actions: [], because: "done" };
    const body = { wanted, is: is + 1 };
    const writes = [{ kind: "replace", document, body } as const];
    return { writes, actions: [], again: true, because: "steps" };
  });
  await reconcile({ key }, steps, world.effects);
  expect(await world.body()).toEqual({ wanted: 5, is: 5 });
});

test("a wake for a kind that nobody keeps, or a document that is gone, does nothing", async () => {
  const world = await worldWith({ wanted: 1, is: 1 });
  await reconcile({ key }, new Map(), world.effects);
  const none = keyOf(counterKind, fleetId, "none");
  await reconcile({ key: none }, counting(world, follow), world.effects);
  expect(world.acted).toEqual([]);
});
