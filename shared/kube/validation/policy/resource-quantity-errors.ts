import type { Json } from "../../../lib/kube-object.ts";
import type { FieldError } from "../../served-kind.ts";
import { wholeUnits } from "../canonical-quantity.ts";
import { quantity } from "../quantity-rules.ts";
import { isIntegerResource } from "./quota-resource-names.ts";

/** An amount of a resource: no debt, and whole where the resource comes in pieces. */
export function resourceQuantityErrors(
  resource: string,
  value: Json | undefined,
  path: string,
): readonly FieldError[] {
  return (isIntegerResource(resource) ? pieces : amount)(value, path);
}

const amount = quantity(debtErrors);
const pieces = quantity((nanos) => [
  ...debtErrors(nanos),
  // What is finer than a thousandth has been rounded up.
  ...(wholeUnits(nanos * 1_000n) % 1_000n === 0n ? [] : ["must be an integer"]),
]);

function debtErrors(nanos: bigint): readonly string[] {
  return nanos < 0n ? ["must be greater than or equal to 0"] : [];
}
