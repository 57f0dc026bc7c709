import type { Json, JsonObject } from "../../lib/kube-object.ts";
import { arrayOf, at, isString, jsonEquals, objectOf } from "../json.ts";
import { type DefinitionCondition, withConditions } from "./definition-conditions.ts";

export const namesAccepted: DefinitionCondition = {
  type: "NamesAccepted",
  status: "True",
  reason: "NoConflicts",
  message: "no conflicts found",
};

export const established: DefinitionCondition = {
  type: "Established",
  status: "True",
  reason: "InitialNamesAccepted",
  message: "the initial names have been accepted",
};

/** The names that a definition may use, and what its conditions say of them. */
export interface AcceptedNames {
  readonly names: JsonObject;
  readonly conditions: readonly DefinitionCondition[];
}

/**
 * Which of its names a definition gets: those that no other definition of its group has. `others`
 * are those that have claimed their names before it, which are the older ones.
 */
export function acceptedNames(
  definition: JsonObject,
  others: readonly JsonObject[],
): AcceptedNames {
  const wanted = objectOf(at(definition["spec"], "names"));
  const taken = takenNames(definition, others);
  const names: Record<string, Json> = {};
  const refused: DefinitionCondition[] = [];
  for (const { field, reason, of } of claims) {
    const name = wanted[field];
    if (name === undefined) continue;
    const clashing = arrayOf(isString(name) ? [name] : name).filter((each) => taken[of].has(each));
    if (clashing.length > 0) refused.push(conflict(reason, clashing));
    else names[field] = name;
  }
  if (wanted["categories"] !== undefined) names["categories"] = wanted["categories"];
  return { names, conditions: conditionsOf(refused.at(-1)) };
}

const claims = [
  { field: "plural", reason: "PluralConflict", of: "resources" },
  { field: "singular", reason: "SingularConflict", of: "resources" },
  { field: "shortNames", reason: "ShortNamesConflict", of: "resources" },
  { field: "kind", reason: "KindConflict", of: "kinds" },
  { field: "listKind", reason: "ListKindConflict", of: "kinds" },
] as const;

function conflict(reason: string, names: readonly Json[]): DefinitionCondition {
  const sentences = names.map((name) => `${JSON.stringify(name)} is already in use`);
  const message = sentences.length === 1 ? (sentences[0] ?? "") : `[${sentences.join(", ")}]`;
  return { type: "NamesAccepted", status: "False", reason, message };
}

function conditionsOf(refused: DefinitionCondition | undefined): readonly DefinitionCondition[] {
  if (refused === undefined) return [namesAccepted, established];
  const message = "not all names are accepted";
  return [refused, { type: "Established", status: "False", reason: "NotAccepted", message }];
}

interface Taken {
  readonly resources: ReadonlySet<Json>;
  readonly kinds: ReadonlySet<Json>;
}

function takenNames(definition: JsonObject, others: readonly JsonObject[]): Taken {
  const group = at(definition["spec"], "group");
  const accepted = others
    .filter((other) => at(other["spec"], "group") === group)
    .map((other) => objectOf(at(other["status"], "acceptedNames")));
  const set = (values: readonly (Json | undefined)[]): ReadonlySet<Json> =>
    new Set(values.filter(isString));
  return {
    resources: set(
      accepted.flatMap(({ plural, singular, shortNames }) => [
        plural,
        singular,
        ...arrayOf(shortNames),
      ]),
    ),
    kinds: set(accepted.flatMap(({ kind, listKind }) => [kind, listKind])),
  };
}

/**
 * The definition with the status that its names give it among those that are older. The same object
 * when nothing changes. `now` is a Kubernetes time.
 */
export function settledDefinition<D extends JsonObject>(
  definition: D,
  older: readonly JsonObject[],
  now: string,
): D {
  const { names, conditions } = acceptedNames(definition, older);
  const status = {
    ...objectOf(definition["status"]),
    acceptedNames: names,
    conditions: withConditions(definition, conditions, now),
  };
  return jsonEquals(status, definition["status"]) ? definition : { ...definition, status };
}
