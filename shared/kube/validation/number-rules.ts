import { invalidValue } from "../field-errors.ts";
import { isString } from "../json.ts";
import { number, type Rule } from "./rule.ts";

export const nonNegative = atLeast(0);

export const positive = number((value) => (value > 0 ? [] : ["must be greater than zero"]));

/** "must be greater than or equal to 1" */
export function atLeast(min: number): Rule {
  return number((value) => (value >= min ? [] : [`must be greater than or equal to ${min}`]));
}

export function atMost(max: number): Rule {
  return number((value) => (value <= max ? [] : [`must be less than or equal to ${max}`]));
}

/** "must be between 1 and 65535, inclusive" */
export function between(min: number, max: number): Rule {
  return number((value) =>
    value >= min && value <= max ? [] : [`must be between ${min} and ${max}, inclusive`],
  );
}

const portRange = between(1, 65_535);

/** A port that has no default: an absent one is 0, which is none. */
export const portNumber: Rule = (value, path) => portRange(value ?? 0, path);

const percentSentence =
  "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or " +
  "'93%', regex used for validation is '[0-9]+%')";

/** A count that is not negative, or a share: 1, "25%". */
export const countOrPercent: Rule = (value, path) => {
  if (!isString(value)) return nonNegative(value, path);
  return /^[0-9]+%$/.test(value) ? [] : [invalidValue(path, value, percentSentence)];
};

/** A share is of at most all of them. */
export const atMostAll: Rule = (value, path) =>
  isString(value) && /^[0-9]+%$/.test(value) && Number.parseInt(value, 10) > 100
    ? [invalidValue(path, value, "must not be greater than 100%")]
    : [];
