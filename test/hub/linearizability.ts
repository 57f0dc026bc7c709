/**
 * Whether a history of one object, as its clients saw it, can be told as one order of operations,
 * each at a moment between its start and its end: linearizability, as Wing and Gong decide it, with
 * Lowe's memory of what was tried.
 *
 * @see https://www.cs.ox.ac.uk/people/gavin.lowe/LinearizabiltyTesting/paper.pdf
 */

/** The object as somebody saw it. */
export interface Seen {
  readonly uid: string;
  readonly revision: number;
  readonly value: string;
}

export type Operation =
  | { readonly kind: "read"; readonly saw: Seen | "absent" }
  /** Needs an absent object. */
  | { readonly kind: "create"; readonly value: string; readonly made: Seen | "exists" | "unknown" }
  /** Of any kind; `at` is the revision that it demands. */
  | {
      readonly kind: "update";
      readonly value: string;
      readonly at?: number;
      readonly made: Seen | "absent" | "conflict" | "unknown";
    }
  /** Creates what is absent: server-side apply. */
  | { readonly kind: "upsert"; readonly value: string; readonly made: Seen | "unknown" }
  | {
      readonly kind: "delete";
      readonly at?: number;
      readonly uid?: string;
      readonly made: "deleted" | "absent" | "conflict" | "unknown";
    };

export interface Entry {
  /** By one clock for all clients. */
  readonly startedAt: number;
  /** Infinite for an operation whose answer was lost: it may take effect at any time, or never. */
  readonly endedAt: number;
  readonly operation: Operation;
}

/** What is there; what nobody has seen yet of a write whose answer was lost is left out. */
interface There {
  readonly value: string;
  readonly uid?: string;
  readonly revision?: number;
}

interface State {
  readonly there: There | "absent";
  /** No later write may have a smaller revision. */
  readonly revision: number;
}

const nothing: State = { there: "absent", revision: 0 };

/** A history that takes more steps than this cannot be judged. */
const stepsMax = 100_000;

/**
 * The entries that no order explains; undefined for a history without an anomaly. Throws
 * `RangeError` for a history that is too long or too concurrent to be judged.
 */
export function anomalyIn(history: readonly Entry[]): readonly Entry[] | undefined {
  // What surely happened is tried before what may have happened.
  const entries = [...history].sort((left, right) => orderOf(left) - orderOf(right));
  const tried = new Set<string>();
  let best: readonly Entry[] = entries;

  const explains = (left: readonly Entry[], state: State): boolean => {
    const mustEnd = left.filter(({ endedAt }) => Number.isFinite(endedAt));
    if (mustEnd.length < best.length) best = mustEnd;
    if (mustEnd.length === 0) return true;
    const key = `${left.map((entry) => entries.indexOf(entry)).join()} ${JSON.stringify(state)}`;
    if (tried.has(key)) return false;
    tried.add(key);
    if (tried.size > stepsMax) throw new RangeError("Cannot judge a history: too concurrent");
    const firstEnd = Math.min(...mustEnd.map(({ endedAt }) => endedAt));
    const possible = left.flatMap((entry): [Entry, State][] => {
      if (entry.startedAt > firstEnd) return [];
      const next = after(state, entry.operation);
      return next === undefined ? [] : [[entry, next]];
    });
    // What changes nothing and can be now need not wait: no other order explains more.
    const harmless = possible.find(([{ operation }, next]) => next === state || isRead(operation));
    return (harmless === undefined ? possible : [harmless]).some(([entry, next]) =>
      explains(without(left, entry), next),
    );
  };
  return explains(entries, nothing) ? undefined : best;
}

const isRead = ({ kind }: Operation): boolean => kind === "read";

const without = (entries: readonly Entry[], entry: Entry): readonly Entry[] =>
  entries.filter((each) => each !== entry);

function orderOf({ startedAt, endedAt }: Entry): number {
  return Number.isFinite(endedAt) ? startedAt : startedAt + 1e12;
}

/** The state after the operation; undefined where it cannot have gone as its client says. */
function after(state: State, operation: Operation): State | undefined {
  switch (operation.kind) {
    case "read":
      return afterRead(state, operation.saw);
    case "create":
      if (operation.made === "exists") return state.there === "absent" ? undefined : state;
      return state.there === "absent" ? written(state, operation.value, operation.made) : undefined;
    case "update":
      return afterUpdate(state, operation);
    case "upsert":
      return written(state, operation.value, operation.made);
    case "delete":
      return afterDelete(state, operation);
  }
}

function afterRead(state: State, saw: Seen | "absent"): State | undefined {
  const { there } = state;
  if (saw === "absent" || there === "absent") return saw === there ? state : undefined;
  const isSame =
    saw.value === there.value &&
    (there.uid ?? saw.uid) === saw.uid &&
    (there.revision ?? saw.revision) === saw.revision &&
    saw.revision >= state.revision;
  return isSame ? { there: saw, revision: saw.revision } : undefined;
}

function afterUpdate(
  state: State,
  { value, at, made }: Extract<Operation, { kind: "update" }>,
): State | undefined {
  const { there } = state;
  if (made === "absent" || there === "absent") return made === there ? state : undefined;
  if (made === "conflict") return canDiffer(there.revision, at) ? state : undefined;
  return canBe(there.revision, at) ? written(state, value, made) : undefined;
}

function afterDelete(
  state: State,
  { at, uid, made }: Extract<Operation, { kind: "delete" }>,
): State | undefined {
  const { there } = state;
  if (made === "absent" || there === "absent") return made === there ? state : undefined;
  const canMatch =
    canBe(there.revision, at) && (there.uid ?? uid ?? "") === (uid ?? there.uid ?? "");
  const canFail = canDiffer(there.revision, at) || (uid !== undefined && (there.uid ?? "") !== uid);
  if (made === "conflict") return canFail ? state : undefined;
  return canMatch ? { there: "absent", revision: state.revision } : undefined;
}

function canBe(revision: number | undefined, at: number | undefined): boolean {
  return at === undefined || revision === undefined || revision === at;
}

/** Who demands nothing may be told of a conflict too: others overtook it again and again. */
function canDiffer(revision: number | undefined, at: number | undefined): boolean {
  return at === undefined || revision === undefined || revision !== at;
}

function written(state: State, value: string, made: Seen | "unknown"): State | undefined {
  const { there } = state;
  const uid = there === "absent" ? undefined : there.uid;
  if (made === "unknown") {
    return { there: { value, ...(uid !== undefined && { uid }) }, revision: state.revision };
  }
  const isNewer = made.revision > state.revision;
  const isSameObject = uid === undefined || uid === made.uid;
  return made.value === value && isNewer && isSameObject
    ? { there: made, revision: made.revision }
    : undefined;
}

export interface Acknowledged {
  readonly startedAt: number;
  readonly endedAt: number;
  readonly revision: number;
}

/** Pairs of writes, of whatever objects, whose revisions do not follow the order of time. */
export function misordered(
  writes: readonly Acknowledged[],
): readonly (readonly [earlier: Acknowledged, later: Acknowledged])[] {
  return writes.flatMap((later) =>
    writes
      .filter(({ endedAt, revision }) => endedAt < later.startedAt && revision >= later.revision)
      .map((earlier) => [earlier, later] as const),
  );
}
