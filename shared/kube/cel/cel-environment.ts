import { Environment } from "@marcbachmann/cel-js";
import { type CelFunction, functionKey } from "./cel-function.ts";
import type { CelEnvironment } from "./cel-node.ts";
import { conversionFunctions } from "./conversion-functions.ts";
import { extendedListFunctions, ListsNamespace } from "./extended-list-functions.ts";
import { FormatNamespace, formatFunctions } from "./format-functions.ts";
import { IpAddress, IpBlock } from "./ip-address.ts";
import { listFunctions, SetsNamespace } from "./list-functions.ts";
import { itemMacros } from "./macros/item-macros.ts";
import type { MacroDefinition } from "./macros/macro.ts";
import { optionalMacros } from "./macros/optional-macros.ts";
import { twoVariableMacros } from "./macros/two-variable-macros.ts";
import { NamedFormat } from "./named-format.ts";
import { IpNamespace, netFunctions } from "./net-functions.ts";
import { optionalFunctions } from "./optional-functions.ts";
import { Quantity } from "./quantity.ts";
import { quantityFunctions } from "./quantity-functions.ts";
import { regexFunctions } from "./regex-functions.ts";
import { Semver } from "./semver.ts";
import { semverFunctions } from "./semver-functions.ts";
import { StringsNamespace, stringFunctions } from "./string-functions.ts";
import { CelUrl, urlFunctions } from "./url-functions.ts";

/**
 * The libraries of rules in CustomResourceDefinitions, as Kubernetes 1.34 has them: the standard
 * library, optional types, `cel.bind`, macros of two variables, cel-go's extended strings, lists
 * and sets, and Kubernetes' own lists, regex, url, quantity, ip, cidr, format and semver. No
 * definition's rules have an authorizer.
 *
 * @see https://kubernetes.io/docs/reference/using-api/cel/
 */
const libraries: readonly CelFunction[] = [
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

const macros: readonly MacroDefinition[] = [...twoVariableMacros, ...optionalMacros, ...itemMacros];

/** Types of the libraries. Expressions reach their values by functions only. */
const types = {
  "kubernetes.NamedFormat": NamedFormat,
  "kubernetes.Quantity": Quantity,
  "kubernetes.Semver": Semver,
  "kubernetes.URL": CelUrl,
  "net.CIDR": IpBlock,
  "net.IP": IpAddress,
};

/** What stands before functions of a library: `sets.contains(...)`, and its type in signatures. */
const namespaces = [
  { name: "format", type: "FormatNamespace", ctor: FormatNamespace },
  { name: "ip", type: "IpNamespace", ctor: IpNamespace },
  { name: "lists", type: "ListsNamespace", ctor: ListsNamespace },
  { name: "sets", type: "SetsNamespace", ctor: SetsNamespace },
  { name: "strings", type: "StringsNamespace", ctor: StringsNamespace },
];

/** What the library does not compare. */
const bytesOrders: Readonly<Record<string, (order: number) => boolean>> = {
  "<": (order) => order < 0,
  "<=": (order) => order <= 0,
  ">": (order) => order > 0,
  ">=": (order) => order >= 0,
};

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
  for (const [name, ctor] of Object.entries(types)) {
    environment.registerType(name, { ctor, fields: {} });
  }
  for (const { name, type, ctor } of namespaces) {
    environment.registerType(type, { ctor, fields: {} });
    environment.registerConstant(name, type, new ctor());
  }
  const known = new Set(environment.getDefinitions().functions.map(({ signature }) => signature));
  for (const signature of libraries.flatMap(({ signatures }) => signatures)) {
    if (!known.has(signature)) environment.registerFunction(signature, neverRuns, { async: false });
  }
  for (const { signature, expand } of macros) environment.registerFunction(signature, expand);
  for (const type of Object.keys(types)) {
    environment.registerOperator(`${type} == ${type}`, neverRuns);
  }
  for (const [sign, holds] of Object.entries(bytesOrders)) {
    environment.registerOperator(`bytes ${sign} bytes`, (left: Uint8Array, right: Uint8Array) =>
      holds(Buffer.compare(left, right)),
    );
  }
  for (const type of ["kubernetes.Quantity", "kubernetes.URL", "net.CIDR", "net.IP"]) {
    environment.registerFunction(`string(${type}): string`, String, { async: false });
  }
  return environment;
}

/** A rule runs the function of `functionsOf` instead. */
function neverRuns(): never {
  throw new TypeError("Cannot run a function of a CEL library outside of a rule");
}
