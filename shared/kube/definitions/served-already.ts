import type { JsonObject } from "../../lib/kube-object.ts";
import { at, printed, textOf } from "../json.ts";
import type { Kinds } from "../kinds.ts";
import type { KubeObject, ServedKind } from "../served-kind.ts";
import { forbidden } from "../status-error.ts";

type KindsToAsk = Pick<Kinds, "find" | "findKind">;

/**
 * Throws 403 for a definition of a kind that the API serves without one: it would never define
 * anything, and its objects would not be those that its author thinks of.
 */
export function checkNotServed(definition: KubeObject, kinds: KindsToAsk): void {
  const served = servedAlready(definition, kinds);
  if (served === undefined) return;
  const name = printed(definition.metadata["name"] ?? "");
  const resource = { group: "apiextensions.k8s.io", kind: "customresourcedefinitions" };
  throw forbidden(
    `${resource.kind}.${resource.group} "${name}" is forbidden: this API serves the kind ` +
      `${served.kind} of the group ${JSON.stringify(served.group)} itself: it needs no definition`,
    { name, ...resource },
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
