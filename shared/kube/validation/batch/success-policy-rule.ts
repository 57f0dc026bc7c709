import type { Json } from "../../../lib/kube-object.ts";
import { invalidValue, requiredValue, tooLong } from "../../field-errors.ts";
import { isObject, isString } from "../../json.ts";
import type { FieldError } from "../../served-kind.ts";
import { nonNegative } from "../number-rules.ts";
import { all, each, fields, itemsAtMost, type Rule, required, whole } from "../rule.ts";
import { indexCount } from "./index-intervals.ts";
import { completionsOf, isIndexed } from "./job-completion-rule.ts";

const rulesMax = 20;
const indexesBytesMax = 65_536;

/** When a Job with indexes counts as done before all of them are; told with the whole spec. */
export const successPolicyRule: Rule = whole((spec, path) => {
  const policy = spec["successPolicy"];
  if (policy === undefined) return [];
  const where = `${path}.successPolicy`;
  if (!isIndexed(spec)) return [invalidValue(where, policy, "requires indexed completion mode")];
  const because = "at least one rules must be specified when the successPolicy is specified";
  const completions = completionsOf(spec);
  const rule: Rule = (each, below) => ruleErrors(each, below, completions);
  return fields({
    rules: all(required(itemsAtMost(rulesMax), because), each(rule)),
  })(policy, where);
});

function ruleErrors(
  rule: Json | undefined,
  path: string,
  completions: Json | undefined,
): readonly FieldError[] {
  if (!isObject(rule)) return [];
  const { succeededIndexes, succeededCount } = rule;
  if (succeededIndexes === undefined && succeededCount === undefined) {
    const because = "at least one of succeededCount or succeededIndexes must be specified";
    return [requiredValue(path, because)];
  }
  if (typeof completions !== "number") return [];
  const found = isString(succeededIndexes) ? indexCount(succeededIndexes, completions) : undefined;
  const wrong = typeof found === "string" ? `error parsing succeededIndexes: ${found}` : undefined;
  const where = `${path}.succeededIndexes`;
  return [
    ...(isString(succeededIndexes) && Buffer.byteLength(succeededIndexes) > indexesBytesMax
      ? [tooLong(where, indexesBytesMax)]
      : []),
    ...(wrong === undefined ? [] : [invalidValue(where, succeededIndexes ?? null, wrong)]),
    ...countErrors(succeededCount, `${path}.succeededCount`, [
      [completions, "the number of specified completions"],
      // Indexes that cannot be read are none.
      ...(found === undefined ? [] : [[typeof found === "number" ? found : 0, ofIndexes] as const]),
    ]),
  ];
}

const ofIndexes = "the number of indexes in the specified succeededIndexes field";

function countErrors(
  count: Json | undefined,
  path: string,
  limits: readonly (readonly [max: number, of: string])[],
): readonly FieldError[] {
  if (typeof count !== "number") return [];
  return [
    ...nonNegative(count, path),
    ...limits
      .filter(([max]) => count > max)
      .map(([max, of]) =>
        invalidValue(path, count, `must be less than or equal to ${max} (${of})`),
      ),
  ];
}
