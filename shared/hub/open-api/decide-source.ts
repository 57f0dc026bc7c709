/**
 * Decides whether the hub learns from a member that changed.
 *
 * S1. The first member that is well becomes the source; later ones only when their Kubernetes is
 *     newer, or when the source does not answer.
 * S2. A source that was upgraded is looked at again; one that leaves is replaced by the best of
 *     those that were looked at, and without any by the next one that joins.
 * S3. What was learnt stays until something else was learnt.
 * S4. Of members that join at once, one becomes the source: the others see it and write nothing.
 */
import type { Member } from "../../fleet/model.ts";
import type { Document, FleetId, Write } from "../../lib/document.ts";
import { isEqual } from "../../lib/equal.ts";
import type { Instant } from "../../lib/instant.ts";
import type { Plan } from "../../reconcile/plan.ts";
import { type LearntOpenApi, type OpenApiSource, openApiKey } from "./model.ts";
import { bestSource, isLeaving, isNewer, sourceOf } from "./sources.ts";

/** So often in a row the source is asked before another member is. */
export const triesMax = 3;

export interface SourceToDecide {
  readonly fleet: FleetId;
  readonly name: string;
  /** Undefined: there is no such member. */
  readonly member: Document<Member> | undefined;
  readonly summary: Document<LearntOpenApi> | undefined;
  /** Some of the fleet's members, looked up only when the source leaves. */
  readonly others: readonly Document<Member>[];
  readonly now: Instant;
}

export function decideSource(seen: SourceToDecide): Plan {
  const { fleet, summary, now } = seen;
  const source = nextSource(seen);
  if (isEqual(source, summary?.body.source)) {
    return { writes: [], actions: [], because: "Member changes nothing about what is learnt" };
  }
  const because =
    source === undefined
      ? "OpenAPI is learnt from the next member that joins"
      : `OpenAPI is learnt from ${source.member} (${source.kubernetesVersion})`;
  const { trouble: _, source: __, ...known } = summary?.body ?? { hashes: {} };
  const body: LearntOpenApi = { ...known, ...(source !== undefined && { source }) };
  const write: Write =
    summary === undefined
      ? { kind: "create", key: openApiKey(fleet), body, wakeAt: now }
      : { kind: "replace", document: summary, body, wakeAt: now };
  return { writes: [write], actions: [], because };
}

/** The source as it should be; undefined for none. */
function nextSource({ name, member, summary, others }: SourceToDecide): OpenApiSource | undefined {
  const candidate = sourceOf(member);
  const { source, trouble } = summary?.body ?? {};
  if (source === undefined) return candidate;
  if (source.member === name) {
    return isGone(member) ? bestSource(others, name) : (candidate ?? source);
  }
  const isSourceAway = (trouble?.tries ?? 0) >= triesMax;
  const isWanted = candidate !== undefined && (isSourceAway || isNewer(candidate, source));
  return isWanted ? candidate : source;
}

const isGone = (member: Document<Member> | undefined): boolean =>
  member === undefined || isLeaving(member);

/** Whether `decideSource` has to know other members. */
export function needsOthers({ name, member, summary }: Omit<SourceToDecide, "others">): boolean {
  return summary?.body.source?.member === name && isGone(member);
}
