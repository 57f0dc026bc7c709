import type { Json } from "../../lib/kube-object.ts";
import { arrayOf, at, isString, objectOf } from "../json.ts";

/** Labels of nodes that were renamed. */
const deprecatedLabels: ReadonlyMap<string, string> = new Map([
  ["beta.kubernetes.io/arch", 'deprecated since v1.14; use "kubernetes.io/arch" instead'],
  ["beta.kubernetes.io/os", 'deprecated since v1.14; use "kubernetes.io/os" instead'],
  [
    "failure-domain.beta.kubernetes.io/region",
    'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
  ],
  [
    "failure-domain.beta.kubernetes.io/zone",
    'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
  ],
  [
    "beta.kubernetes.io/instance-type",
    'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
  ],
]);

/** Why a label of nodes should not be named any more; undefined for any other. */
export function deprecatedLabel(key: Json | undefined): string | undefined {
  return isString(key) ? deprecatedLabels.get(key) : undefined;
}

/** Each label of a map that should not be named any more: "nodeSelector[beta.kubernetes.io/os]". */
export function* labelMapWarnings(
  labels: Json | undefined,
  told: (key: string) => string,
): Iterable<string> {
  for (const key of Object.keys(objectOf(labels))) {
    const because = deprecatedLabel(key);
    if (because !== undefined) yield `${told(key)}: ${because}`;
  }
}

/** A term of a node selector: labels are named by its expressions. */
export function* nodeTermWarnings(term: Json | undefined, path: string): Iterable<string> {
  for (const [index, expression] of arrayOf(at(term, "matchExpressions")).entries()) {
    const key = at(expression, "key");
    const because = deprecatedLabel(key);
    if (because === undefined) continue;
    yield `${path}.matchExpressions[${index}].key: ${key} is ${because}`;
  }
}

/** A selector of nodes that has labels too. */
export function* nodeSelectorWarnings(selector: Json | undefined, path: string): Iterable<string> {
  yield* nodeTermWarnings(selector, path);
  yield* labelMapWarnings(at(selector, "matchLabels"), (key) => `${path}.matchLabels.${key}`);
}
