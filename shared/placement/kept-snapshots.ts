import type { Document, Write } from "../lib/document.ts";
import {
  type Counts,
  countsKey,
  placementRef,
  type Snapshot,
  snapshotCountsKey,
} from "../rollout/model.ts";
import type { Placement, Scheduling } from "./model.ts";
import { createPart, type SnapshotContent } from "./snapshot.ts";

/** KubeFleet's default of `revisionHistoryLimit`. */
const snapshotsKeptDefault = 10;

export interface PruneSeen {
  readonly name: string;
  readonly counts: Document<Counts>;
  /** One or two of its documents. */
  readonly documents: readonly Document<Snapshot>[];
}

/** Content that comes back is the snapshot that it was, and the newest again. */
export function keptSnapshots(before: Scheduling, name: string): Scheduling {
  const { snapshots, nextIndex } = before;
  if (snapshots.at(-1)?.name === name) return before;
  const known = snapshots.find((each) => each.name === name);
  return {
    ...before,
    snapshots: [...snapshots.filter((each) => each !== known), known ?? { name, index: nextIndex }],
    nextIndex: known === undefined ? nextIndex + 1 : nextIndex,
  };
}

/** The oldest snapshot when there are more than the placement wants to keep. */
export function surplusSnapshot({ spec, scheduling }: Placement): string | undefined {
  const limit = spec.revisionHistoryLimit ?? snapshotsKeptDefault;
  const { snapshots = [] } = scheduling ?? {};
  return snapshots.length > limit ? snapshots[0]?.name : undefined;
}

/** A snapshot goes document by document: two large ones do not fit into one commit. */
export function prune(
  { name, counts, documents }: PruneSeen,
  scheduling: Scheduling,
): { readonly writes: readonly Write[]; readonly scheduling: Scheduling } {
  const [document] = documents;
  const isLast = documents.length <= 1;
  const own: readonly Write[] = document === undefined ? [] : [{ kind: "delete", document }];
  if (!isLast) return { writes: own, scheduling };
  return {
    writes: [...own, { kind: "delete", document: counts }],
    scheduling: {
      ...scheduling,
      snapshots: scheduling.snapshots.filter((each) => each.name !== name),
    },
  };
}

/** The first part of a snapshot, which makes it whole, and the sums that it needs. */
export function snapshotWrites(
  { placement, counts }: SnapshotOwner,
  content: SnapshotContent,
  { nextIndex: index }: Scheduling,
): readonly Write[] {
  const { fleet, name } = placement.key;
  const refs = [placementRef(name)];
  const body: Counts = { placement: name, counts: {} };
  return [
    createPart({ fleet, placement: name, content, part: 0, index }),
    { kind: "create", key: snapshotCountsKey(fleet, content.name), body, refs },
    ...(counts === undefined
      ? [{ kind: "create", key: countsKey(fleet, name), body, refs } as const]
      : []),
  ];
}

interface SnapshotOwner {
  readonly placement: Document<Placement>;
  /** Sums over the placement; made with its first snapshot. */
  readonly counts: Document<Counts> | undefined;
}
