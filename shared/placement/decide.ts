/**
 * Decides what a placement places and where: selects, takes a snapshot, schedules.
 *
 * P1. Nothing is bound before its snapshot is saved.
 * P2. What does not fit into one commit follows in the next. A crash in between loses nothing,
 *     because what is left follows from what is saved.
 * P3. A policy counts as scheduled only when nothing was left to change and no cluster changed
 *     since the clusters were read. From then on each cluster that changes is judged alone.
 * P4. A selection that is not valid changes no cluster.
 */
import { type ClusterProfile, clusterProfileKind } from "../fleet/model.ts";
import type { Document, Revision, Write } from "../lib/document.ts";
import { isEqual } from "../lib/equal.ts";
import type { Instant } from "../lib/instant.ts";
import type { Plan } from "../reconcile/plan.ts";
import {
  type BindingChange,
  bindingsPerCommitMax,
  bindingWrites,
} from "../rollout/binding-change.ts";
import { countChange, countsAfter } from "../rollout/counting.ts";
import { type Binding, type Counts, snapshotCountsName } from "../rollout/model.ts";
import { rollForward } from "../rollout/roll-forward.ts";
import { bindingChanges } from "./binding-changes.ts";
import {
  keptSnapshots,
  type PruneSeen,
  prune,
  snapshotWrites,
  surplusSnapshot,
} from "./kept-snapshots.ts";
import type { Placement, Scheduling } from "./model.ts";
import { placementStatus, type Scheduled } from "./placement-status.ts";
import { profile } from "./profile.ts";
import { type Schedule, schedule } from "./schedule.ts";
import { isPolicyNew, policyHash } from "./scheduling-due.ts";
import type { Selection } from "./select.ts";
import { createPart, type SnapshotContent } from "./snapshot.ts";

export interface PlacementToDecide {
  readonly placement: Document<Placement>;
  readonly selection: SelectionSeen;
  /** Sums over the placement; undefined before the first snapshot. */
  readonly counts: Document<Counts> | undefined;
  /** Read only when scheduling is due. */
  readonly scheduling?: SchedulingSeen;
  /** Bindings that want an older snapshot; read when there are some. */
  readonly stale: readonly Document<Binding>[];
  /** The oldest snapshot, when there are too many and no cluster holds it. */
  readonly prune?: PruneSeen;
  readonly now: Instant;
}

export type SelectionSeen =
  | (Selection & { readonly kind: "invalid" })
  | (Selection & { readonly kind: "selected"; readonly snapshot: SnapshotSeen });

export interface SnapshotSeen {
  readonly content: SnapshotContent;
  /** Sums over those who want it; undefined until all of it is saved. */
  readonly counts: Counts["counts"] | undefined;
  /** Of one that is not saved yet: the numbers of the parts that are. */
  readonly partsSaved: ReadonlySet<number>;
}

export interface SchedulingSeen {
  readonly clusters: readonly Document<ClusterProfile>[];
  readonly bindings: readonly Document<Binding>[];
  /** Read before the clusters were. */
  readonly revision: Revision;
}

const nothingScheduled: Scheduling = { snapshots: [], nextIndex: 0, waves: 0, unselected: [] };

export function decidePlacement(seen: PlacementToDecide): Plan {
  const { placement, selection } = seen;
  const { key, body } = placement;
  const before = body.scheduling ?? nothingScheduled;
  if (selection.kind === "invalid") {
    const { reason } = selection;
    return { ...save(seen, before, { kind: "invalid", reason }), because: reason };
  }
  const { content, counts, partsSaved } = selection.snapshot;
  const part = content.parts.findIndex((_, each) => each > 0 && !partsSaved.has(each));
  if (counts === undefined && part > 0) {
    const toCreate = { fleet: key.fleet, placement: key.name, content, part };
    return {
      writes: [createPart({ ...toCreate, index: before.nextIndex })],
      actions: [],
      again: true,
      because: `Saves part ${part} of snapshot "${content.name}"`,
    };
  }
  return place(seen, selection.snapshot, before);
}

