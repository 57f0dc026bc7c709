import type { Json } from "../../../lib/kube-object.ts";
import { invalidValue, requiredValue } from "../../field-errors.ts";
import { at } from "../../json.ts";
import { atMost } from "../number-rules.ts";
import { all, fields, number, oneOf, type Rule, whole } from "../rule.ts";

/** What a Job's status can tell of its indexes in one text. */
const indexesMax = 100_000;
/** Beyond `indexesMax` completions, with limits per index, less may run or fail at once. */
const indexesMaxOfLargeJob = 10_000;

/**
 * How many completions a Job needs. Undefined is as many as its pods find: when only `parallelism`
 * is given.
 */
export function completionsOf(spec: Json | undefined): Json | undefined {
  const isUnset = at(spec, "parallelism") === undefined;
  return at(spec, "completions") ?? (isUnset ? 1 : undefined);
}

export function isIndexed(spec: Json | undefined): boolean {
  return at(spec, "completionMode") === "Indexed";
}

const ofIndexedJob = "when completion mode is Indexed";
const ofLargeJob = `when completions are above ${indexesMax} and used with backoff limit per index`;

function atMostWhen(max: number, when: string): Rule {
  return number((value) => (value <= max ? [] : [`must be less than or equal to ${max} ${when}`]));
}

const failedOfCompletions: Rule = whole((spec, path) => {
  const { completions, maxFailedIndexes } = spec;
  if (typeof completions !== "number" || typeof maxFailedIndexes !== "number") return [];
  if (maxFailedIndexes <= completions) return [];
  const because = "must be less than or equal to completions";
  return [invalidValue(`${path}.maxFailedIndexes`, maxFailedIndexes, because)];
});

const largeRule: Rule = fields({
  maxFailedIndexes: (value, path) =>
    value === undefined
      ? [requiredValue(path, `must be specified when completions is above ${indexesMax}`)]
      : [],
  parallelism: atMostWhen(indexesMaxOfLargeJob, ofLargeJob),
});

const indexedRule: Rule = all(
  (spec, path) =>
    completionsOf(spec) === undefined ? [requiredValue(`${path}.completions`, ofIndexedJob)] : [],
  fields({ parallelism: atMostWhen(indexesMax, ofIndexedJob) }),
  failedOfCompletions,
  fields({ maxFailedIndexes: atMost(indexesMax) }),
  (spec, path) => (isLarge(spec) ? largeRule(spec, path) : []),
  (spec, path) => (isLarge(spec) ? failedOfLarge(spec, path) : []),
);

const failedOfLarge: Rule = fields({
  maxFailedIndexes: atMostWhen(indexesMaxOfLargeJob, ofLargeJob),
});

function isLarge(spec: Json | undefined): boolean {
  const completions = at(spec, "completions");
  const isLimited = at(spec, "backoffLimitPerIndex") !== undefined;
  return isLimited && typeof completions === "number" && completions > indexesMax;
}

const needsIndexes: Rule = (value, path) =>
  value === undefined ? [] : [invalidValue(path, value, "requires indexed completion mode")];

const notIndexedRule: Rule = fields({
  backoffLimitPerIndex: needsIndexes,
  maxFailedIndexes: needsIndexes,
});

/** What a Job's mode of completion asks of its numbers; an absent mode is "NonIndexed". */
export const jobCompletionRule: Rule = all(
  fields({ completionMode: oneOf("NonIndexed", "Indexed") }),
  (spec, path) => {
    const mode = at(spec, "completionMode") ?? "NonIndexed";
    if (mode === "Indexed") return indexedRule(spec, path);
    return mode === "NonIndexed" ? notIndexedRule(spec, path) : [];
  },
);
