import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type {
  TimerStatus,
  TimerStatusStore,
} from "../../../../infra/local/functions-host/timer-status.ts";
import { createTimerTrigger } from "../../../../infra/local/functions-host/timer-trigger.ts";
import { fakeInvoker, keptLog, registered } from "./fake-invoker.ts";

beforeEach(() => void vi.useFakeTimers({ now: new Date("2026-01-01T00:00:30Z") }));
afterEach(() => void vi.useRealTimers());

const everyFiveMinutes = "0 */5 * * * *";

function memoryStatuses(status?: TimerStatus): TimerStatusStore & { kept?: TimerStatus } {
  const store: TimerStatusStore & { kept?: TimerStatus } = {
    read: async () => await Promise.resolve(store.kept),
    save: async (saved) => {
      store.kept = saved;
      await Promise.resolve();
    },
  };
  if (status !== undefined) store.kept = status;
  return store;
}

interface Options {
  readonly schedule?: string;
  readonly registration?: Readonly<Record<string, unknown>>;
  readonly statuses?: TimerStatusStore;
  readonly work?: () => Promise<void>;
}

function open({ schedule = everyFiveMinutes, registration = {}, ...options }: Options = {}) {
  const { invoker, calls } = fakeInvoker(options.work);
  const { log, entries } = keptLog();
  const runs: { at: string; isPastDue: boolean; status: TimerStatus | null }[] = [];
  const trigger = createTimerTrigger({
    fn: registered("timerTrigger", registration),
    schedule,
    invoker: {
      ...invoker,
      run: async (call) => {
        const input = JSON.parse(call.input.json ?? "") as {
          IsPastDue: boolean;
          ScheduleStatus: TimerStatus | null;
        };
        const at = new Date().toISOString();
        runs.push({ at, isPastDue: input.IsPastDue, status: input.ScheduleStatus });
        return await invoker.run(call);
      },
    },
    statuses: options.statuses ?? memoryStatuses(),
    log,
  });
  return { trigger, runs, calls, entries };
}

const minutes = async (count: number) => await vi.advanceTimersByTimeAsync(count * 60_000);

test("a timer runs in each slot and remembers its last and next run", async () => {
  const statuses = memoryStatuses();
  const { trigger, runs } = open({ statuses });
  trigger.start();
  await minutes(11);
  expect(runs.map(({ at }) => at)).toEqual([
    "2026-01-01T00:05:00.000Z",
    "2026-01-01T00:10:00.000Z",
  ]);
  expect(runs[1]?.status?.Last).toBe("2026-01-01T00:05:00.000Z");
  expect(statuses.kept).toMatchObject({
    Last: "2026-01-01T00:10:00.000Z",
    Next: "2026-01-01T00:15:00.000Z",
  });
  await trigger.stop();
});

test("a timer never overlaps itself, and skips the slots that it ran over", async () => {
  const { trigger, runs } = open({
    work: async () => await new Promise((resolve) => setTimeout(resolve, 7 * 60_000)),
  });
  trigger.start();
  await minutes(21);
  expect(runs.map(({ at }) => at)).toEqual([
    "2026-01-01T00:05:00.000Z",
    "2026-01-01T00:15:00.000Z",
  ]);
  const stopped = trigger.stop();
  await minutes(7);
  await stopped;
});

test("a failed run does not stop the schedule", async () => {
  const { trigger, runs } = open({ work: async () => await Promise.reject(new Error("boom")) });
  trigger.start();
  await minutes(11);
  expect(runs).toHaveLength(2);
  await trigger.stop();
});

test("a timer that missed runs while the host was down makes up for them once", async () => {
  const { trigger, runs } = open({
    statuses: memoryStatuses({
      Last: "2025-12-31T20:00:00.000Z",
      Next: "2025-12-31T20:05:00.000Z",
      LastUpdated: "2025-12-31T20:00:00.000Z",
    }),
  });
  trigger.start();
  await minutes(6);
  expect(runs.map(({ isPastDue }) => isPastDue)).toEqual([true, false]);
  await trigger.stop();
});

test("a run that another schedule had promised is not missed", async () => {
  const statuses = memoryStatuses({
    Last: "2025-12-31T20:00:00.000Z",
    Next: "2025-12-31T21:00:00.000Z",
    LastUpdated: "2025-12-31T20:00:00.000Z",
  });
  const { trigger, runs } = open({ statuses });
  trigger.start();
  await minutes(1);
  expect(runs).toEqual([]);
  expect(statuses.kept?.Next).toBe("2026-01-01T00:05:00.000Z");
  await trigger.stop();
});

test("a timer that runs at startup does so once and then by its schedule", async () => {
  const { trigger, runs } = open({ registration: { runOnStartup: true } });
  trigger.start();
  await minutes(6);
  expect(runs.map(({ at }) => at)).toEqual([
    "2026-01-01T00:00:30.000Z",
    "2026-01-01T00:05:00.000Z",
  ]);
  expect(runs.map(({ isPastDue }) => isPastDue)).toEqual([false, false]);
  await trigger.stop();
});

test("a timer waits longer than Node's timers can", async () => {
  const { trigger, runs } = open({ schedule: "0 0 0 1 6 *" });
  trigger.start();
  await minutes(150 * 24 * 60);
  expect(runs).toEqual([]);
  await minutes(2 * 24 * 60);
  expect(runs.map(({ at }) => at)).toEqual(["2026-06-01T00:00:00.000Z"]);
  await trigger.stop();
});

test("a timer that cannot remember says so and goes on", async () => {
  const statuses: TimerStatusStore = {
    read: async () => await Promise.resolve(undefined),
    save: async () => await Promise.reject(new Error("disk full")),
  };
  const { trigger, runs, entries } = open({ statuses });
  trigger.start();
  await minutes(6);
  expect(runs).toHaveLength(1);
  expect(entries[0]?.message).toMatch(/Cannot remember this run.*disk full/);
  await trigger.stop();
});

test("a stopped timer runs no more", async () => {
  const { trigger, runs } = open();
  trigger.start();
  await trigger.stop();
  await minutes(11);
  expect(runs).toEqual([]);
});

test("a run by hand leaves the schedule as it is", async () => {
  const { trigger, runs } = open();
  trigger.start();
  await trigger.runByHand();
  await minutes(6);
  expect(runs).toHaveLength(2);
  await trigger.stop();
});
