import { groupVersionPath } from "../openapi/schema-set.ts";
import { builtInKinds } from "./built-in-kinds.ts";

/** The kinds of each group version that is Kubernetes' own: "apis/apps/v1" has "Deployment", … */
export function builtInGroupVersions(): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { group, kind, versions } of builtInKinds()) {
    for (const { name } of versions) {
      const path = groupVersionPath(group, name);
      found.set(path, [...(found.get(path) ?? []), kind]);
    }
  }
  return found;
}
