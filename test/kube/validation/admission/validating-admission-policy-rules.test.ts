import { expect, test } from "vitest";
import type { KubeObject } from "../../../../shared/kube/served-kind.ts";
import { validatingAdmissionPolicyRules as rules } from "../../../../shared/kube/validation/admission/validating-admission-policy-rules.ts";
import type { Json } from "../../../../shared/lib/kube-object.ts";
import { errorsOf } from "../errors-of.ts";
import { expectNeverThrows } from "../never-throws.ts";
import { anEmptyName, notA1035Label, notAName, notASubdomain } from "../sentences.ts";
import { deployments, policy } from "./admission-objects.ts";

const asking = (rule: object): KubeObject =>
  policy({ matchConstraints: { resourceRules: [{ ...deployments, ...rule }] } });
const checking = (check: Json): KubeObject => policy({ validations: [check] });
const annotating = (...auditAnnotations: Json[]): KubeObject => policy({ auditAnnotations });
const ofKind = (paramKind: Json): KubeObject => policy({ paramKind });

const nothingDone = "validations or auditAnnotations must contain at least one item";
const constraints = "spec.matchConstraints";
const check = { expression: "true" };
const annotation = { key: "replicas", valueExpression: "'high'" };

const bad: [name: string, policy: KubeObject, want: readonly string[]][] = [
  [
    "that says nothing",
    { ...policy(), spec: {} },
    [
      `${constraints}: Required value`,
      `spec.validations: Required value: ${nothingDone}`,
      `spec.auditAnnotations: Required value: ${nothingDone}`,
    ],
  ],
  [
    "that looks at nothing",
    policy({ matchConstraints: {} }),
    [`${constraints}.resourceRules: Required value`],
  ],
  [
    "that says other words than there are",
    policy({ failurePolicy: "", matchConstraints: { matchPolicy: "Like" } }),
    [
      'spec.failurePolicy: Unsupported value: "": supported values: "Fail", "Ignore"',
      `${constraints}.matchPolicy: Unsupported value: "Like": supported values: ` +
        '"Equivalent", "Exact"',
      `${constraints}.resourceRules: Required value`,
    ],
  ],
  [
    "with parameters of no kind",
    ofKind({}),
    ["spec.paramKind.apiVersion: Required value", "spec.paramKind.kind: Required value"],
  ],
  [
    "with parameters of wrong names",
    ofKind({ apiVersion: "Rules/1", kind: "Replica Limit" }),
    [
      `spec.paramKind.apiVersion: Invalid value: "Rules": ${notASubdomain}`,
      `spec.paramKind.apiVersion: Invalid value: "1": ${notA1035Label}`,
      'spec.paramKind.kind: Invalid value: "Replica Limit": may have mixed case, but should ' +
        `otherwise match: ${notA1035Label}`,
    ],
  ],
  [
    "with parameters of no version",
    ofKind({ apiVersion: "rules.example.com/", kind: "ReplicaLimit" }),
    [
      'spec.paramKind.apiVersion: Invalid value: "rules.example.com/": version must be ' +
        "specified",
    ],
  ],
  [
    "with parameters of too many parts",
    ofKind({ apiVersion: "a/b/c", kind: "ReplicaLimit" }),
    ['spec.paramKind.apiVersion: Invalid value: "a/b/c": unexpected GroupVersion string: a/b/c'],
  ],
  [
    "that selects by nothing",
    policy({
      matchConstraints: {
        namespaceSelector: { matchExpressions: [{ key: "a", operator: "In" }] },
        objectSelector: { matchExpressions: [{ key: "a", operator: "Near" }] },
        resourceRules: [deployments],
      },
    }),
    [
      `${constraints}.namespaceSelector.matchExpressions[0].values: Required value: must be ` +
        "specified when `operator` is 'In' or 'NotIn'",
      `${constraints}.objectSelector.matchExpressions[0].operator: Invalid value: "Near": not a ` +
        "valid selector operator",
    ],
  ],
  [
    "that names an object twice, or by a path",
    asking({ resourceNames: ["a", "a", "b/c"] }),
    [
      `${constraints}.resourceRules[0].resourceNames[1]: Duplicate value: "a"`,
      `${constraints}.resourceRules[0].resourceNames[2]: Invalid value: "b/c": may not contain '/'`,
    ],
  ],
  [
    "with a rule that says nothing",
    policy({
      matchConstraints: { resourceRules: [deployments], excludeResourceRules: [{}] },
    }),
    ["operations", "apiGroups", "apiVersions", "resources"].map(
      (name) => `${constraints}.excludeResourceRules[0].${name}: Required value`,
    ),
  ],
  [
    "for unknown operations",
    asking({ operations: ["create"] }),
    [
      `${constraints}.resourceRules[0].operations[0]: Unsupported value: "create": supported ` +
        'values: "*", "CONNECT", "CREATE", "DELETE", "UPDATE"',
    ],
  ],
  [
    "on conditions that say nothing, or the same twice",
    policy({ matchConditions: [{}, { name: "a", expression: "true" }, { name: "a" }] }),
    [
      "spec.matchConditions[0].expression: Required value",
      "spec.matchConditions[0].name: Required value",
      "spec.matchConditions[2].expression: Required value",
      'spec.matchConditions[2].name: Duplicate value: "a"',
    ],
  ],
  [
    "on too many conditions",
    policy({
      matchConditions: Array.from({ length: 65 }, (_, i) => ({ name: `a${i}`, ...check })),
    }),
    ["spec.matchConditions: Too many: 65: must have at most 64 items"],
  ],
  [
    "with variables of no name",
    policy({ variables: [{}, { name: " ", expression: "\n" }] }),
    [0, 1].flatMap((index) => [
      `spec.variables[${index}].name: Required value: name is not specified`,
      `spec.variables[${index}].expression: Required value: expression is not specified`,
    ]),
  ],
  [
    "with variables that an expression cannot name",
    policy({ variables: ["1a", "a-b", "in", "namespace"].map((name) => ({ name, ...check })) }),
    ["1a", "a-b", "in", "namespace"].map(
      (name, index) =>
        `spec.variables[${index}].name: Invalid value: "${name}": name is not a valid CEL ` +
        "identifier",
    ),
  ],
  [
    "that checks nothing",
    checking({ expression: "  " }),
    ["spec.validations[0].expression: Required value: expression is not specified"],
  ],
  [
    "with empty messages",
    checking({ ...check, message: " ", messageExpression: "\t" }),
    [
      'spec.validations[0].messageExpression: Invalid value: "\\t": must be non-empty if ' +
        "specified",
      'spec.validations[0].message: Invalid value: " ": message must be non-empty if specified',
    ],
  ],
  [
    "with a message of lines, and a reason of its own",
    checking({ ...check, message: "a\nb", reason: "NotFound" }),
    [
      'spec.validations[0].message: Invalid value: "a\\nb": message must not contain line breaks',
      'spec.validations[0].reason: Unsupported value: "NotFound": supported values: ' +
        '"Forbidden", "Invalid", "RequestEntityTooLarge"',
    ],
  ],
  [
    "with an annotation that says nothing",
    annotating({}),
    [
      `spec.auditAnnotations[0].key: Invalid value: "replicas.example.com/": ${anEmptyName}`,
      `spec.auditAnnotations[0].key: Invalid value: "replicas.example.com/": ${notAName}`,
      "spec.auditAnnotations[0].valueExpression: Required value: valueExpression is not specified",
    ],
  ],
  [
    "with a long annotation, that is there twice",
    annotating(annotation, { ...annotation, valueExpression: ` ${"x".repeat(5_121)} ` }),
    [
      "spec.auditAnnotations[1].valueExpression: Required value: must not exceed 5120 bytes in " +
        "length",
      'spec.auditAnnotations[1].key: Duplicate value: "replicas"',
    ],
  ],
];

