import type { ResourceAmounts } from "../../fleet/model.ts";
import { parseQuantity } from "../../kube/cel/quantity.ts";
import { isString, objectOf } from "../../kube/json.ts";
import type { Json } from "../../lib/kube-object.ts";

/** In billionths of a core and of a byte, as Kubernetes' quantities are that fine. */
export interface Amounts {
  readonly cpu: bigint;
  readonly memory: bigint;
}

const nanosPerUnit = 1_000_000_000n;
const nanosPerMilli = 1_000_000n;
const bytesPerKi = 1024n;

/** No quantity is larger: upstream counts whole units in 64 bits. */
const nanosMax = (2n ** 63n - 1n) * nanosPerUnit;

export const noAmounts: Amounts = { cpu: 0n, memory: 0n };

/** Reads a `ResourceList`; what is missing, below zero or no quantity counts as none. */
export function amountsOf(list: Json | undefined): Amounts {
  const { cpu, memory } = objectOf(list);
  return { cpu: nanosOf(cpu) ?? 0n, memory: nanosOf(memory) ?? 0n };
}

/** Undefined for what is no quantity, so that something else can stand for it. */
export function nanosOf(value: Json | undefined): bigint | undefined {
  const text = typeof value === "number" ? String(value) : value;
  const nanos = isString(text) ? parseQuantity(text)?.nanos : undefined;
  if (nanos === undefined || nanos < 0n) return undefined;
  return nanos > nanosMax ? nanosMax : nanos;
}

export const plus = (one: Amounts, other: Amounts): Amounts => ({
  cpu: one.cpu + other.cpu,
  memory: one.memory + other.memory,
});

/** What is left, never below zero. */
export const minus = (from: Amounts, taken: Amounts): Amounts => ({
  cpu: larger(from.cpu - taken.cpu, 0n),
  memory: larger(from.memory - taken.memory, 0n),
});

/** The larger of each. */
export const most = (one: Amounts, other: Amounts): Amounts => ({
  cpu: larger(one.cpu, other.cpu),
  memory: larger(one.memory, other.memory),
});

const larger = (one: bigint, other: bigint): bigint => (one > other ? one : other);

/** `{ cpu: "4196m", memory: "17827580Ki" }`; whole cores have no suffix. Rounded down. */
export function formatAmounts({ cpu, memory }: Amounts): ResourceAmounts {
  const millis = cpu / nanosPerMilli;
  const kibibytes = memory / nanosPerUnit / bytesPerKi;
  return {
    cpu: millis % 1000n === 0n ? `${millis / 1000n}` : `${millis}m`,
    memory: kibibytes === 0n ? "0" : `${kibibytes}Ki`,
  };
}
