import type { OperationError } from "./operation.ts";

const faultsMax = 1_000;

/** What a fault applies to; what is left out fits anything. Compared without case. */
export interface FaultMatch {
  readonly method?: string;
  /** `Microsoft.ContainerService/managedClusters/agentPools`; an action belongs to its type. */
  readonly type?: string;
  readonly action?: string;
  /** The id of a resource; what is below it fits too. */
  readonly id?: string;
}

export type FaultEffect =
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly code: string;
      readonly message?: string;
      readonly retryAfterSeconds?: number;
    }
  /** The request is carried out, and its answer never arrives. */
  | { readonly kind: "lose-answer" }
  /** The connection closes before anything happens. */
  | { readonly kind: "lose-request" }
  | { readonly kind: "delay"; readonly delayMilliseconds: number }
  /** The operation is accepted and fails later; an upgrade fails at its first node. */
  | ({ readonly kind: "fail-operation" } & OperationError);

export interface Fault {
  readonly match: FaultMatch;
  readonly effect: FaultEffect;
  /** How often it strikes, then it is gone; until it is removed when left out. */
  readonly times?: number;
  /** 0 to 1; always when left out. */
  readonly probability?: number;
}

/** What a request is, as faults look at it. */
export interface FaultTarget {
  readonly method: string;
  readonly type: string;
  readonly action: string | undefined;
  readonly id: string;
}

export interface Faults {
  /** The id to remove it by. */
  readonly add: (fault: Fault) => number;
  readonly remove: (id: number) => void;
  readonly clear: () => void;
  readonly list: () => readonly (Fault & { readonly id: number; readonly struck: number })[];
  /** The first fault of one of these kinds that strikes this request now. */
  readonly strike: <Kind extends FaultEffect["kind"]>(
    target: FaultTarget,
    kinds: readonly Kind[],
  ) => Extract<FaultEffect, { kind: Kind }> | undefined;
}

/** Failures on demand. `random` returns 0 to 1, as Math.random does. */
export function createFaults(random: () => number): Faults {
  const faults = new Map<number, { fault: Fault; struck: number }>();
  let nextId = 1;
  return {
    add: (fault) => {
      if (faults.size >= faultsMax) throw new Error(`Cannot add fault: at most ${faultsMax}`);
      faults.set(nextId, { fault, struck: 0 });
      return nextId++;
    },
    remove: (id) => void faults.delete(id),
    clear: () => faults.clear(),
    list: () => [...faults].map(([id, { fault, struck }]) => ({ ...fault, id, struck })),
    strike: (target, kinds) => {
      for (const [id, entry] of faults) {
        const effect = effectOf(entry.fault, kinds);
        if (effect === undefined || !fits(entry.fault.match, target)) continue;
        if (random() >= (entry.fault.probability ?? 1)) continue;
        entry.struck += 1;
        if (entry.struck >= (entry.fault.times ?? Number.POSITIVE_INFINITY)) faults.delete(id);
        return effect;
      }
      return undefined;
    },
  };
}

function effectOf<Kind extends FaultEffect["kind"]>(
  { effect }: Fault,
  kinds: readonly Kind[],
): Extract<FaultEffect, { kind: Kind }> | undefined {
  const found = kinds.some((kind) => kind === effect.kind);
  return found ? (effect as Extract<FaultEffect, { kind: Kind }>) : undefined;
}

function fits(match: FaultMatch, target: FaultTarget): boolean {
  const id = match.id?.toLowerCase();
  const path = target.id.toLowerCase();
  return (
    same(match.method, target.method) &&
    same(match.type, target.type) &&
    same(match.action, target.action) &&
    (id === undefined || path === id || path.startsWith(`${id}/`))
  );
}

function same(wanted: string | undefined, actual: string | undefined): boolean {
  return wanted === undefined || wanted.toLowerCase() === actual?.toLowerCase();
}
