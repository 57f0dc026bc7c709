import { expect, test } from "vitest";
import {
  type FairQueue,
  fairQueue,
  type QueueLimits,
  type Seat,
} from "../../../shared/kube/flow/fair-queue.ts";
import { fc } from "../../chance.ts";

const limits: QueueLimits = {
  runningMax: 4,
  runningPerCallerMax: 3,
  waitingMax: 30,
  waitingPerCallerMax: 12,
  waitSecondsMax: 3_600,
};

const callers = ["a", "b", "c", "d"];

type Step =
  | { readonly kind: "ask"; readonly caller: string }
  | { readonly kind: "leave"; readonly at: number }
  | { readonly kind: "abort"; readonly at: number };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      arbitrary: fc.record({
        kind: fc.constant("ask" as const),
        caller: fc.constantFrom(...callers),
      }),
      weight: 3,
    },
    { arbitrary: fc.record({ kind: fc.constant("leave" as const), at: fc.nat() }), weight: 2 },
    { arbitrary: fc.record({ kind: fc.constant("abort" as const), at: fc.nat() }), weight: 1 },
  ),
  { maxLength: 150 },
);

interface Asked {
  readonly caller: string;
  readonly abort: AbortController;
  seat: Seat | undefined;
}

/** Everybody who asked, with what became of it, after all that follows has happened. */
function world(queue: FairQueue) {
  const asked: Asked[] = [];
  const order: Asked[] = [];
  const settled = async () => await new Promise<void>((resolve) => setImmediate(resolve));
  return {
    asked,
    order,
    ask: async (caller: string) => {
      const one: Asked = { caller, abort: new AbortController(), seat: undefined };
      asked.push(one);
      void queue.seat(caller, one.abort.signal).then((seat) => {
        one.seat = seat;
        if (seat.kind === "seated") order.push(one);
      });
      await settled();
    },
    take: async (step: Exclude<Step, { kind: "ask" }>) => {
      const wanted = asked.filter(({ seat }) =>
        step.kind === "leave" ? seat?.kind === "seated" : seat === undefined,
      );
      const one = wanted[step.at % Math.max(1, wanted.length)];
      if (one === undefined) return;
      if (step.kind === "abort") one.abort.abort();
      else leave(one);
      await settled();
    },
    settled,
  };
}

function leave(one: Asked): void {
  if (one.seat?.kind !== "seated") return;
  one.seat.leave();
  one.seat.leave(); // Leaving twice frees one seat.
  one.seat = { kind: "gone" };
}

test("limits hold at every step, no free seat is kept from who waits, and nothing is left", async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (each) => {
      const queue = fairQueue(limits);
      const { asked, ask, take, settled } = world(queue);
      for (const step of each) {
        await (step.kind === "ask" ? ask(step.caller) : take(step));
        const running = asked.filter(({ seat }) => seat?.kind === "seated");
        const waiting = asked.filter(({ seat }) => seat === undefined);
        expect(queue.state()).toMatchObject({ running: running.length, waiting: waiting.length });
        expect(running.length).toBeLessThanOrEqual(limits.runningMax);
        expect(waiting.length).toBeLessThanOrEqual(limits.waitingMax);
        for (const caller of callers) {
          const mine = running.filter((one) => one.caller === caller).length;
          const queued = waiting.filter((one) => one.caller === caller).length;
          expect(mine).toBeLessThanOrEqual(limits.runningPerCallerMax);
          expect(queued).toBeLessThanOrEqual(limits.waitingPerCallerMax);
          const couldRun = running.length < limits.runningMax && mine < limits.runningPerCallerMax;
          expect(couldRun && queued > 0, `${caller} waits before a free seat`).toBe(false);
        }
      }
      await emptied(queue, asked, settled);
    }),
    { numRuns: 60 },
  );
});

test("callers who all want more hold equal shares, however unequal what they ask for is", async () => {
  const rivals = ["a", "b", "c"];
  const wants = fc.tuple(...rivals.map(() => fc.integer({ min: 9, max: 60 })));
  const picks = fc.array(fc.nat(), { minLength: 5, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(wants, picks, async (counts, leaving) => {
      const shared = { runningMax: 4, runningPerCallerMax: 4, waitingMax: 999 };
      const queue = fairQueue({ ...limits, ...shared, waitingPerCallerMax: 999 });
      const { asked, ask, settled } = world(queue);
      const seated = () => asked.filter(({ seat }) => seat?.kind === "seated");
      for (let at = 0; at < shared.runningMax; at++) await ask("first");
      for (const [at, caller] of rivals.entries()) {
        for (let sent = 0; sent < (counts[at] ?? 0); sent++) await ask(caller);
      }
      for (const one of seated()) leave(one);
      await settled();
      // Nine of each cannot be used up by five that leave: all want more to the end.
      for (const pick of leaving) {
        const running = seated();
        const held = rivals.map((each) => running.filter(({ caller }) => caller === each).length);
        expect(Math.max(...held) - Math.min(...held), held.join()).toBeLessThanOrEqual(1);
        const one = running[pick % running.length];
        if (one !== undefined) leave(one);
        await settled();
      }
      await emptied(queue, asked, settled);
    }),
    { numRuns: 60 },
  );
});

async function emptied(queue: FairQueue, asked: readonly Asked[], settled: () => Promise<void>) {
  for (const one of asked) one.abort.abort();
  await settled();
  for (const one of asked) leave(one);
  expect(queue.state()).toEqual({ running: 0, waiting: 0, callers: 0 });
}

test("a caller's own requests go in the order in which they came", async () => {
  const queue = fairQueue({ ...limits, runningMax: 1, runningPerCallerMax: 1 });
  const { asked, ask, order, settled } = world(queue);
  for (let at = 0; at < 6; at++) await ask("a");
  for (const one of asked) {
    leave(one);
    await settled();
  }
  expect(order).toEqual(asked);
});
