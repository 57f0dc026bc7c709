/**
 * Seats for requests of one class, given to callers in turn.
 *
 * Q1. At most `runningMax` run, of one caller at most `runningPerCallerMax`: some seats are always
 *     there for who comes next.
 * Q2. A free seat goes to the waiting caller with the fewest running, of those to the one who was
 *     given a seat longest ago. So among callers who want more than there is, each gets the same
 *     share, however much more one of them wants.
 * Q3. Of one caller, who came first goes first.
 * Q4. What waits is bounded, per caller and together, and in time. Who is refused was never seated.
 */
export interface QueueLimits {
  readonly runningMax: number;
  readonly runningPerCallerMax: number;
  readonly waitingMax: number;
  readonly waitingPerCallerMax: number;
  readonly waitSecondsMax: number;
}

/** "refused": too many wait, or it waited too long; "gone": nobody waits for an answer any more. */
export type Seat =
  | { readonly kind: "seated"; readonly leave: () => void }
  | { readonly kind: "refused" }
  | { readonly kind: "gone" };

export interface QueueState {
  readonly running: number;
  readonly waiting: number;
  /** Callers with something running or waiting. */
  readonly callers: number;
}

export interface FairQueue {
  readonly seat: (caller: string, signal?: AbortSignal) => Promise<Seat>;
  readonly state: () => QueueState;
}

interface Line {
  running: number;
  /** Counts the seats that were given to anyone. */
  lastSeatedAt: number;
  readonly waiting: Waiting[];
}

interface Waiting {
  readonly settle: (seat: Seat) => void;
}

export function fairQueue(limits: QueueLimits): FairQueue {
  const lines = new Map<string, Line>();
  let running = 0;
  let waiting = 0;
  let seats = 0;

  function lineOf(caller: string): Line {
    const known = lines.get(caller);
    if (known !== undefined) return known;
    const line = { running: 0, lastSeatedAt: 0, waiting: [] };
    lines.set(caller, line);
    return line;
  }

  function forgetIdle(caller: string, line: Line): void {
    if (line.running === 0 && line.waiting.length === 0) lines.delete(caller);
  }

  const mayRun = (line: Line): boolean =>
    running < limits.runningMax && line.running < limits.runningPerCallerMax;

  function seated(caller: string, line: Line): Seat {
    running++;
    line.running++;
    line.lastSeatedAt = ++seats;
    let isSeated = true;
    const leave = () => {
      if (!isSeated) return;
      isSeated = false;
      running--;
      line.running--;
      forgetIdle(caller, line);
      seatNext();
    };
    return { kind: "seated", leave };
  }

  function seatNext(): void {
    for (;;) {
      const next = nextOf(lines, mayRun);
      if (next === undefined) return;
      const [caller, line] = next;
      line.waiting[0]?.settle(seated(caller, line));
    }
  }

  return {
    seat: async (caller, signal) => {
      if (signal?.aborted === true) return { kind: "gone" };
      const line = lineOf(caller);
      if (line.waiting.length === 0 && mayRun(line)) return seated(caller, line);
      if (waiting < limits.waitingMax && line.waiting.length < limits.waitingPerCallerMax) {
        waiting++;
        return await waitIn(line, { milliseconds: limits.waitSecondsMax * 1_000, signal }, () => {
          waiting--;
          forgetIdle(caller, line);
        });
      }
      forgetIdle(caller, line);
      return { kind: "refused" };
    },
    state: () => ({ running, waiting, callers: lines.size }),
  };
}

/** Resolves when a seat is given, or when the time is over or the signal says that nobody waits. */
async function waitIn(
  { waiting }: Line,
  {
    milliseconds,
    signal,
  }: { readonly milliseconds: number; readonly signal?: AbortSignal | undefined },
  onOver: () => void,
): Promise<Seat> {
  return await new Promise((resolve) => {
    const settle = (seat: Seat) => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", leave);
      waiting.splice(waiting.indexOf(mine), 1);
      onOver();
      resolve(seat);
    };
    const mine: Waiting = { settle };
    const leave = () => settle({ kind: "gone" });
    const timer = setTimeout(() => settle({ kind: "refused" }), milliseconds);
    signal?.addEventListener("abort", leave, { once: true });
    waiting.push(mine);
  });
}

function nextOf(
  lines: ReadonlyMap<string, Line>,
  mayRun: (line: Line) => boolean,
): readonly [caller: string, line: Line] | undefined {
  let best: readonly [string, Line] | undefined;
  for (const each of lines) {
    const [, line] = each;
    if (line.waiting.length > 0 && mayRun(line) && (!best || isBefore(line, best[1]))) best = each;
  }
  return best;
}

const isBefore = (one: Line, other: Line): boolean =>
  one.running === other.running
    ? one.lastSeatedAt < other.lastSeatedAt
    : one.running < other.running;
