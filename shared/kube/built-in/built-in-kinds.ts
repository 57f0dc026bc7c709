import { documentKind, type ServedKind, type ServedVersion } from "../served-kind.ts";
import { forgivingStored } from "../validation/forgiving-stored.ts";
import { deprecatedVersions, warningsOfKinds } from "../warnings/warnings-of-kinds.ts";
import { accessKinds } from "./access-kinds.ts";
import type { BuiltIn } from "./built-in.ts";
import { coordinationKinds } from "./coordination-kinds.ts";
import { coreKinds } from "./core-kinds.ts";
import { extensionKinds } from "./extension-kinds.ts";
import { networkKinds } from "./network-kinds.ts";
import { nodeKinds } from "./node-kinds.ts";
import { storageKinds } from "./storage-kinds.ts";
import { workloadKinds } from "./workload-kinds.ts";

/**
 * Kubernetes' own resources (1.34), without schemas: objects of these kinds are kept as they are,
 * which is all that a template needs, if their values are right (`validation/`). Names, scopes,
 * columns and merge keys are right. What a cluster says of their fields is added by `withLearnt`.
 */
export function builtInKinds(): readonly ServedKind[] {
  return [
    ...coreKinds,
    ...workloadKinds,
    ...accessKinds,
    ...networkKinds,
    ...coordinationKinds,
    ...storageKinds,
    ...extensionKinds,
    ...nodeKinds,
  ].map(servedKind);
}

function servedKind(kind: BuiltIn): ServedKind {
  const { group, plural, columns, mergeShape, ...more } = kind;
  const { versions = ["v1"], otherVersions = [], documents, ...rest } = more;
  const warn = warningsOfKinds.get(`${group}/${kind.kind}`);
  return {
    ...rest,
    group,
    plural,
    singular: kind.kind.toLowerCase(),
    namespaced: kind.namespaced ?? true,
    hasStatus: kind.hasStatus ?? false,
    documents: documents ?? documentKind(group, plural),
    ...(kind.validate !== undefined && { validate: forgivingStored(kind.validate) }),
    ...(warn !== undefined && { warn }),
    versions: [...versions.map((name) => ({ name })), ...otherVersions].map((version) => ({
      ...version,
      mergeShape: mergeShape ?? {},
      ...deprecation(`${group}/${version.name} ${kind.kind}`),
      ...(columns !== undefined && { columns }),
    })),
  };
}

function deprecation(version: string): Pick<ServedVersion, "deprecationWarning"> {
  const deprecationWarning = deprecatedVersions.get(version);
  return deprecationWarning === undefined ? {} : { deprecationWarning };
}
