/**
 * Decides the ServiceImport of one service, which follows from its exports alone.
 *
 * I1. The import is there exactly while an export takes part.
 * I2. What an export is told of conflicts is saved with its snapshot, and only when it changes.
 * I3. Deciding again, with nothing new to see, writes nothing.
 */
import { counted } from "../lib/counted.ts";
import type { Document, Key, Write } from "../lib/document.ts";
import { isEqual } from "../lib/equal.ts";
import type { Instant } from "../lib/instant.ts";
import { type Condition, withCondition } from "../lib/kube-object.ts";
import type { Plan } from "../reconcile/plan.ts";
import { type ExportSnapshot, exportRef, type ServiceImport } from "./model.ts";
import { type MemberExport, type Resolved, resolve, takesPart } from "./resolve.ts";

export interface ImportToDecide {
  readonly key: Key<ServiceImport>;
  readonly document: Document<ServiceImport> | undefined;
  /** All snapshots of the service. */
  readonly snapshots: readonly Document<ExportSnapshot>[];
  readonly now: Instant;
}

/** A commit takes 98 writes; the engine may add one of its own. */
const writesMax = 96;

export function decideImport(seen: ImportToDecide): Plan {
  const before = clustersOf(seen.document);
  const resolved = resolve(seen.snapshots.flatMap(memberExport), before);
  const writes = [...importWrite(seen, resolved), ...conflictWrites(seen, resolved, before)];
  const clusters = resolved.status?.clusters.length ?? 0;
  return {
    writes: writes.slice(0, writesMax),
    actions: [],
    ...(writes.length > writesMax && { again: true }),
    because: `The service has exports of ${counted(clusters, "cluster")}`,
  };
}

/** The members that an import lists. */
export const clustersOf = (document: Document<ServiceImport> | undefined): ReadonlySet<string> =>
  new Set(document?.body.status.clusters.map(({ cluster }) => cluster));

/** Nothing for an export that was withdrawn. */
export const memberExport = ({ body }: Document<ExportSnapshot>): readonly MemberExport[] =>
  body.export === null ? [] : [{ member: body.member, export: body.export }];

function importWrite({ key, document }: ImportToDecide, { status }: Resolved): readonly Write[] {
  if (status === undefined) return document === undefined ? [] : [{ kind: "delete", document }];
  if (document === undefined) {
    const refs = [exportRef(key.namespace ?? "", key.name)];
    return [{ kind: "create", key, body: { metadata: {}, status }, refs }];
  }
  if (isEqual(document.body.status, status)) return [];
  return [{ kind: "replace", document, body: { ...document.body, status } }];
}

function conflictWrites(
  { snapshots, now }: ImportToDecide,
  { conflict }: Resolved,
  before: ReadonlySet<string>,
): readonly Write[] {
  return snapshots.flatMap((document): readonly Write[] => {
    const takes = memberExport(document).some((each) => takesPart(each, before));
    const told = document.body.conditions;
    const conditions: readonly Condition[] = takes ? withCondition(told, conflict, now) : [];
    if (isEqual(told, conditions)) return [];
    return [{ kind: "replace", document, body: { ...document.body, conditions } }];
  });
}
