import { expect, test } from "vitest";
import type { KubeObject } from "../../../../shared/kube/served-kind.ts";
import { validatingAdmissionPolicyBindingRules as rules } from "../../../../shared/kube/validation/admission/validating-admission-policy-binding-rules.ts";
import { errorsOf } from "../errors-of.ts";
import { expectNeverThrows } from "../never-throws.ts";
import { notASubdomain } from "../sentences.ts";
import { binding, deployments } from "./admission-objects.ts";

const ref = "spec.paramRef";
const both = "name and selector are mutually exclusive";

const bad: [name: string, binding: KubeObject, want: readonly string[]][] = [
  [
    "that says nothing",
    { ...binding(), spec: {} },
    [
      "spec.policyName: Required value",
      "spec.validationActions: Required value: at least one validation action is required",
    ],
  ],
  [
    "of a policy with a wrong name",
    binding({ policyName: "Replicas" }),
    [`spec.policyName: Invalid value: "Replicas": ${notASubdomain}`],
  ],
  [
    "of no parameters",
    binding({ paramRef: {} }),
    [
      `${ref}: Required value: one of name or selector must be specified`,
      `${ref}.parameterNotFoundAction: Required value`,
    ],
  ],
  [
    "of parameters by both ways",
    binding({
      paramRef: {
        name: "a/b",
        selector: { matchExpressions: [{ key: "a", operator: "In" }] },
        parameterNotFoundAction: "Warn",
      },
    }),
    [
      `${ref}.name: Invalid value: "a/b": may not contain '/'`,
      `${ref}.name: Forbidden: ${both}`,
      `${ref}.selector.matchExpressions[0].values: Required value: must be specified when ` +
        "`operator` is 'In' or 'NotIn'",
      `${ref}.selector: Forbidden: ${both}`,
      `${ref}.parameterNotFoundAction: Unsupported value: "Warn": supported values: "Deny", ` +
        '"Allow"',
    ],
  ],
  [
    "for wrong resources, which are told as a server spells them",
    binding({
      matchResources: {
        matchPolicy: "Like",
        resourceRules: [{ ...deployments, apiVersions: [""] }],
      },
    }),
    [
      'spec.matchResouces.matchPolicy: Unsupported value: "Like": supported values: ' +
        '"Equivalent", "Exact"',
      "spec.matchResouces.resourceRules[0].apiVersions[0]: Required value",
    ],
  ],
  [
    "with unknown actions",
    binding({ validationActions: ["deny", "Audit", "Audit"] }),
    [
      'spec.validationActions[0]: Unsupported value: "deny": supported values: "Audit", "Deny", ' +
        '"Warn"',
      'spec.validationActions[2]: Duplicate value: "Audit"',
    ],
  ],
  [
    "that denies and warns",
    binding({ validationActions: ["Warn", "Deny"] }),
    [
      'spec.validationActions: Invalid value: ["Warn","Deny"]: must not contain both Deny and ' +
        "Warn (repeating the same validation failure information in the API response and " +
        "headers serves no purpose)",
    ],
  ],
];

test.each(bad)("a binding %s is refused", (_, object, want) => {
  expect(errorsOf(rules, object)).toEqual(want);
});

const everything = binding({
  validationActions: ["Deny", "Audit"],
  paramRef: { name: "limit:test", namespace: "default", parameterNotFoundAction: "Allow" },
  matchResources: {
    matchPolicy: "Equivalent",
    namespaceSelector: { matchExpressions: [{ key: "env", operator: "In", values: ["test"] }] },
    objectSelector: { matchLabels: { app: "web" } },
    resourceRules: [{ ...deployments, resourceNames: ["web"] }],
    excludeResourceRules: [deployments],
  },
});

test.each([
  ["of the least that there is", binding()],
  ["of all that there is", everything],
  ["that warns and audits", binding({ validationActions: ["Warn", "Audit"] })],
  ["of all parameters", binding({ paramRef: { selector: {}, parameterNotFoundAction: "Deny" } })],
  ["that matches all that its policy matches", binding({ matchResources: {} })],
  ["with a field of a newer version", binding({ somethingNew: true })],
])("a binding %s is taken", (_, object) => {
  expect(errorsOf(rules, object)).toEqual([]);
  expect(errorsOf(rules, object, everything)).toEqual([]);
});

test("the rules of bindings never throw", () => {
  expectNeverThrows(rules, everything, binding({ paramRef: { selector: {} } }));
});
