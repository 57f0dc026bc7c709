/**
 * How a changed object of the hub finds the placements that select it: by refs, so that nobody
 * reads every placement for every change.
 */

import { builtInResources, documentsOf } from "./hub-resources.ts";
import type { PlacementSpec, ResourceSelector } from "./model.ts";

/**
 * The refs of a placement: "selects:namespaces/demo" for an object by its name,
 * "selects:namespaces" for objects by labels, "selects:example.com/*" for any of a group whose
 * kinds only the hub's definitions know.
 */
export function selectionRefs({ resourceSelectors }: PlacementSpec): readonly string[] {
  return [...new Set(resourceSelectors.map(refOf))].toSorted();
}

function refOf({ group, kind, name }: ResourceSelector): string {
  const resource = builtInResources.find((each) => each.group === group && each.kind === kind);
  if (resource === undefined) return `selects:${group}/*`;
  const documents = documentsOf(resource);
  return name === undefined ? `selects:${documents}` : `selects:${documents}/${name}`;
}

/**
 * The refs of all placements that may select a changed object, or the namespace that it lives in.
 * `kind` is that of its document: "apps/deployments".
 */
export function refsOfChangedObject(
  kind: string,
  namespace: string | undefined,
  name: string,
): readonly string[] {
  if (namespace !== undefined) return [`selects:namespaces/${namespace}`, "selects:namespaces"];
  const slash = kind.indexOf("/");
  const group = slash < 0 ? "" : kind.slice(0, slash);
  const isOwn = builtInResources.some((each) => documentsOf(each) === kind);
  return isOwn ? [`selects:${kind}/${name}`, `selects:${kind}`] : [`selects:${group}/*`];
}
