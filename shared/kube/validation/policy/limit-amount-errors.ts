import type { JsonObject } from "../../../lib/kube-object.ts";
import { errorsOfItems } from "../../errors-of-items.ts";
import { invalidValue } from "../../field-errors.ts";
import { at, objectOf } from "../../json.ts";
import type { FieldError } from "../../served-kind.ts";
import { type CanonicalQuantity, canonicalQuantity, nanosPerUnit } from "../canonical-quantity.ts";
import { canBeOvercommitted } from "../pod/resource-names.ts";

type List = "min" | "max" | "default" | "defaultRequest" | "maxLimitRequestRatio";
type Amounts = Readonly<Partial<Record<List, CanonicalQuantity>>>;

/** Two amounts that must not be in the wrong order, how they are called, and where it is told. */
interface Order {
  readonly low: readonly [List, string];
  readonly high: readonly [List, string];
  readonly told: readonly [field: List, value: List];
}

const min = ["min", "min value"] as const;
const max = ["max", "max value"] as const;
const defaultLimit = ["default", "default value"] as const;
const defaultRequest = ["defaultRequest", "default request value"] as const;

const orders: readonly Order[] = [
  { low: min, high: max, told: ["min", "min"] },
  { low: min, high: defaultRequest, told: ["defaultRequest", "defaultRequest"] },
  { low: defaultRequest, high: max, told: ["defaultRequest", "defaultRequest"] },
  {
    low: defaultRequest,
    high: ["default", "default limit value"],
    told: ["defaultRequest", "defaultRequest"],
  },
  { low: min, high: defaultLimit, told: ["default", "min"] },
  { low: defaultLimit, high: max, told: ["default", "max"] },
];

/** What is wrong between the amounts of a limit, resource by resource. */
export function limitAmountErrors(item: JsonObject, path: string): readonly FieldError[] {
  const names = ["max", "min", "default", "defaultRequest", "maxLimitRequestRatio"];
  const resources = new Set(names.flatMap((name) => Object.keys(objectOf(item[name]))));
  return errorsOfItems([...resources], (resource) => {
    const amounts = amountsOf(item, resource);
    return [
      ...orderErrors(amounts, resource, path),
      ...ratioErrors(amounts, `${path}.maxLimitRequestRatio[${resource}]`),
      ...overcommitErrors(amounts, resource, path),
    ];
  });
}

/** With the defaults that a kube-apiserver sets: those of containers follow from their limits. */
function amountsOf(item: JsonObject, resource: string): Amounts {
  const amount = (list: List): CanonicalQuantity | undefined =>
    canonicalQuantity(at(item, list, resource));
  const [least, most] = [amount("min"), amount("max")];
  const isContainer = item["type"] === "Container";
  const limit = amount("default") ?? (isContainer ? most : undefined);
  const request = amount("defaultRequest") ?? (isContainer ? limit : undefined);
  const ratio = amount("maxLimitRequestRatio");
  const hasDefaults = item["type"] !== "Pod";
  return {
    ...(least && { min: least }),
    ...(most && { max: most }),
    ...(hasDefaults && limit && { default: limit }),
    ...(hasDefaults && request && { defaultRequest: request }),
    ...(ratio && { maxLimitRequestRatio: ratio }),
  };
}

function orderErrors(amounts: Amounts, resource: string, path: string): readonly FieldError[] {
  return orders.flatMap(({ low, high, told }) => {
    const [lower, higher] = [amounts[low[0]], amounts[high[0]]];
    if (lower === undefined || higher === undefined || lower.nanos <= higher.nanos) return [];
    const because = `${low[1]} ${lower.text} is greater than ${high[1]} ${higher.text}`;
    const shown = amounts[told[1]]?.text ?? "";
    return [invalidValue(`${path}.${told[0]}[${resource}]`, shown, because)];
  });
}

function ratioErrors(amounts: Amounts, path: string): readonly FieldError[] {
  const { maxLimitRequestRatio: ratio, min: least, max: most } = amounts;
  if (ratio === undefined) return [];
  const isBelowOne = ratio.nanos < nanosPerUnit;
  const limit = Number(most?.nanos) / Number(least?.nanos);
  const isAbove = Number(ratio.nanos) / Number(nanosPerUnit) > limit;
  const above = `ratio ${ratio.text} is greater than max/min = ${limit.toFixed(6)}`;
  return [
    ...(isBelowOne ? [invalidValue(path, ratio.text, `ratio ${ratio.text} is less than 1`)] : []),
    ...(isAbove ? [invalidValue(path, ratio.text, above)] : []),
  ];
}

/** What cannot be promised twice is asked for as it is limited. */
function overcommitErrors(
  { default: limit, defaultRequest: request }: Amounts,
  resource: string,
  path: string,
): readonly FieldError[] {
  if (canBeOvercommitted(resource) || limit === undefined || request === undefined) return [];
  if (limit.nanos === request.nanos) return [];
  const because = `must equal to defaultRequest value ${request.text} in ${resource}`;
  const where = `${path}.defaultRequest[${resource}]`;
  return [invalidValue(where, request.text, `default value ${limit.text} ${because}`)];
}
