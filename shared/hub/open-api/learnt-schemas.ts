import { createHash } from "node:crypto";
import type { Store } from "../../effects/store.ts";
import { unpackSchemas } from "../../kube/openapi/packed-schemas.ts";
import type { LearntSchemas, SchemaSet } from "../../kube/openapi/schema-set.ts";
import type { Document, FleetId } from "../../lib/document.ts";
import { type KeptSchemas, keptSchemasKind, openApiKey } from "./model.ts";

/** What a process knows is looked at again after this, with one point read. */
const keptMilliseconds = 5_000;
/** What was learnt by so many fleets is kept; those asked for last stay longest. */
const fleetsMax = 1_000;

interface Kept {
  readonly learnt: Promise<Known>;
  readonly atMilliseconds: number;
}

interface Known {
  /** Of the summary; 0 for none. */
  readonly revision: number;
  readonly learnt: LearntSchemas;
}

const nothing: Known = { revision: 0, learnt: new Map() };

const stores = new WeakMap<Store, Map<FleetId, Kept>>();

/**
 * What is learnt of built-in kinds, for `withLearnt`: the same object until something else is
 * learnt, and an empty one as long as nothing is. It costs one point read in five seconds, and one
 * query after a change. While the store does not answer, what was known stays.
 */
export async function learntSchemas(store: Store, fleet: FleetId): Promise<LearntSchemas> {
  const fleets = stores.get(store) ?? new Map<FleetId, Kept>();
  stores.set(store, fleets);
  const kept = fleets.get(fleet);
  const now = performance.now();
  if (kept !== undefined && now - kept.atMilliseconds < keptMilliseconds) {
    return (await kept.learnt).learnt;
  }
  const learnt = newest(store, fleet, kept?.learnt);
  fleets.delete(fleet);
  fleets.set(fleet, { learnt, atMilliseconds: now });
  const [oldest] = fleets.keys();
  if (fleets.size > fleetsMax && oldest !== undefined) fleets.delete(oldest);
  return (await learnt).learnt;
}

async function newest(
  store: Store,
  fleet: FleetId,
  before: Promise<Known> | undefined,
): Promise<Known> {
  const known = (await before) ?? nothing;
  try {
    const summary = await store.read(openApiKey(fleet));
    if (summary === undefined) return nothing;
    const { revision, body } = summary;
    if (revision === known.revision) return known;
    const learnt = await load(store, fleet, Object.keys(body.hashes).length);
    return { revision, learnt: isSame(learnt, known.learnt) ? known.learnt : learnt };
  } catch {
    return known;
  }
}

async function load(store: Store, fleet: FleetId, count: number): Promise<LearntSchemas> {
  if (count === 0) return nothing.learnt;
  const { documents } = await store.list({ fleet, kind: keptSchemasKind });
  return new Map(documents.map((document) => [document.key.name, schemaSetOf(document)]));
}

/** The daily look changes the summary and no schema. */
function isSame(one: LearntSchemas, other: LearntSchemas): boolean {
  return one.size === other.size && [...one].every(([path, set]) => other.get(path) === set);
}

/** One object for equal schemas in a process, whichever fleet learnt them. */
const sets = new Map<string, WeakRef<SchemaSet>>();
const forgotten = new FinalizationRegistry<string>((digest) => {
  if (sets.get(digest)?.deref() === undefined) sets.delete(digest);
});

function schemaSetOf({ body }: Document<KeptSchemas>): SchemaSet {
  const { kinds, gzip } = body;
  // Not the member's hash: what one fleet's member claims is no business of another fleet's.
  const digest = createHash("sha256")
    .update(JSON.stringify([kinds, gzip]))
    .digest("hex");
  const known = sets.get(digest)?.deref();
  if (known !== undefined) return known;
  const packed = Buffer.from(gzip, "base64");
  const set: SchemaSet = { hash: digest, kinds, read: () => unpackSchemas(packed) };
  sets.set(digest, new WeakRef(set));
  forgotten.register(set, digest);
  return set;
}
