/**
 * Decides what is kept of the source's OpenAPI.
 *
 * L1. The source is asked when it is another one or another version than what was learnt, and once
 *     a day; only documents whose hash changed are read and written.
 * L2. What was learnt stays when the source does not answer or has no OpenAPI v3.
 * L3. A source that does not answer is asked less and less often; then another member is.
 * L4. More than one commit takes is written in several: each knows what is written already, and
 *     until the last one nothing counts as learnt.
 */
import type { Member } from "../../fleet/model.ts";
import type { Document, Write } from "../../lib/document.ts";
import { hasPassed, type Instant, plusSeconds } from "../../lib/instant.ts";
import type { Plan } from "../../reconcile/plan.ts";
import { triesMax } from "./decide-source.ts";
import { type KeptSchemas, keptSchemasKey, type LearntOpenApi } from "./model.ts";
import { bestSource } from "./sources.ts";

/** Nobody tells that a cluster got a patch of its control plane without a new version. */
const learntSecondsMax = 24 * 60 * 60;
/** Between tries of a source that does not answer; the last one for all further tries. */
const retrySeconds = [10, 30, 120, 600, 3600] as const;
/** Base64 of one commit, which takes 1.8 MB. */
const commitCharactersMax = 1_200_000;

/** What the source told, packed. */
export type SourceSeen =
  | {
      readonly kind: "seen";
      readonly hashes: Readonly<Record<string, string>>;
      readonly changed: readonly ChangedSchemas[];
      /** Documents of what the source has no more. */
      readonly gone: readonly Document<KeptSchemas>[];
    }
  | { readonly kind: "absent" }
  | { readonly kind: "unreachable"; readonly reason: string };

export interface ChangedSchemas {
  readonly groupVersion: string;
  readonly body: KeptSchemas;
  /** What is kept of it until now. */
  readonly document: Document<KeptSchemas> | undefined;
}

export interface OpenApiToDecide {
  readonly summary: Document<LearntOpenApi>;
  /** Undefined: it was not asked, for nothing is due. */
  readonly seen: SourceSeen | undefined;
  /** Some of the fleet's members, looked up only when the source does not answer. */
  readonly others: readonly Document<Member>[];
  readonly now: Instant;
}

/** Whether the source has to be asked now. */
export function isDue(body: LearntOpenApi, now: Instant): boolean {
  const at = nextLook(body);
  return at === undefined || (at !== "never" && hasPassed(at, now));
}

/** Undefined: at once; "never": before there is another source. */
function nextLook({ source, learnt, trouble }: LearntOpenApi): Instant | "never" | undefined {
  if (source === undefined) return "never";
  if (trouble !== undefined) {
    const seconds = retrySeconds[Math.min(trouble.tries, retrySeconds.length) - 1];
    return plusSeconds(trouble.at, seconds ?? 0);
  }
  const isLearnt =
    learnt !== undefined &&
    learnt.cluster === source.cluster &&
    learnt.kubernetesVersion === source.kubernetesVersion;
  return isLearnt ? plusSeconds(learnt.at, learntSecondsMax) : undefined;
}

export function decideOpenApi(toDecide: OpenApiToDecide): Plan {
  const { summary, seen } = toDecide;
  const { body } = summary;
  if (seen === undefined) return plan([], body, "OpenAPI is known");
  switch (seen.kind) {
    case "seen":
      return keep(toDecide, seen);
    case "absent":
      return replaced(toDecide, done(toDecide, body.hashes), `${nameOf(body)} has no OpenAPI v3`);
    case "unreachable":
      return unanswered(toDecide, seen.reason);
  }
}

const nameOf = ({ source }: LearntOpenApi): string => source?.member ?? "";

function keep(toDecide: OpenApiToDecide, seen: SourceSeen & { kind: "seen" }): Plan {
  const { summary } = toDecide;
  const now = inOneCommit(seen.changed);
  const known = { ...summary.body.hashes };
  for (const { groupVersion, body } of now) known[groupVersion] = body.hash;
  const hashes = Object.fromEntries(
    Object.entries(known).filter(([groupVersion]) => seen.hashes[groupVersion] !== undefined),
  );
  const writes = [...now.map((each) => write(toDecide, each)), ...seen.gone.map(deletion)];
  const isAll = Object.entries(seen.hashes).every(([path, hash]) => hashes[path] === hash);
  if (isAll) {
    const body = done(toDecide, hashes);
    return replaced(toDecide, body, `OpenAPI is learnt from ${nameOf(body)}`, writes);
  }
  if (writes.length === 0) return unanswered(toDecide, "its OpenAPI documents cannot be read");
  const { trouble: _, learnt: __, ...rest } = summary.body;
  const body = { ...rest, hashes };
  const because = `OpenAPI is learnt from ${nameOf(body)} in parts`;
  return { ...replaced(toDecide, body, because, writes), again: true };
}

/** As many as fit; at least one. */
function inOneCommit(changed: readonly ChangedSchemas[]): readonly ChangedSchemas[] {
  let characters = 0;
  return changed.filter(({ body }, index) => {
    characters += body.gzip.length;
    return index === 0 || characters <= commitCharactersMax;
  });
}

function write({ summary }: OpenApiToDecide, changed: ChangedSchemas): Write {
  const { groupVersion, body, document } = changed;
  if (document !== undefined) return { kind: "replace", document, body };
  return { kind: "create", key: keptSchemasKey(summary.key.fleet, groupVersion), body };
}

const deletion = (document: Document<KeptSchemas>): Write => ({ kind: "delete", document });

function done({ summary, now }: OpenApiToDecide, hashes: LearntOpenApi["hashes"]): LearntOpenApi {
  const { source } = summary.body;
  return { ...(source !== undefined && { source, learnt: { ...source, at: now } }), hashes };
}

function unanswered({ summary, others, now }: OpenApiToDecide, reason: string): Plan {
  const { body } = summary;
  const tries = (body.trouble?.tries ?? 0) + 1;
  const other = tries < triesMax ? undefined : bestSource(others, nameOf(body));
  const { trouble: _, ...rest } = body;
  const next: LearntOpenApi =
    other === undefined
      ? { ...body, trouble: { reason, tries, at: now } }
      : { ...rest, source: other };
  const because = `${nameOf(body)} does not tell its OpenAPI: ${reason}`;
  return { ...replaced({ summary }, next, because), ...(other !== undefined && { again: true }) };
}

function replaced(
  { summary }: Pick<OpenApiToDecide, "summary">,
  body: LearntOpenApi,
  because: string,
  more: readonly Write[] = [],
): Plan {
  return plan([...more, { kind: "replace", document: summary, body }], body, because);
}

function plan(writes: readonly Write[], body: LearntOpenApi, because: string): Plan {
  const wakeAt = nextLook(body);
  const isKnown = wakeAt !== undefined && wakeAt !== "never";
  return { writes, actions: [], ...(isKnown && { wakeAt }), because };
}
