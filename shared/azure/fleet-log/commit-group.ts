/**
 * Which of the waiting commits share a batch.
 *
 * G1. The commit that waits longest is always among them.
 * G2. Their order does not matter: none writes what another writes or requires, except counts of
 *     one document, which add up.
 * G3. Together they fit in a batch.
 */
import { itemId, type Kind } from "../../lib/document.ts";
import { countNamesMax } from "./counts.ts";
import type { PendingCommit } from "./pending-commit.ts";
import { commitBytesMax } from "./planned-commit.ts";

/** A Cosmos batch takes 100; one is the head's. */
const operationsMax = 99;

/** So many waiting commits are looked at for one group. */
const consideredMax = 500;

export function commitGroup(waiting: readonly PendingCommit[]): readonly PendingCommit[] {
  if (waiting[0]?.isAlone === true) return waiting.slice(0, 1);
  const group: PendingCommit[] = [];
  const taken: Taken = {
    written: new Map(),
    writtenKinds: new Set(),
    required: new Set(),
    requiredKinds: new Set(),
  };
  let operations = 0;
  let bytes = 0;
  for (const pending of waiting.slice(0, consideredMax)) {
    const { planned } = pending;
    if (operations >= operationsMax) break;
    const fits =
      operations + planned.operations <= operationsMax && bytes + planned.bytes <= commitBytesMax;
    if (pending.isAlone || !fits || !isApart(pending, taken)) continue;
    take(pending, taken);
    group.push(pending);
    operations += planned.operations;
    bytes += planned.bytes;
  }
  return group;
}

interface Taken {
  /** By item id: the names that are counted, or undefined when it is written as a whole. */
  readonly written: Map<string, ReadonlySet<string> | undefined>;
  readonly writtenKinds: Set<Kind>;
  readonly required: Set<string>;
  readonly requiredKinds: Set<Kind>;
}

function isApart({ planned }: PendingCommit, taken: Taken): boolean {
  const writesApart = planned.writes.every((write) => {
    const { id, key } = write;
    if (taken.required.has(id) || taken.requiredKinds.has(key.kind)) return false;
    if (!taken.written.has(id)) return true;
    const names = taken.written.get(id);
    if (names === undefined || write.kind !== "count") return false;
    return new Set([...names, ...Object.keys(write.add)]).size <= countNamesMax;
  });
  return (
    writesApart &&
    planned.require.every((each) =>
      each.kind === "none-changed-since"
        ? !taken.writtenKinds.has(each.documents)
        : !taken.written.has(requiredId(each)),
    )
  );
}

function take({ planned }: PendingCommit, taken: Taken): void {
  for (const write of planned.writes) {
    const names = taken.written.get(write.id) ?? [];
    const counted = write.kind === "count" ? [...names, ...Object.keys(write.add)] : undefined;
    taken.written.set(write.id, counted && new Set(counted));
    taken.writtenKinds.add(write.key.kind);
  }
  for (const each of planned.require) {
    if (each.kind === "none-changed-since") taken.requiredKinds.add(each.documents);
    else taken.required.add(requiredId(each));
  }
}

type RequiredDocument = Exclude<
  PendingCommit["planned"]["require"][number],
  { kind: "none-changed-since" }
>;

function requiredId(each: RequiredDocument): string {
  return itemId(each.kind === "absent" ? each.key : each.document.key);
}
