import type { Json } from "../../lib/kube-object.ts";
import { at } from "../json.ts";
import { canonicalQuantity } from "../validation/canonical-quantity.ts";

const nanosPerMilli = 1_000_000n;

/** A part of a byte, as "100m" of memory is: who writes it means "100M". */
export function* fractionalBytes(
  amounts: Json | undefined,
  resource: string,
  path: string,
): Iterable<string> {
  const quantity = canonicalQuantity(at(amounts, resource));
  if (quantity === undefined || isWhole(quantity.nanos)) return;
  const text = JSON.stringify(quantity.text);
  yield `${path}[${resource}]: fractional byte value ${text} is invalid, must be an integer`;
}

/** Kubernetes counts in thousandths, and rounds up to them. */
function isWhole(nanos: bigint): boolean {
  const down = nanos / nanosPerMilli;
  const millis = nanos > 0n && nanos % nanosPerMilli !== 0n ? down + 1n : down;
  return millis % 1_000n === 0n;
}
