import type { RegisteredFunction } from "./core-module.ts";
import type { Invoker } from "./invoke.ts";
import { errorLine, type Log } from "./log.ts";
import { type Ncrontab, nextOccurrence, parseNcrontab } from "./ncrontab.ts";
import type { TimerStatus, TimerStatusStore } from "./timer-status.ts";
import type { TriggerRunner } from "./trigger-runner.ts";

export interface TimerTriggerOptions {
  readonly fn: RegisteredFunction;
  /** With its `%SETTING%` expressions replaced. */
  readonly schedule: string;
  readonly invoker: Invoker;
  readonly statuses: TimerStatusStore;
  readonly log: Log;
}

export interface TimerTrigger extends TriggerRunner {
  /** Runs the function now, beside its schedule. */
  runByHand(): Promise<void>;
}

const never = "0001-01-01T00:00:00+00:00";

/** Longer than this a Node timer cannot wait. */
const waitMillisecondsMax = 24 * 3_600_000;

/** The runtime remembers, and so notices a missed run, from one run a minute on. */
const monitoredMillisecondsMin = 60_000;

/**
 * Runs a function on its schedule, never twice at a time: the next run is set when the last is
 * over. A run that was missed while the host was down is made up for once, at start, with
 * `isPastDue`; a failed run only waits for the next.
 *
 * @see https://learn.microsoft.com/azure/azure-functions/functions-bindings-timer
 */
export function createTimerTrigger(options: TimerTriggerOptions): TimerTrigger {
  const { fn, invoker, statuses } = options;
  const crontab = parseNcrontab(options.schedule);
  const isMonitored = monitors(fn, crontab);
  const runsOnStartup = fn.trigger.options["runOnStartup"] === true;
  let status: TimerStatus | undefined;
  let timeout: NodeJS.Timeout | undefined;
  let isStopped = false;
  let running: Promise<void> = Promise.resolve();

  async function run(isPastDue: boolean): Promise<void> {
    const timer = {
      Schedule: { AdjustForDST: true },
      ScheduleStatus: isMonitored ? (status ?? null) : null,
      IsPastDue: isPastDue,
    };
    await invoker.run({ fn, input: { json: JSON.stringify(timer) } });
  }

  function wait(milliseconds: number, fire: () => void) {
    if (isStopped) return;
    timeout =
      milliseconds > waitMillisecondsMax
        ? setTimeout(() => wait(milliseconds - waitMillisecondsMax, fire), waitMillisecondsMax)
        : setTimeout(fire, milliseconds);
  }

  function waitForNext(after: Date) {
    const next = nextOccurrence(crontab, after);
    wait(next.getTime() - Date.now(), () => {
      // A timer may fire a little early; counting from the slot itself never runs it twice.
      running = runAndWait(new Date(Math.max(Date.now(), next.getTime())), false);
    });
  }

  async function runAndWait(slot: Date, isPastDue: boolean): Promise<void> {
    await run(isPastDue).catch(() => {}); // The invoker has logged it.
    await remember(slot, slot.toISOString());
    waitForNext(new Date(Math.max(slot.getTime(), Date.now())));
  }

  async function remember(at: Date, last: string): Promise<void> {
    const next = nextOccurrence(crontab, at).toISOString();
    status = { Last: last, Next: next, LastUpdated: at.toISOString() };
    if (!isMonitored) return;
    await statuses.save(status).catch((error: unknown) => {
      const message = `Cannot remember this run, so a missed one may be: ${errorLine(error)}`;
      options.log({ level: "warning", functionName: fn.name, message });
    });
  }

  async function begin(): Promise<void> {
    status = isMonitored ? await statuses.read() : undefined;
    const now = new Date();
    const isPastDue = status !== undefined && missedRun(crontab, status, now);
    if (!isPastDue && status?.Next !== nextOccurrence(crontab, now).toISOString()) {
      await remember(now, never);
    }
    if (isPastDue || runsOnStartup) await runAndWait(new Date(), isPastDue);
    else waitForNext(now);
  }

  return {
    start: () => {
      running = begin();
    },
    stop: async () => {
      isStopped = true;
      clearTimeout(timeout);
      await running;
    },
    runByHand: async () => await run(false),
  };
}

function monitors(fn: RegisteredFunction, crontab: Ncrontab): boolean {
  const { useMonitor } = fn.trigger.options;
  if (typeof useMonitor === "boolean") return useMonitor;
  const first = nextOccurrence(crontab, new Date());
  const gap = nextOccurrence(crontab, first).getTime() - first.getTime();
  return gap >= monitoredMillisecondsMin;
}

/** A run counts as missed only under the schedule that promised it. */
function missedRun(crontab: Ncrontab, status: TimerStatus, now: Date): boolean {
  const since = status.Last === never ? status.LastUpdated : status.Last;
  const promised = nextOccurrence(crontab, new Date(since));
  return promised.toISOString() === status.Next && promised < now;
}
