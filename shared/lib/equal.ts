import { isDeepStrictEqual } from "node:util";

/** Equal as JSON values: a property that is undefined is one that is not there. */
export function isEqual(left: unknown, right: unknown): boolean {
  return isDeepStrictEqual(left, right) || isDeepStrictEqual(asJson(left), asJson(right));
}

const asJson = (value: unknown): unknown =>
  value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown);
