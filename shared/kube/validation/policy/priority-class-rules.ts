import { forbiddenField, invalidValue } from "../../field-errors.ts";
import { isString } from "../../json.ts";
import type { FieldError, KubeObject } from "../../served-kind.ts";
import { type ObjectRule, oneOf } from "../rule.ts";

const valueMax = 1_000_000_000;
const systemPrefix = "system-";

/** The classes above all that users define. */
const systemValues: Readonly<Record<string, number>> = {
  "system-node-critical": 2_000_001_000,
  "system-cluster-critical": 2_000_000_000,
};

const defaultPolicy = "PreemptLowerPriority";
const preemptionPolicy = oneOf(defaultPolicy, "Never");

function systemError({ metadata: { name }, ...object }: KubeObject): string | undefined {
  if (!isString(name)) return undefined;
  const expected = Object.hasOwn(systemValues, name) ? systemValues[name] : undefined;
  if (expected === undefined) return `${name} is not a known system priority class`;
  if ((object["value"] ?? 0) !== expected) {
    return `value of ${name} PriorityClass must be ${expected}`;
  }
  const isDefault = object["globalDefault"] === true;
  return isDefault ? `globalDefault of ${name} PriorityClass must be false` : undefined;
}

function valueErrors(object: KubeObject): readonly FieldError[] {
  const { name } = object.metadata;
  if (isString(name) && name.startsWith(systemPrefix)) {
    const error = systemError(object);
    const reserved = `priority class names with '${systemPrefix}' prefix are reserved`;
    const because = `${reserved} for system use only. error: ${error}`;
    return error === undefined ? [] : [forbiddenField("metadata.name", because)];
  }
  const value = object["value"];
  if (typeof value !== "number" || value <= valueMax) return [];
  const because = `maximum allowed value of a user defined priority is ${valueMax}`;
  return [forbiddenField("value", because)];
}

function changeErrors(object: KubeObject, before: KubeObject): readonly FieldError[] {
  const isOtherValue = (object["value"] ?? 0) !== (before["value"] ?? 0);
  const policy = object["preemptionPolicy"] ?? defaultPolicy;
  const isOtherPolicy = policy !== (before["preemptionPolicy"] ?? defaultPolicy);
  return [
    ...(isOtherValue ? [forbiddenField("value", "may not be changed in an update.")] : []),
    ...(isOtherPolicy ? [invalidValue("preemptionPolicy", policy, "field is immutable")] : []),
  ];
}

/**
 * What a PriorityClass must be. What matters in it never changes, so an update is asked for that
 * alone.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/priority-class-v1/
 */
export const priorityClassRules: ObjectRule = (object, before) =>
  before === undefined
    ? [...valueErrors(object), ...preemptionPolicy(object["preemptionPolicy"], "preemptionPolicy")]
    : changeErrors(object, before);
