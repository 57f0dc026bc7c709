import { Environment } from "@marcbachmann/cel-js";
import { type CelFunction, functionKey } from "./cel-function.ts";
import type { CelEnvironment } from "./cel-node.ts";
import { IpAddress, IpBlock } from "./ip-address.ts";
import { listFunctions, SetsNamespace } from "./list-functions.ts";
import { IpNamespace, netFunctions } from "./net-functions.ts";
import { Quantity } from "./quantity.ts";
import { quantityFunctions } from "./quantity-functions.ts";
import { regexFunctions } from "./regex-functions.ts";
import { stringFunctions } from "./string-functions.ts";
import { CelUrl, urlFunctions } from "./url-functions.ts";

/**
 * The libraries of rules in CustomResourceDefinitions, as far as they are here:
 *
 * | library | here | left out |
 * |---|---|---|
 * | standard | operators, macros, conversions, timestamps, durations | |
 * | strings | all but those on the right | `strings.quote` |
 * | lists | `isSorted sum min max indexOf lastIndexOf` | `flatten slice sort distinct` |
 * | sets, regex, url, quantity, ip, cidr | all | |
 * | optional | `.?a [?0] orValue or value hasValue` | `optMap optFlatMap ofNonZeroValue` |
 * | bind | `cel.bind` | |
 * | two variables | | `all(k, v, ...) transformMap` and others of two variables |
 * | format, semver, authorizer | | all |
 *
 * A rule that uses what is left out does not compile, so its definition is refused. Costs are not
 * estimated before a rule runs: a rule that a kube-apiserver refuses because it could become too
 * expensive is taken here, and stopped when it does.
 *
 * @see https://kubernetes.io/docs/reference/using-api/cel/
 */
const libraries: readonly CelFunction[] = [
  ...stringFunctions,
  ...listFunctions,
  ...regexFunctions,
  ...urlFunctions,
  ...quantityFunctions,
  ...netFunctions,
];

/** Longer or deeper expressions are refused. */
const limits = {
  maxAstNodes: 20_000,
  maxDepth: 100,
  maxListElements: 1_000,
  maxMapEntries: 1_000,
  maxCallArguments: 32,
};

/** What runs for a name, of the libraries that have one: "rcall:indexOf" has two. */
const functions: ReadonlyMap<string, readonly CelFunction[]> = Map.groupBy(libraries, functionKey);

/** The functions of these libraries for a node: "rcall" or "call", and a name. */
export function functionsOf(op: string, name: string): readonly CelFunction[] {
  return functions.get(`${op}:${name}`) ?? [];
}

const base = baseEnvironment();

/** An environment of its own, for the types of one schema. */
export function newEnvironment(): CelEnvironment {
  return base.clone();
}

function baseEnvironment(): CelEnvironment {
  const environment = new Environment({
    enableOptionalTypes: true,
    homogeneousAggregateLiterals: false,
    limits,
  });
  environment.registerType("Quantity", Quantity);
  environment.registerType("net.IP", IpAddress);
  environment.registerType("net.CIDR", IpBlock);
  environment.registerType("URL", CelUrl);
  environment.registerType("IpNamespace", IpNamespace);
  environment.registerType("SetsNamespace", SetsNamespace);
  environment.registerConstant("ip", "IpNamespace", new IpNamespace());
  environment.registerConstant("sets", "SetsNamespace", new SetsNamespace());
  const known = new Set(environment.getDefinitions().functions.map(({ signature }) => signature));
  for (const signature of libraries.flatMap(({ signatures }) => signatures)) {
    if (!known.has(signature)) environment.registerFunction(signature, neverRuns, { async: false });
  }
  for (const type of ["Quantity", "net.IP", "net.CIDR", "URL"]) {
    environment.registerFunction(`string(${type}): string`, String, { async: false });
    environment.registerOperator(`${type} == ${type}`, neverRuns);
  }
  return environment;
}

/** A rule runs the function of `functionsOf` instead. */
function neverRuns(): never {
  throw new TypeError("Cannot run a function of a CEL library outside of a rule");
}
