import { Environment } from "@marcbachmann/cel-js";
import type { CelEnvironment } from "./cel-node.ts";
import { ListsNamespace } from "./extended-list-functions.ts";
import { FormatNamespace } from "./format-functions.ts";
import { IpAddress, IpBlock } from "./ip-address.ts";
import { libraries } from "./libraries.ts";
import { SetsNamespace } from "./list-functions.ts";
import { itemMacros } from "./macros/item-macros.ts";
import type { MacroDefinition } from "./macros/macro.ts";
import { optionalMacros } from "./macros/optional-macros.ts";
import { twoVariableMacros } from "./macros/two-variable-macros.ts";
import { NamedFormat } from "./named-format.ts";
import { IpNamespace } from "./net-functions.ts";
import { Quantity } from "./quantity.ts";
import { Semver } from "./semver.ts";
import { StringsNamespace } from "./string-functions.ts";
import { CelUrl } from "./url-functions.ts";

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

/** Orders of bytes, which the JavaScript library does not have. */
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
