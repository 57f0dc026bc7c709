/**
 * Who is served when more is asked than a process can do, in the spirit of Kubernetes' API priority
 * and fairness.
 *
 * F1. Small requests, large ones and watches have limits of their own, so none waits for another
 *     kind. Within a kind callers take turns (`fair-queue.ts`).
 * F2. What cannot be served soon is refused with 429 and `Retry-After`, in whole seconds that vary,
 *     so that refused clients do not come back together.
 * F3. A request that is no watch is answered in its time, or with 504. It keeps its seat until its
 *     work has ended, so what nobody waits for any more counts, too.
 * F4. A watch begins like a small request, and holds its place until its body is over, however
 *     that happens.
 *
 * @see https://kubernetes.io/docs/concepts/cluster-administration/flow-control/
 */
import { statusResponse } from "../http/respond.ts";
import { StatusError } from "../status-error.ts";
import { type FairQueue, fairQueue, type QueueLimits, type QueueState } from "./fair-queue.ts";
import { flowClassOf, type RequestFacts } from "./flow-class.ts";
import { heldBody } from "./held-body.ts";
import { requestMilliseconds, requestSecondsMax, requestTimedOut } from "./request-timeout.ts";
import { type WatchLimits, watchLimit } from "./watch-limit.ts";

export interface FlowLimits {
  readonly small: QueueLimits;
  readonly large: QueueLimits;
  readonly watch: WatchLimits;
  readonly requestSecondsMax: number;
  /** A watch whose client takes nothing for so long is ended; keep-alive lines come each 20 s. */
  readonly stallSecondsMax: number;
  /** Longer than a watch ends by itself. */
  readonly watchSecondsMax: number;
}

/** Of one process of the Functions app. */
export const usualLimits: FlowLimits = {
  small: {
    runningMax: 96,
    runningPerCallerMax: 72,
    waitingMax: 2_000,
    waitingPerCallerMax: 400,
    waitSecondsMax: 10,
  },
  large: {
    runningMax: 8,
    runningPerCallerMax: 6,
    waitingMax: 400,
    waitingPerCallerMax: 100,
    waitSecondsMax: 20,
  },
  // An informer is a watch, and a client that left is still counted until its watch would end.
  watch: { openMax: 3_000, openPerCallerMax: 400 },
  requestSecondsMax,
  stallSecondsMax: 60,
  watchSecondsMax: 240,
};

/** Answers one request; the signal says that nobody waits for the answer any more. */
export type Serve = (signal: AbortSignal) => Promise<Response>;

export interface FlowState {
  readonly small: QueueState;
  readonly large: QueueState;
  readonly watch: { readonly open: number; readonly callers: number };
}

export interface FlowControl {
  /**
   * Serves a request, or refuses it with a `Status`: 429 when too much is asked, 504 when its time
   * is over, 400 for a `timeout` that is none. Throws what `serve` throws. Requests of one caller
   * share their fate; the name of the authenticated user, or of its token, is a good one.
   */
  readonly run: (facts: RequestFacts, caller: string, serve: Serve) => Promise<Response>;
  readonly state: () => FlowState;
}

export interface FlowControlOptions {
  readonly limits?: FlowLimits;
  /** From 0 to 1; what `Retry-After` varies by. */
  readonly random?: () => number;
}

export function flowControl(options: FlowControlOptions = {}): FlowControl {
  const { limits = usualLimits, random = Math.random } = options;
  const queues = { small: fairQueue(limits.small), large: fairQueue(limits.large) };
  const watches = watchLimit(limits.watch);
  const refuse = () => statusResponse(tooManyRequests(1 + Math.floor(random() * retrySpread)));

  async function runQueued(queue: FairQueue, facts: RequestFacts, asked: Asked) {
    const milliseconds = requestMilliseconds(facts.query, limits.requestSecondsMax);
    const time = timeOf(milliseconds, facts.signal);
    const seat = await queue.seat(asked.caller, time.signal);
    switch (seat.kind) {
      case "refused":
        time.end();
        return refuse();
      case "gone":
        time.end();
        return statusResponse(requestTimedOut());
      case "seated":
        return await inTime(asked.serve, time, seat.leave);
    }
  }

  async function runWatch(facts: RequestFacts, { caller, serve }: Asked) {
    const onEnd = watches.open(caller);
    if (onEnd === undefined) return refuse();
    const { stallSecondsMax, watchSecondsMax: lifeSecondsMax } = limits;
    const time = timeOf(limits.requestSecondsMax * 1_000, facts.signal);
    let held: Response | undefined;
    try {
      const seat = await queues.small.seat(caller, time.signal);
      if (seat.kind !== "seated") {
        time.end();
        return refuse();
      }
      const response = await inTime(serve, time, seat.leave);
      const { body, status, headers } = response;
      if (body === null || !response.ok) return response;
      const holding = { onEnd, stallSecondsMax, lifeSecondsMax };
      held = new Response(heldBody(body, holding), { status, headers });
      return held;
    } finally {
      if (held === undefined) onEnd();
    }
  }

  return {
    run: async (facts, caller, serve) => {
      const flowClass = flowClassOf(facts);
      if (flowClass === "watch") return await runWatch(facts, { caller, serve });
      return await runQueued(queues[flowClass], facts, { caller, serve });
    },
    state: () => ({
      small: queues.small.state(),
      large: queues.large.state(),
      watch: watches.state(),
    }),
  };
}

interface Asked {
  readonly caller: string;
  readonly serve: Serve;
}

/** A request's time: its signal says that the time is over or the client gone. */
interface Time {
  readonly signal: AbortSignal;
  readonly end: () => void;
}

function timeOf(milliseconds: number, client: AbortSignal | undefined): Time {
  const over = new AbortController();
  const stop = () => over.abort();
  const timer = setTimeout(stop, milliseconds);
  if (client?.aborted === true) stop();
  client?.addEventListener("abort", stop, { once: true });
  const end = () => {
    clearTimeout(timer);
    client?.removeEventListener("abort", stop);
  };
  return { signal: over.signal, end };
}

/** The answer, or 504 once the time is over; `onSettled` is called when the work has ended. */
async function inTime(serve: Serve, time: Time, onSettled: () => void): Promise<Response> {
  const { signal } = time;
  const isOver = new Promise<"over">((resolve) => {
    if (signal.aborted) resolve("over");
    signal.addEventListener("abort", () => resolve("over"), { once: true });
  });
  const served = serve(signal).finally(() => {
    time.end();
    onSettled();
  });
  const first = await Promise.race([served, isOver]);
  if (first !== "over") return first;
  // Nobody reads it any more: a body that goes on must not.
  served.then((late) => late.body?.cancel()).catch(() => undefined);
  return statusResponse(requestTimedOut());
}

const retrySpread = 3;

function tooManyRequests(retryAfterSeconds: number): StatusError {
  return new StatusError(429, "TooManyRequests", "Too many requests, please try again later.", {
    retryAfterSeconds,
  });
}
