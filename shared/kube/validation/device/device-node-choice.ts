import type { Json, JsonObject } from "../../../lib/kube-object.ts";
import { invalidValue } from "../../field-errors.ts";
import { arrayOf, at, isString } from "../../json.ts";
import { nameErrors } from "../../object/name-rules.ts";
import type { FieldError } from "../../served-kind.ts";
import { nodeTermsRule } from "../pod/node-affinity-rule.ts";
import { isSet } from "../zero-values.ts";

/** By which fields the nodes of devices are chosen, and what is wrong with those. */
interface NodeChoice {
  readonly made: readonly string[];
  readonly errors: readonly FieldError[];
}

/** A node by its name; `empty` is what to say of one without a name. */
export function chosenNode(object: JsonObject, path: string, empty: string): NodeChoice {
  const name = object["nodeName"];
  if (!isString(name)) return { made: [], errors: [] };
  const where = `${path}.nodeName`;
  if (name === "") return { made: [], errors: [invalidValue(where, name, empty)] };
  const errors = nameErrors("dns-subdomain", name);
  return { made: ["nodeName"], errors: errors.map((each) => invalidValue(where, name, each)) };
}

/** Nodes by their labels; `isSingle` when there must be one term. */
export function chosenLabels(object: JsonObject, path: string, isSingle: boolean): NodeChoice {
  const selector = object["nodeSelector"];
  if (!isSet(selector)) return { made: [], errors: [] };
  const where = `${path}.nodeSelector`;
  const terms: Json | undefined = at(selector, "nodeSelectorTerms");
  const because = "must have exactly one node selector term";
  const isOther = isSingle && arrayOf(terms).length !== 1;
  const wrong = isOther ? [invalidValue(`${where}.nodeSelectorTerms`, terms ?? null, because)] : [];
  return { made: ["nodeSelector"], errors: [...nodeTermsRule(selector, where), ...wrong] };
}

/** A choice that is made by `true`, or not made. */
export function chosenFlag(object: JsonObject, path: string, name: string): NodeChoice {
  const flag = object[name];
  if (flag === true) return { made: [name], errors: [] };
  const because = "must be either unset or set to true";
  const errors = flag === false ? [invalidValue(`${path}.${name}`, flag, because)] : [];
  return { made: [], errors };
}

/** All that is chosen, as a message shows it: "{`nodeName`, `allNodes`}". */
export function shownChoices(made: readonly string[]): string {
  return `{${made.map((name) => `\`${name}\``).join(", ")}}`;
}
