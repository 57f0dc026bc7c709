import { Duration, UnsignedInt } from "@marcbachmann/cel-js/evaluator";
import { nanosOf } from "./duration.ts";

/** What a value is ordered among. Values of two types have no order, whatever they are. */
export interface Order {
  readonly type: "number" | "string" | "bytes" | "bool" | "duration" | "timestamp";
  readonly by: bigint | number | string | boolean;
}

/** Undefined for a value that has no order: a list, a map, an object, null. */
export function orderOf(value: unknown): Order | undefined {
  if (typeof value === "bigint" || typeof value === "number") return { type: "number", by: value };
  if (typeof value === "boolean") return { type: "bool", by: value };
  if (typeof value === "string") return { type: "string", by: bytesOf(value) };
  if (value instanceof UnsignedInt) return { type: "number", by: value.valueOf() };
  if (value instanceof Duration) return { type: "duration", by: nanosOf(value) };
  if (value instanceof Date) return { type: "timestamp", by: value.getTime() };
  if (value instanceof Uint8Array) return { type: "bytes", by: bytesOf(value) };
  return undefined;
}

/** A character for each byte: UTF-8 has the order of the characters, JavaScript's halves not. */
function bytesOf(value: string | Uint8Array): string {
  return Buffer.from(value as string).toString("latin1");
}

/** As `sort` of an array wants to know it, of two of one type. */
export function compareOrders({ by: left }: Order, { by: right }: Order): number {
  if (left < right) return -1;
  return left > right ? 1 : 0;
}
