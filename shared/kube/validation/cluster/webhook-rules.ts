import type { Json } from "../../../lib/kube-object.ts";
import { errorsOfItems } from "../../errors-of-items.ts";
import { invalidValue, requiredValue } from "../../field-errors.ts";
import { arrayOf, isArray, isString } from "../../json.ts";
import { nameErrors } from "../../object/name-rules.ts";
import type { FieldError } from "../../served-kind.ts";
import { eachOnce } from "../each-once.ts";
import { labelSelectorErrors } from "../label-selector-rules.ts";
import {
  each,
  fields,
  number,
  type ObjectRule,
  objectRule,
  oneOf,
  type Rule,
  required,
  text,
} from "../rule.ts";
import { matchConditionsRule } from "./match-conditions-rule.ts";
import { webhookClientRule } from "./webhook-client-rule.ts";
import { webhookOperationsRule } from "./webhook-operations-rule.ts";

const reviewVersions = ["v1", "v1beta1"];
const harmless = ["None", "NoneOnDryRun"];

/** "pods.policy.example.com" */
const webhookName = text((value) => {
  const errors = nameErrors("dns-subdomain", value);
  if (errors.length > 0) return [errors.join(",")];
  return value.split(".").length >= 3
    ? []
    : ["should be a domain with at least three segments separated by dots"];
});

const timeoutSeconds = number((value) =>
  value >= 1 && value <= 30 ? [] : ["the timeout value must be between 1 and 30 seconds"],
);

const sideEffects: Rule = (value, path) =>
  value === undefined
    ? [requiredValue(path, `must specify one of ${harmless.join(", ")}`)]
    : oneOf(...harmless)(value, path);

const admissionReviewVersions: Rule = (value, path) => {
  const known = reviewVersions.join(", ");
  const versions = arrayOf(value);
  if (value !== undefined && !isArray(value)) return [];
  if (versions.length === 0) return [requiredValue(path, `must specify one of ${known}`)];
  const isUnderstood = reviewVersions.some((version) => versions.includes(version));
  const because = `must include at least one of ${known}`;
  return [
    ...versionErrors(versions, path),
    ...(isUnderstood ? [] : [invalidValue(path, versions, because)]),
  ];
};

function versionErrors(versions: readonly Json[], path: string): readonly FieldError[] {
  const seen = new Set<string>();
  return errorsOfItems(versions, (version, index) => {
    if (!isString(version)) return [];
    const isTwice = seen.has(version);
    seen.add(version);
    const errors = isTwice ? ["duplicate version"] : nameErrors("dns-1035-label", version);
    return errors.map((because) => invalidValue(`${path}[${index}]`, version, because));
  });
}

const usualFields: Readonly<Record<string, Rule>> = {
  name: required(webhookName),
  rules: each(webhookOperationsRule),
  failurePolicy: oneOf("Fail", "Ignore"),
  matchPolicy: oneOf("Equivalent", "Exact"),
  sideEffects,
  timeoutSeconds,
  namespaceSelector: labelSelectorErrors,
  objectSelector: labelSelectorErrors,
};

const lastFields: Readonly<Record<string, Rule>> = {
  clientConfig: webhookClientRule,
  matchConditions: matchConditionsRule({ hasParams: false }),
  admissionReviewVersions,
};

const validating = fields({ ...usualFields, ...lastFields });
const mutating = fields({
  ...usualFields,
  reinvocationPolicy: oneOf("IfNeeded", "Never"),
  ...lastFields,
});

/**
 * What a MutatingWebhookConfiguration must be.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/
 */
export const mutatingWebhookConfigurationRules: ObjectRule = objectRule(
  fields({ webhooks: eachOnce("name", mutating) }),
);

/**
 * What a ValidatingWebhookConfiguration must be.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/
 */
export const validatingWebhookConfigurationRules: ObjectRule = objectRule(
  fields({ webhooks: eachOnce("name", validating) }),
);
