import type { ExportSeen } from "../../../shared/traffic/model.ts";

/** What the fleet should know of one export. */
export interface Snapshot {
  /** "demo/web" */
  readonly name: string;
  readonly sequence: number;
  /** Null: withdrawn. */
  readonly export: ExportSeen | null;
}

interface Kept extends Snapshot {
  /** Equal for equal exports. */
  readonly digest: string;
  readonly toldSequence: number;
  readonly toldAtMilliseconds: number;
  /** Told already; told again because it may have been lost. */
  readonly isRepetition: boolean;
}

/** The latest snapshot of each export, and which of them the fleet must still be told. */
export interface Snapshots {
  /** An equal one changes nothing; null for an export that was never told of neither. */
  change(name: string, seen: ExportSeen | null): void;
  /** The moment at which the next one is due, on the clock of `now`; undefined: none is owed. */
  nextDue(): number | undefined;
  /** At most `max` of those that are due. */
  due(now: number, max: number): readonly Snapshot[];
  /** They were told: what changed since then is owed still. */
  told(snapshots: readonly Snapshot[], now: number): void;
  /** All are owed again; those withdrawn and told are forgotten. */
  repeat(): void;
}

/**
 * One sequence serves all exports of an epoch, so a name that is forgotten and comes back never
 * counts from 1 again. A first change is due at once, what follows within the window waits for its
 * end: at most one event a window for each export, and always with the newest state.
 */
export function snapshots(windowMilliseconds: number): Snapshots {
  const all = new Map<string, Kept>();
  let lastSequence = 0;
  const isOwed = (kept: Kept) => kept.isRepetition || kept.toldSequence < kept.sequence;
  const dueAt = (kept: Kept) => kept.toldAtMilliseconds + windowMilliseconds;

  return {
    change(name, seen) {
      const before = all.get(name);
      if (before === undefined && seen === null) return;
      const digest = JSON.stringify(seen);
      if (before?.digest === digest) return;
      all.set(name, {
        toldSequence: 0,
        toldAtMilliseconds: Number.NEGATIVE_INFINITY,
        isRepetition: false,
        ...before,
        name,
        export: seen,
        digest,
        sequence: ++lastSequence,
      });
    },
    nextDue() {
      const owed = [...all.values()].filter(isOwed).map(dueAt);
      return owed.length === 0 ? undefined : Math.min(...owed);
    },
    due: (now, max) =>
      [...all.values()].filter((kept) => isOwed(kept) && dueAt(kept) <= now).slice(0, max),
    told(some, now) {
      for (const { name, sequence } of some) {
        const kept = all.get(name);
        if (kept === undefined) continue;
        all.set(name, {
          ...kept,
          toldSequence: sequence,
          toldAtMilliseconds: now,
          isRepetition: false,
        });
      }
    },
    repeat() {
      for (const [name, kept] of all) {
        if (kept.export === null && !isOwed(kept)) all.delete(name);
        else all.set(name, { ...kept, isRepetition: true });
      }
    },
  };
}
