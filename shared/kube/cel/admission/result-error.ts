import { celType } from "../cel-messages.ts";
import { type CelType, isOpen } from "../cel-node.ts";
import type { Checked } from "./check-expression.ts";

/**
 * What is wrong with the type of what an expression makes, if it can only be another one than
 * those that are asked for: "must evaluate to bool but got string".
 */
export function resultError(checked: Checked, results: readonly string[]): string | undefined {
  const found = otherResult(checked, results);
  if (found === undefined) return undefined;
  const [first = "", ...others] = results.map(named);
  const asked = others.length === 0 ? first : `one of [${[first, ...others].join(" ")}]`;
  return `must evaluate to ${asked} but got ${found}`;
}

/** What an expression makes, if that can only be of another type than those. */
export function otherResult(checked: Checked, results: readonly string[]): string | undefined {
  if (checked.kind !== "typed" || !checked.isSure || mayBe(checked.type, results)) return undefined;
  return named(checked.type.name);
}

function mayBe(type: CelType, results: readonly string[]): boolean {
  if (type.kind === "param" || results.includes(type.name)) return true;
  return type.kind !== "dyn" && isOpen(type) && results.some((each) => each.startsWith(type.kind));
}

/** As a type names itself, where `celType` tells what an overload takes. */
function named(type: string): string {
  switch (type) {
    case "null":
      return "null_type";
    case "google.protobuf.Timestamp":
    case "google.protobuf.Duration":
      return type;
    default:
      return celType(type);
  }
}
