/**
 * Carries out what takes time, step by step, each when it is due. An operation is kept with its
 * remaining steps, so one that was running when the process ended goes on in the next, and what
 * fell due meanwhile happens at once.
 */

import { ArmError } from "./arm-error.ts";
import { type EventGridEvent, type ResourceEvent, resourceEvent } from "./events.ts";
import type { Operation, OperationError, Step } from "./operation.ts";
import type { State } from "./state.ts";

const stepsPerTickMax = 500;
const timerMillisecondsMax = 60_000;

/** Thrown by a step that cannot be done: the operation fails with this code. */
export class OperationFailure extends Error {
  override readonly name = "OperationFailure";
  readonly code: string;

  constructor({ code, message }: OperationError) {
    super(message);
    this.code = code;
  }
}

export interface Operations {
  /** Takes the lock and tells the world, as Azure does when it accepts a write or an action. */
  readonly start: (operation: NewOperation) => Operation;
  /** What runs on the cluster or load balancer. */
  readonly running: (lockId: string) => Operation | undefined;
  readonly cancel: (operation: Operation, error: OperationError) => void;
  /** For steps from now on. */
  readonly setSpeed: (speed: number) => void;
  readonly speed: () => number;
  /** Goes on with what the state remembers. */
  readonly resume: () => void;
  readonly close: () => void;
}

export type NewOperation = Omit<Operation, "status" | "dueAt" | "startedAt">;

export interface OperationHost {
  readonly state: State;
  readonly emit: (event: EventGridEvent) => void;
  /** Does one step; returns steps to do before the rest. */
  readonly apply: (operation: Operation, step: Step) => readonly Step[];
  /** Writes the end into the resource. */
  readonly ended: (operation: Operation) => void;
}

export function createOperations(host: OperationHost, initialSpeed: number): Operations {
  const { state } = host;
  const locks = new Map<string, string>();
  let speed = initialSpeed;
  const milliseconds = (seconds: number) => (seconds * 1000) / speed;

  const end = (operation: Operation, outcome: Outcome) => {
    const ended = { ...operation, ...outcome, steps: [], endedAt: new Date().toISOString() };
    state.saveOperation(ended);
    locks.delete(operation.lockId.toLowerCase());
    host.ended(ended);
    host.emit(eventOf(ended, outcomes[outcome.status]));
  };
  const advance = (operation: Operation) => {
    const done = doNextStep(host, operation);
    if ("status" in done) return end(operation, done);
    const wait = milliseconds(done.steps[0]?.afterSeconds ?? 0);
    state.saveOperation({ ...operation, ...done, dueAt: operation.dueAt + wait });
  };
  const timer = createTimer(() => state.runningOperations(), advance);

  return {
    start: (fresh) => {
      const operation: Operation = {
        ...fresh,
        status: "InProgress",
        startedAt: new Date().toISOString(),
        dueAt: Date.now() + milliseconds(fresh.steps[0]?.afterSeconds ?? 0),
      };
      state.saveOperation(operation);
      locks.set(operation.lockId.toLowerCase(), operation.id);
      // Azure says "success" when it accepts a write, and again when the write has ended.
      if (!operation.name.endsWith("/delete")) host.emit(eventOf(operation, "Success"));
      timer.set();
      return operation;
    },
    running: (lockId) => state.operation(locks.get(lockId.toLowerCase()) ?? ""),
    cancel: (operation, error) => {
      end(operation, { status: "Canceled", error });
      timer.set();
    },
    setSpeed: (wanted) => {
      speed = checkedSpeed(wanted);
    },
    speed: () => speed,
    resume: () => {
      for (const { lockId, id } of state.runningOperations()) locks.set(lockId.toLowerCase(), id);
      timer.set();
    },
    close: timer.close,
  };
}

interface Outcome {
  readonly status: "Succeeded" | "Failed" | "Canceled";
  readonly error?: OperationError;
}

/** What is left after the next step, or how the operation has ended with it. */
function doNextStep(
  host: OperationHost,
  operation: Operation,
): { readonly steps: readonly Step[] } | Outcome {
  const [step, ...rest] = operation.steps;
  if (step === undefined) return { status: "Succeeded" };
  try {
    if (operation.failsWith !== undefined && (step.kind === "nodes" || rest.length === 0)) {
      throw new OperationFailure(operation.failsWith);
    }
    const steps = [...host.apply(operation, step), ...rest];
    return steps.length === 0 ? { status: "Succeeded" } : { steps };
  } catch (error) {
    if (!(error instanceof OperationFailure || error instanceof ArmError)) throw error;
    return { status: "Failed", error: { code: error.code, message: error.message } };
  }
}

/** Calls `advance` with each operation when it is due, the longest overdue first. */
function createTimer(running: () => readonly Operation[], advance: (operation: Operation) => void) {
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  const nextDue = () =>
    running().reduce<Operation | undefined>(
      (next, each) => (next === undefined || each.dueAt < next.dueAt ? each : next),
      undefined,
    );
  const tick = () => {
    for (let count = 0; count < stepsPerTickMax; count++) {
      const due = nextDue();
      if (due === undefined || due.dueAt > Date.now()) break;
      advance(due);
    }
    set();
  };
  const set = () => {
    clearTimeout(timer);
    const due = nextDue();
    if (isClosed || due === undefined) return;
    timer = setTimeout(tick, Math.min(Math.max(0, due.dueAt - Date.now()), timerMillisecondsMax));
    timer.unref();
  };
  return {
    set,
    close: () => {
      isClosed = true;
      clearTimeout(timer);
    },
  };
}

export function checkedSpeed(speed: number): number {
  if (Number.isFinite(speed) && speed > 0) return speed;
  throw new Error(`Cannot set speed ${speed}: must be a number above 0`);
}

const outcomes = { Succeeded: "Success", Failed: "Failure", Canceled: "Cancel" } as const;

function eventOf(operation: Operation, outcome: ResourceEvent["outcome"]): EventGridEvent {
  const { resourceId, name: operationName, cause } = operation;
  return resourceEvent({ resourceId, operationName, outcome, cause });
}
