import type { Json, JsonObject } from "../../lib/kube-object.ts";
import { fieldsOf, isArray, isObject, isString, objectOf, printed } from "../json.ts";
import type { Requirement } from "./label-selector.ts";
import { requirementsOf } from "./label-selector-object.ts";

/**
 * A selector of an object as `kubectl get -l` takes it, its clauses in the order of their keys:
 * `{"matchLabels":{"app":"web"}}`, the older `{"app":"web"}` and the text "app=web" are "app=web".
 */
export function selectorText(selector: Json): string {
  if (isString(selector)) return selector;
  if (!isObject(selector)) return "";
  const { matchLabels, matchExpressions = [] } = labelSelectorOf(selector);
  const clauses = [
    ...fieldsOf(objectOf(matchLabels)).map(([key, value]) => ({
      key,
      text: `${key}=${printed(value)}`,
    })),
    ...(requirementsOf({ matchExpressions }) ?? []).map((requirement) => ({
      key: requirement.key,
      text: clauseText(requirement),
    })),
  ];
  return clauses
    .toSorted((left, right) => (left.key < right.key ? -1 : 1))
    .map(({ text }) => text)
    .join(",");
}

/** Those of older kinds are labels alone: no label is an object or a list. */
function labelSelectorOf(selector: JsonObject): JsonObject {
  const isOlder = fieldsOf(selector).every(([, value]) => !isObject(value) && !isArray(value));
  return isOlder ? { matchLabels: selector } : selector;
}

function clauseText({ key, operator, values }: Requirement): string {
  const list = values.toSorted().join(",");
  switch (operator) {
    case "exists":
      return key;
    case "absent":
      return `!${key}`;
    case "in":
      return `${key} in (${list})`;
    case "not-in":
      return `${key} notin (${list})`;
    case "above":
      return `${key}>${list}`;
    case "below":
      return `${key}<${list}`;
  }
}
