import type { CelType } from "../cel-node.ts";
import type { Checked } from "./check-expression.ts";

const simple: ReadonlySet<string> = new Set([
  ...["bool", "bytes", "double", "int", "null", "string", "uint"],
  ...["google.protobuf.Duration", "google.protobuf.Timestamp"],
]);

/**
 * The type that a variable of a policy has in the expressions after it. A kube-apiserver knows
 * the simple ones there, and lists and maps of these; all others are known when they run.
 */
export function variableType(checked: Checked): string {
  return checked.kind === "typed" ? keptType(checked.type) : "dyn";
}

function keptType({ kind, name, keyType, valueType }: CelType): string {
  if (simple.has(name)) return name;
  if (valueType === undefined) return "dyn";
  if (kind === "list") return `list<${keptType(valueType)}>`;
  if (kind !== "map" || keyType === undefined) return "dyn";
  return `map<${keptType(keyType)}, ${keptType(valueType)}>`;
}
