import type { JsonObject } from "../../../lib/kube-object.ts";
import {
  forbiddenField,
  invalidValue,
  requiredValue,
  unsupportedValue,
} from "../../field-errors.ts";
import { at, isString } from "../../json.ts";
import type { FieldError } from "../../served-kind.ts";
import { containerResourceErrors } from "../pod/resource-names.ts";
import { positiveQuantity } from "../quantity-rules.ts";
import { all, number, type Rule, required, struct, text, whole } from "../rule.ts";
import { dnsLabel, pathSegment } from "../text-rules.ts";
import { crossVersionObjectReferenceRule } from "./cross-version-object-reference-rule.ts";

const metricName: Rule = struct({
  name: required(pathSegment, "must specify a metric name"),
});

/** An absent type is told twice: it is missing, and it is none of those that there are. */
const targetType: Rule = (value = "", path) => {
  if (!isString(value) || ["Utilization", "Value", "AverageValue"].includes(value)) return [];
  return [
    ...(value === "" ? [requiredValue(path, "must specify a metric target type")] : []),
    invalidValue(path, value, "must be either Utilization, Value, or AverageValue"),
  ];
};

const targetRule: Rule = struct({
  type: targetType,
  value: positiveQuantity("must be positive"),
  averageValue: positiveQuantity("must be positive"),
  averageUtilization: number((value) => (value >= 1 ? [] : ["must be greater than 0"])),
});

/** At least one way to say what is aimed at; that the last of them is missing is told. */
function someTarget(names: readonly string[], because: string): Rule {
  return (source, path) =>
    names.some((name) => at(source, "target", name) !== undefined)
      ? []
      : [requiredValue(`${path}.target.${names.at(-1)}`, because)];
}

/** Not both ways at once; that the second has no place there is told. */
function notBothTargets(names: readonly [string, string], because: string): Rule {
  return (source, path) =>
    names.every((name) => at(source, "target", name) !== undefined)
      ? [forbiddenField(`${path}.target.${names[1]}`, because)]
      : [];
}

const usage = all(
  struct({ target: targetRule }),
  someTarget(
    ["averageValue", "averageUtilization"],
    "must set either a target raw value or a target utilization",
  ),
  notBothTargets(
    ["averageUtilization", "averageValue"],
    "may not set both a target raw value and a target utilization",
  ),
);

const resourceName = "must specify a resource name";

/** Where a metric comes from, by its field; a kube-apiserver looks at them in this order. */
const sources: Readonly<Record<string, Rule>> = {
  object: all(
    struct({
      describedObject: crossVersionObjectReferenceRule,
      metric: metricName,
      target: targetRule,
    }),
    someTarget(["value", "averageValue"], "must set either a target value or averageValue"),
  ),
  external: all(
    struct({ metric: metricName, target: targetRule }),
    someTarget(
      ["value", "averageValue"],
      "must set either a target value for metric or a per-pod target",
    ),
    notBothTargets(
      ["averageValue", "value"],
      "may not set both a target value for metric and a per-pod target",
    ),
  ),
  pods: all(
    struct({ metric: metricName, target: targetRule }),
    someTarget(["averageValue"], "must specify a positive target averageValue"),
  ),
  resource: all(struct({ name: required(undefined, resourceName) }), usage),
  containerResource: all(
    struct({
      name: required(text(containerResourceErrors), resourceName),
      container: required(dnsLabel, "must specify a container"),
    }),
    usage,
  ),
};

/** The field of each type's source. */
const typeFields: Readonly<Record<string, string>> = {
  ContainerResource: "containerResource",
  External: "external",
  Object: "object",
  Pods: "pods",
  Resource: "resource",
};

function typeErrors(type: string, path: string): readonly FieldError[] {
  const isMissing = type === "" ? [requiredValue(path, "must specify a metric source type")] : [];
  const isKnown = Object.hasOwn(typeFields, type);
  return isKnown ? [] : [...isMissing, unsupportedValue(path, type, Object.keys(typeFields))];
}

/** The first source is looked into; any but the one of the metric's type has no place here. */
function sourceErrors(metric: JsonObject, type: string, path: string): readonly FieldError[] {
  const given = Object.keys(sources).filter((name) => metric[name] !== undefined);
  const expected = Object.hasOwn(typeFields, type) ? typeFields[type] : undefined;
  const [first] = given;
  const inside =
    first === undefined ? [] : (sources[first]?.(metric[first], `${path}.${first}`) ?? []);
  const missing = "must populate information for the given metric source";
  const only = "must populate the given metric source only";
  const others = given.length === 1 ? [] : given.filter((name) => name !== expected);
  return [
    ...inside,
    // An unknown type is told before its sources and after them.
    ...(expected === undefined
      ? [unsupportedValue(`${path}.type`, type, Object.keys(typeFields))]
      : given.includes(expected)
        ? []
        : [requiredValue(`${path}.${expected}`, missing)]),
    ...others.map((name) => forbiddenField(`${path}.${name}`, only)),
  ];
}

/** One metric of an autoscaler: its type, and the source of that type alone. */
export const metricRule: Rule = whole((metric, path) => {
  const { type = "" } = metric;
  if (!isString(type)) return [];
  return [...typeErrors(type, `${path}.type`), ...sourceErrors(metric, type, path)];
});