function place(seen: PlacementToDecide, snapshot: SnapshotSeen, before: Scheduling): Plan {
  const { placement, scheduling, stale } = seen;
  const { name } = snapshot.content;
  const isNew = snapshot.counts === undefined;
  const kept = keptSnapshots(before, name);
  const chosen = scheduling && choose(placement, scheduling);
  const owed = owedChanges(seen, chosen, name);
  const changes = owed.length > 0 ? owed.slice(0, bindingsPerCommitMax) : moved(seen, name);
  const isChosen = owed.length <= bindingsPerCommitMax;
  const isIdle = !isNew && changes.length === 0;
  const pruned = isIdle && seen.prune ? prune(seen.prune, kept) : undefined;
  const next: Scheduling = {
    ...(pruned?.scheduling ?? kept),
    ...(chosen !== undefined && afterChoice(placement.body, chosen, isChosen)),
    waves: kept.waves + (changes.length > 0 ? 1 : 0),
  };
  const saved = save(seen, next, scheduledAs(seen, chosen, isChosen), changes);
  const hasSurplus = surplusSnapshot({ ...placement.body, scheduling: next }) !== undefined;
  return {
    ...saved,
    writes: [
      ...(isNew ? snapshotWrites(seen, snapshot.content, before) : []),
      ...(pruned?.writes ?? []),
      ...saved.writes,
    ],
    ...(scheduling !== undefined && isChosen && { require: [unchangedSince(seen, scheduling)] }),
    again:
      !isChosen ||
      (owed.length > 0 && stale.length > 0) ||
      (isNew && hasSurplus) ||
      pruned !== undefined,
    because: `Snapshot "${name}": ${changes.length} bindings change`,
  };
}

function afterChoice(
  { spec }: Placement,
  { unselected }: Schedule,
  isChosen: boolean,
): Partial<Scheduling> {
  return { unselected, ...(isChosen && { policyHash: policyHash(spec) }) };
}

function scheduledAs(
  { selection }: PlacementToDecide,
  chosen: Schedule | undefined,
  isChosen: boolean,
): Scheduled {
  if (!isChosen) return { kind: "pending" };
  const objects = selection.kind === "selected" ? selection.manifests.length : 0;
  return { kind: "done", isFulfilled: chosen?.isFulfilled ?? true, objects };
}

function choose(placement: Document<Placement>, { clusters, bindings }: SchedulingSeen): Schedule {
  const { body } = placement;
  const toSchedule = {
    policy: body.spec.policy ?? {},
    clusters: clusters.map((each) => each.body),
    bindings: bindings.map((each) => each.body),
    policyChanged: isPolicyNew(body),
  };
  return schedule(toSchedule, profile);
}

function owedChanges(
  { placement, scheduling, now }: PlacementToDecide,
  chosen: Schedule | undefined,
  snapshot: string,
): readonly BindingChange[] {
  if (chosen === undefined || scheduling === undefined) return [];
  return bindingChanges({ placement, chosen, bindings: scheduling.bindings, snapshot, now });
}

function moved(
  { placement, counts, stale, now }: PlacementToDecide,
  snapshot: string,
): readonly BindingChange[] {
  const { bindings = 0, ready = 0 } = counts?.body.counts ?? {};
  const { rollingUpdate } = placement.body.spec.strategy ?? {};
  return rollForward({ snapshot, stale, bindings, ready, rollingUpdate, now });
}

/** P3 */
const unchangedSince = ({ placement }: PlacementToDecide, { revision }: SchedulingSeen) =>
  ({
    kind: "none-changed-since",
    fleet: placement.key.fleet,
    documents: clusterProfileKind,
    revision,
  }) as const;

/** The bindings' changes, and the placement with what follows from them. */
function save(
  { placement, selection, counts, now }: PlacementToDecide,
  scheduling: Scheduling,
  scheduled: Scheduled,
  changes: readonly BindingChange[] = [],
): Omit<Plan, "because"> {
  const { key, generation } = placement;
  const differences = changes.map(({ before, after }) => countChange(before?.body, after));
  const snapshot = selection.kind === "selected" ? selection.snapshot : undefined;
  const body: Placement = { ...placement.body, scheduling };
  const status = placementStatus({
    placement: body,
    generation,
    scheduled,
    ...(selection.kind === "selected" && { manifests: selection.manifests }),
    counts: countsAfter(key.name, counts?.body.counts, differences),
    snapshot:
      snapshot &&
      countsAfter(snapshotCountsName(snapshot.content.name), snapshot.counts, differences),
    now,
  });
  const after: Placement = { ...body, status };
  const own: Write = { kind: "replace", document: placement, body: after };
  return {
    writes: [
      ...bindingWrites(key.fleet, changes),
      ...(isEqual(after, placement.body) ? [] : [own]),
    ],
    actions: [],
  };
}
