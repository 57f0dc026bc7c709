import type { Json } from "../../lib/kube-object.ts";
import { arrayOf, isString, objectOf, printed, textOf } from "../json.ts";

/** `{"app":"web","tier":"front"}` → "app=web,tier=front" */
export function labelsText(labels: Json | undefined): string {
  const texts = labelTexts(labels).map(([, text]) => text);
  return texts.length === 0 ? "<none>" : texts.toSorted().join(",");
}

/** `{"matchLabels":{"app":"web"}}` → "app=web"; "<none>" for what selects nothing or all. */
export function selectorText(selector: Json | undefined): string {
  const text = bareSelectorText(selector);
  return text === "" ? "<none>" : (text ?? "<error>");
}

/** "app=web,tier in (back,front),!old". Undefined for a selector that cannot be understood. */
export function bareSelectorText(selector: Json | undefined): string | undefined {
  const { matchLabels, matchExpressions } = objectOf(selector);
  const clauses = [...labelTexts(matchLabels), ...arrayOf(matchExpressions).map(expressionText)];
  const texts = clauses.toSorted(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0));
  return texts.some(([, text]) => text === undefined)
    ? undefined
    : texts.map(([, text]) => text).join(",");
}

function labelTexts(labels: Json | undefined): readonly [key: string, text: string][] {
  return Object.entries(objectOf(labels)).map(([key, value]) => [key, `${key}=${printed(value)}`]);
}

function expressionText(expression: Json): [key: string, text: string | undefined] {
  const { key: named, operator, values } = objectOf(expression);
  const key = textOf(named) ?? "";
  const list = `(${arrayOf(values).filter(isString).toSorted().join(",")})`;
  switch (textOf(operator) ?? "") {
    case "In":
      return [key, `${key} in ${list}`];
    case "NotIn":
      return [key, `${key} notin ${list}`];
    case "Exists":
      return [key, key];
    case "DoesNotExist":
      return [key, `!${key}`];
    default:
      return [key, undefined];
  }
}
