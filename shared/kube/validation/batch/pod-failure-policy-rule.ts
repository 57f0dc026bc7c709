import type { Json } from "../../../lib/kube-object.ts";
import { errorsOfItems } from "../../errors-of-items.ts";
import { duplicateValue, invalidValue, requiredValue, tooMany } from "../../field-errors.ts";
import { arrayOf, at, isArray, isObject, isString } from "../../json.ts";
import { qualifiedNameErrors } from "../../object/name-rules.ts";
import type { FieldError } from "../../served-kind.ts";
import { all, each, fields, itemsAtMost, oneOf, type Rule, whole } from "../rule.ts";

const rulesMax = 20;
const exitCodesMax = 255;
const podConditionsMax = 20;

const actions = ["Count", "FailIndex", "FailJob", "Ignore"];
const operators = ["In", "NotIn"];
const statuses = ["False", "True", "Unknown"];

/** One of the texts, that has no default: `Required value: valid values: ["In" "NotIn"]` */
function requiredOneOf(supported: readonly string[]): Rule {
  const supportedOnly = oneOf(...supported);
  const quoted = supported.map((each) => JSON.stringify(each)).join(" ");
  return (value, path) =>
    value === undefined || value === ""
      ? [requiredValue(path, `valid values: [${quoted}]`)]
      : supportedOnly(value, path);
}

/** The type of a condition, "DisruptionTarget"; it has no default. */
const conditionType: Rule = (value, path) => {
  const name = value ?? "";
  if (!isString(name)) return [];
  return qualifiedNameErrors(name).map((because) => invalidValue(path, name, because));
};

/** An absent status is "True". */
const podConditions: Rule = all(
  itemsAtMost(podConditionsMax),
  each(
    fields({
      type: conditionType,
      status: oneOf(...statuses),
    }),
  ),
);

const exitCodes: Rule = whole((requirement, path) => {
  const { operator, values } = requirement;
  const where = `${path}.values`;
  const codes = arrayOf(values);
  const isOrdered = codes.every((code, index) => index === 0 || !isBelow(code, codes[index - 1]));
  return [
    ...exitCodeCount(values, where),
    ...exitCodeErrors(codes, operator, where),
    ...(isOrdered ? [] : [invalidValue(where, codes, "must be ordered")]),
  ];
});

function exitCodeCount(values: Json | undefined, path: string): readonly FieldError[] {
  if (values !== undefined && !isArray(values)) return [];
  if (values === undefined || values.length === 0) {
    return [invalidValue(path, values ?? null, "at least one value is required")];
  }
  return values.length > exitCodesMax ? [tooMany(path, values.length, exitCodesMax)] : [];
}

function exitCodeErrors(
  codes: readonly Json[],
  operator: Json | undefined,
  path: string,
): readonly FieldError[] {
  const seen = new Set<Json>();
  return errorsOfItems(codes, (code, index) => {
    const where = `${path}[${index}]`;
    const isTwice = seen.has(code);
    seen.add(code);
    return [
      ...(operator === "In" && code === 0
        ? [invalidValue(where, code, "must not be 0 for the In operator")]
        : []),
      ...(isTwice ? [duplicateValue(where, JSON.stringify(code))] : []),
    ];
  });
}

function isBelow(code: Json, before: Json | undefined): boolean {
  return typeof code === "number" && typeof before === "number" && code < before;
}

/** A container that is named must be one of the template's. */
function containerNameRule(names: ReadonlySet<Json | undefined>): Rule {
  const because = "must be one of the container or initContainer names in the pod template";
  return (value, path) =>
    value === undefined || names.has(value) ? [] : [invalidValue(path, value, because)];
}

const oneRequirement: Rule = whole((rule, path) => {
  const hasExitCodes = rule["onExitCodes"] !== undefined;
  const hasConditions = arrayOf(rule["onPodConditions"]).length > 0;
  if (hasExitCodes !== hasConditions) return [];
  const because = hasExitCodes
    ? "specifying both OnExitCodes and OnPodConditions is not supported"
    : "specifying one of OnExitCodes and OnPodConditions is required";
  return [{ field: path, reason: "FieldValueInvalid", message: `Invalid value: ${because}` }];
});

function failIndexRule(hasLimitPerIndex: boolean): Rule {
  const because = "requires the backoffLimitPerIndex to be set";
  return (value, path) =>
    value === "FailIndex" && !hasLimitPerIndex ? [invalidValue(path, value, because)] : [];
}

/** What a Job's `podFailurePolicy` must be; it is told with the Job's whole spec. */
export const podFailurePolicyRule: Rule = whole((spec, path) => {
  const policy = spec["podFailurePolicy"];
  if (!isObject(policy)) return [];
  const pod = at(spec, "template", "spec");
  const containers = [...arrayOf(at(pod, "containers")), ...arrayOf(at(pod, "initContainers"))];
  const names = new Set(containers.map((container) => at(container, "name")));
  const hasLimitPerIndex = spec["backoffLimitPerIndex"] !== undefined;
  const rule = all(
    fields({
      action: all(requiredOneOf(actions), failIndexRule(hasLimitPerIndex)),
      onExitCodes: all(
        fields({ operator: requiredOneOf(operators), containerName: containerNameRule(names) }),
        exitCodes,
      ),
      onPodConditions: podConditions,
    }),
    oneRequirement,
  );
  return fields({ rules: all(itemsAtMost(rulesMax), each(rule)) })(
    policy,
    `${path}.podFailurePolicy`,
  );
});
