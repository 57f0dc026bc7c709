import { invalidValue, unsupportedValue } from "../../field-errors.ts";
import { objectOf, textOf } from "../../json.ts";
import type { FieldError, KubeObject } from "../../served-kind.ts";
import { each, type ObjectRule, type Rule, required, struct, whole } from "../rule.ts";
import { meansTheSame } from "../same-meaning.ts";
import { dnsSubdomain } from "../text-rules.ts";
import { textOrEmpty } from "../zero-values.ts";
import { flowRequestsRule } from "./flow-requests-rule.ts";
import { mandatoryFlowSchemas } from "./mandatory-flow.ts";

const precedenceMax = 10_000;
const defaultPrecedence = 1_000;
const methods = ["ByNamespace", "ByUser"];

/** Zero is the default, as an absent one is. */
function precedenceErrors({ metadata, spec }: KubeObject): readonly FieldError[] {
  const path = "spec.matchingPrecedence";
  const value = objectOf(spec)["matchingPrecedence"] || defaultPrecedence;
  if (typeof value !== "number") return [];
  if (value < 0) return [invalidValue(path, value, "must be a positive value")];
  if (value > precedenceMax) {
    return [invalidValue(path, value, `must not be greater than ${precedenceMax}`)];
  }
  const because = "only the schema named 'exempt' may have matchingPrecedence 1";
  const isReserved = value === 1 && metadata["name"] !== "exempt";
  return isReserved ? [invalidValue(path, value, because)] : [];
}

/** A kube-apiserver shows what it is told of as a whole. */
const distinguisherMethod: Rule = whole(({ type }, path) => {
  const method = textOrEmpty(type);
  if (method === undefined || methods.includes(method)) return [];
  return [unsupportedValue(`${path}.type`, { Type: method }, methods)];
});

const content: Rule = struct({
  distinguisherMethod,
  priorityLevelConfiguration: struct({
    name: required(dnsSubdomain, "must reference a priority level"),
  }),
  rules: each(flowRequestsRule),
});

function changedMandatory({ metadata, spec }: KubeObject): readonly FieldError[] {
  const name = textOf(metadata["name"]) ?? "";
  const fixed = mandatoryFlowSchemas.get(name);
  if (fixed === undefined || meansTheSame(spec, fixed)) return [];
  return [invalidValue("spec", spec ?? null, `spec of '${name}' must equal the fixed value`)];
}

/**
 * What a FlowSchema must be. Two that each server keeps cannot be changed.
 *
 * @see https://kubernetes.io/docs/concepts/cluster-administration/flow-control/#flowschema
 */
export const flowSchemaRules: ObjectRule = (schema) => [
  ...precedenceErrors(schema),
  ...content(schema["spec"], "spec"),
  ...changedMandatory(schema),
];
