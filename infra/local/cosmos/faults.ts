import { z } from "zod";
import { type RequestKind, requestKinds } from "./wire.ts";

const faultsMax = 100;

const positive = z.int().positive();

/** The form of a fault, also for the admin route. */
export const faultSchema = z.strictObject({
  /** The kinds of request that it may hit; all, when left out. */
  kinds: z.array(z.enum(requestKinds)).optional(),
  /** The id of the container that it may hit; any, when left out. */
  container: z.string().optional(),
  /** Hits each matching request with this probability. */
  probability: z.number().min(0).max(1).optional(),
  /** Hits every n-th matching request. */
  every: positive.optional(),
  /** Stops after so many hits. */
  times: positive.optional(),
  effect: z.discriminatedUnion("kind", [
    /**
     * Answers with this status. After the commit, the request has taken effect all the same, as
     * with a gateway's 503 for a write that went through.
     */
    z.strictObject({
      kind: z.literal("answer"),
      moment: z.enum(["before-commit", "after-commit"]).default("before-commit"),
      status: z.int().min(400).max(599),
      substatus: z.int().optional(),
      retryAfterMs: z.int().min(0).optional(),
    }),
    /** Cuts the connection: the request never took effect, or its answer is lost. */
    z.strictObject({
      kind: z.literal("drop"),
      moment: z.enum(["before-commit", "after-commit"]),
    }),
    /** Serves the request so much later. */
    z.strictObject({ kind: z.literal("delay"), delayMs: z.int().min(0).max(60_000) }),
  ]),
});

/**
 * A misfortune to bring about on demand. `probability`, `every` and `times` must all agree to it;
 * with none of them, each matching request is hit until the faults are cleared.
 *
 * @example every third batch commits, but its answer is lost
 *     { kinds: ["batch"], every: 3, effect: { kind: "drop", moment: "after-commit" } }
 */
export type Fault = z.input<typeof faultSchema>;
export type FaultEffect = z.output<typeof faultSchema>["effect"];

export interface Faults {
  /** @throws RangeError for a fault that is malformed or one too many. */
  add(fault: Fault): void;
  clear(): void;
  /** The effects that hit this request, in the order in which their faults were added. */
  strike(request: StruckRequest): readonly FaultEffect[];
}

interface StruckRequest {
  readonly kind: RequestKind;
  readonly container: string | undefined;
}

/** @param random a number from 0 to below 1 at each call. */
export function createFaults(random: () => number): Faults {
  let armed: ArmedFault[] = [];
  return {
    add(fault) {
      const parsed = faultSchema.safeParse(fault);
      if (!parsed.success) {
        throw new RangeError(`Cannot add fault: ${z.prettifyError(parsed.error)}`);
      }
      if (armed.length >= faultsMax) {
        throw new RangeError(`Cannot add fault: must be at most ${faultsMax}`);
      }
      armed.push({ fault: parsed.data, matches: 0, hits: 0 });
    },
    clear() {
      armed = [];
    },
    strike: (request) =>
      armed.filter((each) => hits(each, request, random)).map(({ fault }) => fault.effect),
  };
}

interface ArmedFault {
  readonly fault: z.output<typeof faultSchema>;
  matches: number;
  hits: number;
}

/** Also keeps count of what the fault has met and hit. */
function hits(armed: ArmedFault, request: StruckRequest, random: () => number): boolean {
  const { kinds, container, times, every, probability } = armed.fault;
  if (kinds?.includes(request.kind) === false) return false;
  if (container !== undefined && container !== request.container) return false;
  armed.matches += 1;
  if (armed.hits >= (times ?? Number.POSITIVE_INFINITY)) return false;
  if (armed.matches % (every ?? 1) !== 0) return false;
  if (probability !== undefined && random() >= probability) return false;
  armed.hits += 1;
  return true;
}

/** A repeatable source of numbers from 0 to below 1 (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
