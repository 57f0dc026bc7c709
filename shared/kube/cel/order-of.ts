import { Duration, UnsignedInt } from "@marcbachmann/cel-js/evaluator";
import { type Meter, spend } from "../regex/meter.ts";
import { nanosOf } from "./duration.ts";

/** What a value is ordered by, among values of its type. Texts are not copied: they can be long. */
export type Order =
  | { readonly type: "number"; readonly by: bigint | number }
  | { readonly type: "duration"; readonly by: bigint }
  | { readonly type: "timestamp"; readonly by: number }
  | { readonly type: "bool"; readonly by: boolean }
  | { readonly type: "string"; readonly by: string }
  | { readonly type: "bytes"; readonly by: Uint8Array };

/** Undefined for a value that has no order: a list, a map, an object, null. */
export function orderOf(value: unknown): Order | undefined {
  if (typeof value === "bigint" || typeof value === "number") return { type: "number", by: value };
  if (typeof value === "boolean") return { type: "bool", by: value };
  if (typeof value === "string") return { type: "string", by: value };
  if (value instanceof UnsignedInt) return { type: "number", by: value.valueOf() };
  if (value instanceof Duration) return { type: "duration", by: nanosOf(value) };
  if (value instanceof Date) return { type: "timestamp", by: value.getTime() };
  if (value instanceof Uint8Array) return { type: "bytes", by: value };
  return undefined;
}

/** As `sort` of an array wants to know it, of two of one type. */
export function compareOrders(left: Order, right: Order, meter: Meter): number {
  spend(meter, 1);
  if (left.type === "string" && right.type === "string") {
    return compareTexts(left.by, right.by, meter);
  }
  if (left.type === "bytes" && right.type === "bytes") {
    spend(meter, Math.min(left.by.length, right.by.length) / 10);
    return Buffer.compare(left.by, right.by);
  }
  if (left.by < right.by) return -1;
  return left.by > right.by ? 1 : 0;
}

/** By characters, as UTF-8 orders them; JavaScript compares halves of characters. */
function compareTexts(left: string, right: string, meter: Meter): number {
  if (left === right) return 0;
  const length = Math.min(left.length, right.length);
  let at = 0;
  while (at < length && left.charCodeAt(at) === right.charCodeAt(at)) at += 1;
  spend(meter, at / 10);
  if (at === length) return left.length - right.length;
  const [a, b] = [left.charCodeAt(at), right.charCodeAt(at)];
  return isHalf(a) === isHalf(b) ? a - b : Number(isHalf(a)) - Number(isHalf(b));
}

/** Of a character beyond U+FFFF, which is above all that are whole. */
function isHalf(code: number): boolean {
  return code >= 0xd8_00 && code <= 0xdf_ff;
}
