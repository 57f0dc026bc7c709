import { forbiddenField, invalidValue, requiredValue } from "../../field-errors.ts";
import { arrayOf, at, isArray } from "../../json.ts";
import { eachTextOnce } from "../each-once.ts";
import { labelSelectorErrors } from "../label-selector-rules.ts";
import {
  all,
  type ObjectRule,
  objectRule,
  oneOf,
  type Rule,
  required,
  struct,
  whole,
} from "../rule.ts";
import { dnsSubdomain, pathSegment } from "../text-rules.ts";
import { isSet, strictlyOneOf, textOrEmpty } from "../zero-values.ts";
import { matchResourcesRule } from "./match-resources-rule.ts";

/** Parameters are found by their name or by their labels. */
const paramRef: Rule = whole((ref, path) => {
  const name = textOrEmpty(ref["name"]);
  const { selector, parameterNotFoundAction } = ref;
  const isNamed = name !== undefined && name !== "";
  const both = "name and selector are mutually exclusive";
  const isBoth = isNamed && isSet(selector);
  const isNeither = name === "" && !isSet(selector);
  return [
    ...pathSegment(name, `${path}.name`),
    ...(isBoth ? [forbiddenField(`${path}.name`, both)] : []),
    ...labelSelectorErrors(selector, `${path}.selector`),
    ...(isBoth ? [forbiddenField(`${path}.selector`, both)] : []),
    ...(isNeither ? [requiredValue(path, "one of name or selector must be specified")] : []),
    ...notFoundAction(parameterNotFoundAction, `${path}.parameterNotFoundAction`),
  ];
});

const notFoundAction: Rule = required(oneOf("Deny", "Allow"));

/** A kube-apiserver tells of them without the "r". */
const matchResources: Rule = (spec, path) =>
  matchResourcesRule(at(spec, "matchResources"), `${path}.matchResouces`);

const knownActions = eachTextOnce(strictlyOneOf("Audit", "Deny", "Warn"));

const validationActions: Rule = (value, path) => {
  if (isSet(value) && !isArray(value)) return [];
  const actions = arrayOf(value);
  if (actions.length === 0) {
    return [requiredValue(path, "at least one validation action is required")];
  }
  const isTold = actions.includes("Deny") && actions.includes("Warn");
  const because =
    "must not contain both Deny and Warn (repeating the same validation failure information in " +
    "the API response and headers serves no purpose)";
  return [
    ...knownActions(actions, path),
    ...(isTold ? [invalidValue(path, actions, because)] : []),
  ];
};

/**
 * What a ValidatingAdmissionPolicyBinding must be.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
 */
export const validatingAdmissionPolicyBindingRules: ObjectRule = objectRule(
  struct({
    spec: all(
      struct({ policyName: required(dnsSubdomain), paramRef }),
      matchResources,
      struct({ validationActions }),
    ),
  }),
);
