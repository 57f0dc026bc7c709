import type { ServedKind, ServedVersion } from "./served-kind.ts";

/**
 * The kinds that an API serves. It never changes: an API that learns a new kind (a
 * CustomResourceDefinition) is given new `Kinds`, so what is derived of them can be kept.
 */
export interface Kinds {
  readonly all: readonly ServedKind[];
  /** By its name in a path: `find("apps", "deployments")`. */
  readonly find: (group: string, plural: string) => ServedKind | undefined;
  /** By what a manifest says: `findKind("apps", "Deployment")`. */
  readonly findKind: (group: string, kind: string) => ServedKind | undefined;
}

/** Throws `RangeError` when two kinds share a name: one of them could never be reached. */
export function kindsOf(all: readonly ServedKind[]): Kinds {
  const byPlural = byName(all, ({ group, plural }) => `${group}/${plural}`);
  const byKind = byName(all, ({ group, kind }) => `${group}/${kind}`);
  return {
    all,
    find: (group, plural) => byPlural.get(`${group}/${plural}`),
    findKind: (group, kind) => byKind.get(`${group}/${kind}`),
  };
}

function byName(
  all: readonly ServedKind[],
  nameOf: (kind: ServedKind) => string,
): ReadonlyMap<string, ServedKind> {
  const map = new Map<string, ServedKind>();
  for (const kind of all) {
    const name = nameOf(kind);
    if (map.has(name)) throw new RangeError(`Cannot serve "${name}" twice: names must be unique`);
    map.set(name, kind);
  }
  return map;
}

export function versionOf(kind: ServedKind, version: string): ServedVersion | undefined {
  return kind.versions.find(({ name }) => name === version);
}

/** "apps/v1", "v1" */
export function apiVersionOf(kind: Pick<ServedKind, "group">, version: string): string {
  return kind.group === "" ? version : `${kind.group}/${version}`;
}

/** "apps/v1" → ["apps", "v1"], "v1" → ["", "v1"]. */
export function splitApiVersion(apiVersion: string): [group: string, version: string] {
  const slash = apiVersion.indexOf("/");
  return slash < 0 ? ["", apiVersion] : [apiVersion.slice(0, slash), apiVersion.slice(slash + 1)];
}

/** The verbs of a kind, in the order that Kubernetes lists them. */
export function verbsOf(kind: ServedKind): readonly string[] {
  if (kind.readOnly === true) return readVerbs;
  const isCustom = kind.versions.every(({ mergeShape }) => mergeShape === undefined);
  if (isCustom) return customVerbs;
  // All namespaces at once are deleted by nobody on purpose.
  return kind.holdsNamespaces === true ? verbsOfNamespaces : allVerbs;
}

const readVerbs = ["get", "list", "watch"];
/** The order that custom resources are discovered in. */
const customVerbs = [
  "delete",
  "deletecollection",
  "get",
  "list",
  "patch",
  "create",
  "update",
  "watch",
];
const allVerbs = [
  "create",
  "delete",
  "deletecollection",
  "get",
  "list",
  "patch",
  "update",
  "watch",
];
const verbsOfNamespaces = allVerbs.filter((verb) => verb !== "deletecollection");

/** All group versions that are served, each group's preferred version first. */
export function groupVersionsOf(kinds: Kinds): readonly GroupVersions[] {
  const groups = new Map<string, Set<string>>();
  for (const { group, versions } of kinds.all) {
    const known = groups.get(group) ?? new Set();
    for (const { name } of versions) known.add(name);
    groups.set(group, known);
  }
  return [...groups].map(([group, versions]) => ({
    group,
    versions: [...versions].sort((left, right) => priority(right) - priority(left)),
  }));
}

export interface GroupVersions {
  readonly group: string;
  readonly versions: readonly string[];
}

/** GA before beta before alpha, then the higher number: Kubernetes' version priority. */
function priority(version: string): number {
  const match = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version);
  if (match === null) return -1;
  const [, major, stage, minor] = match;
  const stages = { alpha: 1, beta: 2 };
  const rank = stage === undefined ? 3 : stages[stage as keyof typeof stages];
  return rank * 1e9 + Number(major) * 1e4 + Number(minor ?? 0);
}
