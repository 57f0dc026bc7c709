import type { JsonObject } from "../../lib/kube-object.ts";
import { at, printed, textOf } from "../json.ts";
import type { Kinds } from "../kinds.ts";
import type { KubeObject, ServedKind } from "../served-kind.ts";
import { forbidden } from "../status-error.ts";
import { reservedGroups } from "./reserved-groups.ts";

type KindsToAsk = Pick<Kinds, "find" | "findKind">;

/**
 * Throws 403 for a definition of a kind that the API serves without one, or in a group that is
 * reserved: it would never define anything, and its objects would not be those that its author
 * thinks of.
 */
export function checkNotServed(definition: KubeObject, kinds: KindsToAsk): void {
  const because = refusalOf(definition, kinds);
  if (because === undefined) return;
  const name = printed(definition.metadata["name"] ?? "");
  const resource = { group: "apiextensions.k8s.io", kind: "customresourcedefinitions" };
  throw forbidden(`${resource.kind}.${resource.group} "${name}" is forbidden: ${because}`, {
    name,
    ...resource,
  });
}

function refusalOf(definition: KubeObject, kinds: KindsToAsk): string | undefined {
  const group = textOf(at(definition, "spec", "group")) ?? "";
  if (reservedGroups.includes(group)) {
    return `the group ${JSON.stringify(group)} is the fleet's own: define kinds in another one`;
  }
  const served = servedAlready(definition, kinds);
  return (
    served &&
    `this API serves the kind ${served.kind} of the group ${JSON.stringify(served.group)} ` +
      "itself: it needs no definition"
  );
}

/** The API's own kind that has the plural or the kind of a definition. */
function servedAlready({ spec }: KubeObject, kinds: KindsToAsk): ServedKind | undefined {
  const group = textOf(at(spec, "group")) ?? "";
  const named = [
    kinds.find(group, textOf(at(spec, "names", "plural")) ?? ""),
    kinds.findKind(group, textOf(at(spec, "names", "kind")) ?? ""),
  ];
  return named.find((kind) => kind !== undefined && kind.isCustom !== true);
}

/**
 * An API's own kinds as what definitions see of each other, so that a definition that is older than
 * such a kind does not get its names.
 */
export function namesOfOwn({ all }: Pick<Kinds, "all">): readonly JsonObject[] {
  return all
    .filter(({ isCustom }) => isCustom !== true)
    .map(({ group, plural, kind }) => ({
      spec: { group },
      status: { acceptedNames: { plural, kind } },
    }));
}
