import type { Json } from "../../../lib/kube-object.ts";
import { errorsOfItems } from "../../errors-of-items.ts";
import { invalidValue, requiredValue } from "../../field-errors.ts";
import { arrayOf, at, isArray, isString, textOf } from "../../json.ts";
import { nameErrors } from "../../object/name-rules.ts";
import type { FieldError } from "../../served-kind.ts";
import { duplicates } from "../duplicates.ts";
import { labelSelectorErrors } from "../label-selector-rules.ts";
import {
  all,
  each,
  fields,
  itemsAtMost,
  number,
  type ObjectRule,
  objectRule,
  oneOf,
  type Rule,
  required,
  text,
  unique,
} from "../rule.ts";
import { qualifiedName } from "../text-rules.ts";
import { webhookClientRule } from "./webhook-client-rule.ts";
import { webhookOperationsRule } from "./webhook-operations-rule.ts";

const matchConditionsMax = 64;
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

/** The conditions are expressions, which who runs the webhook reads. */
const matchConditions: Rule = all(
  itemsAtMost(matchConditionsMax),
  each(fields({ expression: notBlank, name: required(qualifiedName) })),
  unique("name"),
);

function notBlank(value: Json | undefined, path: string): readonly FieldError[] {
  const isBlank = value === undefined || (isString(value) && value.trim() === "");
  return isBlank ? [requiredValue(path)] : [];
}

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
  matchConditions,
  admissionReviewVersions,
};

const validating = fields({ ...usualFields, ...lastFields });
const mutating = fields({
  ...usualFields,
  reinvocationPolicy: oneOf("IfNeeded", "Never"),
  ...lastFields,
});

/** Each webhook by the rule, and each name once. */
function webhooks(rule: Rule): Rule {
  return (value, path) => {
    const duplicateOf = duplicates();
    return errorsOfItems(arrayOf(value), (webhook, index) => {
      const where = `${path}[${index}]`;
      const name = textOf(at(webhook, "name")) ?? "";
      return [...rule(webhook, where), ...(name === "" ? [] : duplicateOf(name, `${where}.name`))];
    });
  };
}

/**
 * What a MutatingWebhookConfiguration must be.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/
 */
export const mutatingWebhookConfigurationRules: ObjectRule = objectRule(
  fields({ webhooks: webhooks(mutating) }),
);

/**
 * What a ValidatingWebhookConfiguration must be.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/
 */
export const validatingWebhookConfigurationRules: ObjectRule = objectRule(
  fields({ webhooks: webhooks(validating) }),
);
