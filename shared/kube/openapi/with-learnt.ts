import { type Kinds, kindsOf } from "../kinds.ts";
import type { OpenApiSchema, ServedKind, ServedVersion } from "../served-kind.ts";
import { groupVersionPath, type LearntSchemas } from "./schema-set.ts";
import { structuresOf } from "./structure.ts";

const made = new WeakMap<Kinds, WeakMap<LearntSchemas, Kinds>>();

/**
 * The kinds with what was learnt of the built-in ones among them. Kinds with schemas of their own
 * stay as they are. Equal arguments give the same kinds, so what is derived of them can be kept.
 *
 *     const kinds = withLearnt(hubKinds, await learntSchemas(store, fleet));
 */
export function withLearnt(kinds: Kinds, learnt: LearntSchemas): Kinds {
  if (learnt.size === 0) return kinds;
  const byLearnt = made.get(kinds) ?? new WeakMap<LearntSchemas, Kinds>();
  made.set(kinds, byLearnt);
  const found = byLearnt.get(learnt) ?? kindsOf(kinds.all.map((kind) => describe(kind, learnt)));
  byLearnt.set(learnt, found);
  return found;
}

function describe(kind: ServedKind, learnt: LearntSchemas): ServedKind {
  const versions = kind.versions.map((version) => describeVersion(kind, version, learnt));
  const isSame = versions.every((version, index) => version === kind.versions[index]);
  return isSame ? kind : { ...kind, versions };
}

function describeVersion(
  { group, kind }: ServedKind,
  version: ServedVersion,
  learnt: LearntSchemas,
): ServedVersion {
  const isBuiltIn = version.schema === undefined && version.mergeShape !== undefined;
  const schemas = isBuiltIn ? learnt.get(groupVersionPath(group, version.name)) : undefined;
  const name = schemas !== undefined && own(schemas.kinds, kind);
  if (schemas === undefined || !name) return version;
  const structure = (): OpenApiSchema | undefined => structuresOf(schemas).get(name);
  return { ...version, learnt: { schemas, name, structure } };
}

function own(names: Readonly<Record<string, string>>, kind: string): string | undefined {
  return Object.hasOwn(names, kind) ? names[kind] : undefined;
}
