import type { Json, JsonObject } from "../../lib/kube-object.ts";
import { arrayOf, fieldsOf, isString, objectOf, textOf } from "../json.ts";
import type { Requirement } from "./label-selector.ts";

const operators: Readonly<Record<string, Requirement["operator"]>> = {
  In: "in",
  NotIn: "not-in",
  Exists: "exists",
  DoesNotExist: "absent",
};

/**
 * The clauses of a `metav1.LabelSelector`. Undefined for one that cannot be understood: it selects
 * nothing.
 */
export function requirementsOf(selector: JsonObject): readonly Requirement[] | undefined {
  const labels = fieldsOf(objectOf(selector["matchLabels"])).map(
    ([key, value]): Requirement => ({ key, operator: "in", values: [textOf(value) ?? ""] }),
  );
  const expressions = arrayOf(selector["matchExpressions"]).map(requirementOf);
  const understood = expressions.filter((each) => each !== undefined);
  return understood.length < expressions.length ? undefined : [...labels, ...understood];
}

function requirementOf(expression: Json): Requirement | undefined {
  const { key, operator, values } = objectOf(expression);
  const meaning = operators[textOf(operator) ?? ""];
  if (meaning === undefined || !isString(key)) return undefined;
  return { key, operator: meaning, values: arrayOf(values).filter(isString) };
}