test.each(bad)("a policy %s is refused", (_, object, want) => {
  expect(errorsOf(rules, object)).toEqual(want);
});

test("a policy with too many annotations is refused, with all of them", () => {
  const many = Array.from({ length: 21 }, (_, index) => ({ ...annotation, key: `a${index}` }));
  expect(errorsOf(rules, annotating(...many))).toEqual([
    `spec.auditAnnotations: Invalid value: ${JSON.stringify(many)}: must not have more than 20 ` +
      "auditAnnotations",
  ]);
});

test("an annotation's key makes a name together with that of its policy", () => {
  const object = policy({ auditAnnotations: [annotation] }, "Replicas");
  expect(errorsOf(rules, object)).toEqual([
    'spec.auditAnnotations[0].key: Invalid value: "Replicas/replicas": prefix part ' +
      notASubdomain,
  ]);
});

/** With all that the documentation shows. */
const everything = policy({
  failurePolicy: "Ignore",
  paramKind: { apiVersion: "rules.example.com/v1", kind: "ReplicaLimit" },
  matchConstraints: {
    matchPolicy: "Exact",
    namespaceSelector: { matchLabels: { environment: "test" } },
    objectSelector: {},
    resourceRules: [{ ...deployments, resourceNames: ["web"], scope: "Namespaced" }],
    excludeResourceRules: [{ ...deployments, operations: ["*"], resources: ["*/*"] }],
  },
  matchConditions: [{ name: "example.com/not-leases", expression: "request.kind.kind != 'Lease'" }],
  variables: [
    { name: "foo", expression: "'foo' in object.spec" },
    { name: "_in", expression: "variables.foo" },
    { name: "foo", expression: "true" },
  ],
  validations: [
    {
      expression: "object.spec.replicas <= params.maxReplicas",
      message: "\n too many replicas",
      messageExpression: "'must be less than ' + string(params.maxReplicas)",
      reason: "Forbidden",
    },
    ...["Invalid", "RequestEntityTooLarge", "Unauthorized"].map((reason) => ({ ...check, reason })),
  ],
  auditAnnotations: [
    { key: "high-replica-count", valueExpression: "'Deployment replicas high'" },
    { key: "x", valueExpression: `'${"x".repeat(5_118)}'` },
  ],
});

test.each([
  ["of the least that there is", policy()],
  ["of all that there is", everything],
  ["that only annotates", policy({ validations: null, auditAnnotations: [annotation] })],
  ["of parameters in the core group", ofKind({ apiVersion: "v1", kind: "ConfigMap" })],
  ["of everything in the cluster", asking({ apiGroups: ["*"], resources: ["*"], scope: "*" })],
  ["with a field of a newer version", policy({ somethingNew: true })],
])("a policy %s is taken", (_, object) => {
  expect(errorsOf(rules, object)).toEqual([]);
  expect(errorsOf(rules, object, everything)).toEqual([]);
  expect(errorsOf(rules, everything, object)).toEqual([]);
});

test("the rules of policies never throw", () => {
  expectNeverThrows(rules, everything, policy());
});
