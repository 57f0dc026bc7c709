import { type Call, CelError, type CelFunction, notMine } from "./cel-function.ts";
import { approximate, parseQuantity, Quantity, quantityOf, wholeOf } from "./quantity.ts";

/** @see https://kubernetes.io/docs/reference/using-api/cel/#kubernetes-quantity-library */
export const quantityFunctions: readonly CelFunction[] = [
  {
    signatures: ["quantity(string): kubernetes.Quantity"],
    run: ({ args: [text] }) => parsed(String(text)),
  },
  {
    signatures: ["isQuantity(string): bool"],
    run: ({ args: [text] }) => parseQuantity(String(text)) !== undefined,
  },
  { signatures: ["kubernetes.Quantity.sign(): int"], run: on(({ nanos }) => sign(nanos)) },
  {
    signatures: ["kubernetes.Quantity.isInteger(): bool"],
    run: on((left) => wholeOf(left) !== undefined),
  },
  { signatures: ["kubernetes.Quantity.asInteger(): int"], run: on(asInteger) },
  { signatures: ["kubernetes.Quantity.asApproximateFloat(): double"], run: on(approximate) },
  {
    signatures: [
      "kubernetes.Quantity.add(kubernetes.Quantity): kubernetes.Quantity",
      "kubernetes.Quantity.add(int): kubernetes.Quantity",
    ],
    run: on((left, right) => new Quantity(left.nanos + right.nanos)),
  },
  {
    signatures: [
      "kubernetes.Quantity.sub(kubernetes.Quantity): kubernetes.Quantity",
      "kubernetes.Quantity.sub(int): kubernetes.Quantity",
    ],
    run: on((left, right) => new Quantity(left.nanos - right.nanos)),
  },
  {
    signatures: ["kubernetes.Quantity.isLessThan(kubernetes.Quantity): bool"],
    run: on((left, right) => left.nanos < right.nanos),
  },
  {
    signatures: ["kubernetes.Quantity.isGreaterThan(kubernetes.Quantity): bool"],
    run: on((left, right) => left.nanos > right.nanos),
  },
  {
    signatures: ["kubernetes.Quantity.compareTo(kubernetes.Quantity): int"],
    run: on((left, right) => sign(left.nanos - right.nanos)),
  },
];

const zero = quantityOf(0n);

function on(run: (left: Quantity, right: Quantity) => unknown): CelFunction["run"] {
  return ({ args: [left, right] }: Call) => {
    if (!(left instanceof Quantity)) return notMine;
    if (typeof right === "bigint") return run(left, quantityOf(right));
    if (right === undefined) return run(left, zero);
    return right instanceof Quantity ? run(left, right) : notMine;
  };
}

function parsed(text: string): Quantity {
  const quantity = parseQuantity(text);
  if (quantity !== undefined) return quantity;
  throw new CelError(
    "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
  );
}

function sign(nanos: bigint): bigint {
  if (nanos === 0n) return 0n;
  return nanos > 0n ? 1n : -1n;
}

function asInteger(quantity: Quantity): bigint {
  const whole = wholeOf(quantity);
  if (whole === undefined) throw new CelError("cannot convert value to integer");
  return whole;
}
