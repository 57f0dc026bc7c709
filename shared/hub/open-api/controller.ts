import type { Effects } from "../../effects/effects.ts";
import type { OpenApiSeen } from "../../effects/members.ts";
import { type Member, memberKind } from "../../fleet/model.ts";
import { builtInGroupVersions } from "../../kube/built-in/group-versions.ts";
import { type Document, type FleetId, type Key, keyOf } from "../../lib/document.ts";
import { type Controller, controller, type Observed } from "../../reconcile/controller.ts";
import { decideOpenApi, isDue, type OpenApiToDecide, type SourceSeen } from "./decide.ts";
import { decideSource, needsOthers, type SourceToDecide } from "./decide-source.ts";
import { keptSchemas } from "./kept-schemas.ts";
import { keptSchemasKey, type LearntOpenApi, openApiKey } from "./model.ts";

/** Keeps what the hub knows of built-in kinds as its source tells it. */
export const openApiController = controller<OpenApiToDecide, never>({
  observe: observeOpenApi,
  decide: decideOpenApi,
  act: async (action) => action,
} satisfies Controller<OpenApiToDecide, never>);

/** Looks whether a member that changed is, or should be, the source. */
export const openApiMemberController = controller<SourceToDecide, never>({
  observe: observeMember,
  decide: decideSource,
  act: async (action) => action,
} satisfies Controller<SourceToDecide, never>);

/** The next source is looked for among so many members, not in the whole fleet. */
const othersMax = 50;

async function observeMember(key: Key, effects: Effects): Promise<Observed<SourceToDecide>> {
  const { fleet, name } = key;
  const [member, summary] = await Promise.all([
    effects.store.read(keyOf(memberKind, fleet, name)),
    effects.store.read(openApiKey(fleet)),
  ]);
  const sight = { fleet, name, member, summary, now: effects.clock.now() };
  const others = needsOthers(sight) ? await otherMembers(fleet, effects) : [];
  return { seen: { ...sight, others } };
}

async function observeOpenApi(
  key: Key,
  effects: Effects,
): Promise<Observed<OpenApiToDecide> | undefined> {
  const summary = await effects.store.read(key as Key<LearntOpenApi>);
  if (summary === undefined) return undefined;
  const now = effects.clock.now();
  const seen = isDue(summary.body, now) ? await askSource(summary, effects) : undefined;
  const isAnswered = seen === undefined || seen.kind === "absent" || isSomethingNew(seen, summary);
  const others = isAnswered ? [] : await otherMembers(key.fleet, effects);
  return { document: summary, seen: { summary, seen, others, now } };
}

/** False for a source that told nothing although there is something to tell. */
function isSomethingNew(seen: SourceSeen, { body }: Document<LearntOpenApi>): boolean {
  if (seen.kind !== "seen") return false;
  const isKnown = Object.entries(seen.hashes).every(([path, hash]) => body.hashes[path] === hash);
  return isKnown || seen.changed.length > 0;
}

async function otherMembers(
  fleet: FleetId,
  { store }: Effects,
): Promise<readonly Document<Member>[]> {
  return (await store.list({ fleet, kind: memberKind, limit: othersMax })).documents;
}

async function askSource(
  { key, body }: Document<LearntOpenApi>,
  effects: Effects,
): Promise<SourceSeen | undefined> {
  if (body.source === undefined) return undefined;
  const kinds = builtInGroupVersions();
  const groupVersions = [...kinds.keys()];
  const asked = { groupVersions, known: body.hashes };
  const seen: OpenApiSeen = await effects.members.openApi(body.source.cluster, asked);
  if (seen.kind !== "seen") return seen;
  const read = async (groupVersion: string) =>
    await effects.store.read(keptSchemasKey(key.fleet, groupVersion));
  const gone = Object.keys(body.hashes).filter((path) => seen.hashes[path] === undefined);
  return {
    kind: "seen",
    hashes: seen.hashes,
    changed: await Promise.all(
      seen.changed.map(async (each) => ({
        groupVersion: each.groupVersion,
        body: keptSchemas(each, kinds.get(each.groupVersion) ?? []),
        document: await read(each.groupVersion),
      })),
    ),
    gone: (await Promise.all(gone.map(read))).filter((document) => document !== undefined),
  };
}
