import { type CelFunction, functionKey } from "./cel-function.ts";
import { conversionFunctions } from "./conversion-functions.ts";
import { extendedListFunctions } from "./extended-list-functions.ts";
import { formatFunctions } from "./format-functions.ts";
import { listFunctions } from "./list-functions.ts";
import { netFunctions } from "./net-functions.ts";
import { optionalFunctions } from "./optional-functions.ts";
import { quantityFunctions } from "./quantity-functions.ts";
import { regexFunctions } from "./regex-functions.ts";
import { semverFunctions } from "./semver-functions.ts";
import { stringFunctions } from "./string-functions.ts";
import { urlFunctions } from "./url-functions.ts";

/**
 * The libraries of rules in CustomResourceDefinitions, as Kubernetes 1.34 has them: the standard
 * library, optional types, `cel.bind`, macros of two variables, cel-go's extended strings, lists
 * and sets, and Kubernetes' own lists, regex, url, quantity, ip, cidr, format and semver. No
 * definition's rules have an authorizer.
 *
 * @see https://kubernetes.io/docs/reference/using-api/cel/
 */
export const libraries: readonly CelFunction[] = [
  ...conversionFunctions,
  ...stringFunctions,
  ...listFunctions,
  ...extendedListFunctions,
  ...optionalFunctions,
  ...regexFunctions,
  ...urlFunctions,
  ...quantityFunctions,
  ...netFunctions,
  ...formatFunctions,
  ...semverFunctions,
];

/** What runs for a name, of the libraries that have one: "rcall:indexOf" has two. */
const functions: ReadonlyMap<string, readonly CelFunction[]> = Map.groupBy(libraries, functionKey);

/** The functions of these libraries for a node: "rcall" or "call", and a name. */
export function functionsOf(op: string, name: string): readonly CelFunction[] {
  return functions.get(`${op}:${name}`) ?? [];
}
