import { expect, test } from "vitest";
import type { KubeObject } from "../../../../shared/kube/served-kind.ts";
import { flowSchemaRules as rules } from "../../../../shared/kube/validation/flow-control/flow-schema-rules.ts";
import type { Json, JsonObject } from "../../../../shared/lib/kube-object.ts";
import { errorsOf } from "../errors-of.ts";
import { expectNeverThrows } from "../never-throws.ts";
import { notALabel, notASubdomain } from "../sentences.ts";
import { flowSchema, rule } from "./flow-objects.ts";

const by = (...subjects: Json[]): KubeObject => flowSchema({ rules: [{ ...rule, subjects }] });
const resources: JsonObject = {
  verbs: ["get", "list"],
  apiGroups: [""],
  resources: ["pods"],
  namespaces: ["default"],
};
const asking = (asked: JsonObject): KubeObject =>
  flowSchema({ rules: [{ ...rule, resourceRules: [{ ...resources, ...asked }] }] });
const at = (...nonResourceURLs: string[]): KubeObject =>
  flowSchema({ rules: [{ ...rule, nonResourceRules: [{ verbs: ["get"], nonResourceURLs }] }] });

const subject = "spec.rules[0].subjects[0]";
const asked = "spec.rules[0].resourceRules[0]";
const urls = "spec.rules[0].nonResourceRules[0].nonResourceURLs";
const precedence = "spec.matchingPrecedence: Invalid value";
const verbs =
  '"create", "delete", "deletecollection", "get", "list", "patch", "proxy", "update", "watch"';
const noLevel =
  "spec.priorityLevelConfiguration.name: Required value: must reference a priority level";

const bad: [name: string, schema: KubeObject, want: readonly string[]][] = [
  ["that says nothing", { ...flowSchema(), spec: {} }, [noLevel]],
  [
    "of a level with a wrong name",
    flowSchema({ priorityLevelConfiguration: { name: "Exempt" } }),
    [`spec.priorityLevelConfiguration.name: Invalid value: "Exempt": ${notASubdomain}`],
  ],
  [
    "of negative precedence",
    flowSchema({ matchingPrecedence: -1 }),
    [`${precedence}: -1: must be a positive value`],
  ],
  [
    "of too high precedence",
    flowSchema({ matchingPrecedence: 10_001 }),
    [`${precedence}: 10001: must not be greater than 10000`],
  ],
  [
    "that comes before all others",
    flowSchema({ matchingPrecedence: 1 }),
    [`${precedence}: 1: only the schema named 'exempt' may have matchingPrecedence 1`],
  ],
  [
    "that tells flows apart in no way",
    flowSchema({ distinguisherMethod: {} }),
    [
      'spec.distinguisherMethod.type: Unsupported value: {"Type":""}: supported values: ' +
        '"ByNamespace", "ByUser"',
    ],
  ],
  [
    "about nobody and nothing",
    flowSchema({ rules: [{}] }),
    [
      "spec.rules[0].subjects: Required value: subjects must contain at least one value",
      "spec.rules[0]: Required value: at least one of resourceRules and nonResourceRules has to " +
        "be non-empty",
    ],
  ],
  [
    "about somebody of no kind",
    by({ name: "system:masters" }),
    [`${subject}.kind: Unsupported value: "": supported values: "Group", "ServiceAccount", "User"`],
  ],
  [
    "about an account of another kind",
    by({ kind: "ServiceAccount", user: { name: "a" }, group: { name: "b" } }),
    [
      `${subject}.serviceAccount: Required value: serviceAccount is required when subject kind ` +
        "is 'ServiceAccount'",
      `${subject}.user: Forbidden: user is forbidden when subject kind is not 'User'`,
      `${subject}.group: Forbidden: group is forbidden when subject kind is not 'Group'`,
    ],
  ],
  [
    "about a user of another kind",
    by({ kind: "User", serviceAccount: {}, group: {} }),
    [
      `${subject}.user: Required value: user is required when subject kind is 'User'`,
      `${subject}.serviceAccount: Forbidden: serviceAccount is forbidden when subject kind is ` +
        "not 'ServiceAccount'",
      `${subject}.group: Forbidden: group is forbidden when subject kind is not 'Group'`,
    ],
  ],
  [
    "about a group of no name, that is a user too",
    by({ kind: "Group", group: {}, user: {} }),
    [
      `${subject}.group.name: Required value`,
      `${subject}.user: Forbidden: user is forbidden when subject kind is not 'User'`,
    ],
  ],
  [
    "about an account of no name",
    by({ kind: "ServiceAccount", serviceAccount: {} }),
    [
      `${subject}.serviceAccount.name: Required value`,
      `${subject}.serviceAccount.namespace: Required value: must specify namespace for service ` +
        "account",
    ],
  ],
  [
    "about an account of a wrong name",
    by({ kind: "ServiceAccount", serviceAccount: { name: "A", namespace: "*" } }),
    [
      `${subject}.serviceAccount.name: Invalid value: "A": ${notASubdomain}`,
      `${subject}.serviceAccount.namespace: Invalid value: "*": ${notALabel}`,
    ],
  ],
  [
    "about no resources",
    asking({ verbs: [], apiGroups: [], resources: [], namespaces: [] }),
    [
      `${asked}.verbs: Required value: verbs must contain at least one value`,
      `${asked}.apiGroups: Required value: resource rules must supply at least one api group`,
      `${asked}.resources: Required value: resource rules must supply at least one resource`,
      `${asked}.namespaces: Required value: resource rules that are not cluster scoped must ` +
        "supply at least one namespace",
    ],
  ],
  [
    "about more than everything",
    asking({
      verbs: ["*", "get"],
      apiGroups: ["*", ""],
      resources: ["*", "pods"],
      namespaces: ["*", "A"],
    }),
    [
      `${asked}.verbs: Invalid value: ["*","get"]: if '*' is present, must not specify other verbs`,
      `${asked}.apiGroups: Invalid value: ["*",""]: if '*' is present, must not specify other ` +
        "api groups",
      `${asked}.resources: Invalid value: ["*","pods"]: if '*' is present, must not specify ` +
        "other resources",
      `${asked}.namespaces: Invalid value: ["*","A"]: if '*' is present, must not specify other ` +
        "namespaces",
    ],
  ],
  [
    "about an unknown verb, in a wrong namespace",
    asking({ verbs: ["get", "Read"], namespaces: ["a", "B"], clusterScope: true }),
    [
      `${asked}.verbs: Unsupported value: ["get","Read"]: supported values: ${verbs}`,
      `${asked}.namespaces[1]: Invalid value: "B": each member of this list must be '*' or a ` +
        `DNS-1123 label; ${notALabel}`,
    ],
  ],
  [
    "about no paths",
    flowSchema({ rules: [{ ...rule, nonResourceRules: [{}] }] }),
    [
      "spec.rules[0].nonResourceRules[0].verbs: Required value: verbs must contain at least one " +
        "value",
      `${urls}: Required value: nonResourceURLs must contain at least one value`,
    ],
  ],
  [
    "about more than all paths",
    at("*", "/healthz"),
    [
      `${urls}: Invalid value: ["*","/healthz"]: if '*' is present, must not specify other ` +
        "non-resource URLs",
    ],
  ],
  [
    "about wrong paths",
    at("", "a", "/a b", "//a", "/*/a", "/a*", "/*/*"),
    [
      `${urls}[0]: Invalid value: "": must not be empty`,
      `${urls}[1]: Invalid value: "a": must start with slash`,
      `${urls}[2]: Invalid value: "/a b": must not contain white-space`,
      `${urls}[3]: Invalid value: "//a": must not contain double slash`,
      ...["/*/a", "/a*", "/*/*"].map(
        (path, index) =>
          `${urls}[${index + 4}]: Invalid value: "${path}": wildcard can only do suffix matching`,
      ),
    ],
  ],
  [
    "that each server keeps, in another form,",
    flowSchema({ rules: [] }, "catch-all"),
    [
      'spec: Invalid value: {"priorityLevelConfiguration":{"name":"exempt"},"rules":[]}: spec of ' +
        "'catch-all' must equal the fixed value",
    ],
  ],
];

test.each(bad)("a schema %s is refused", (_, object, want) => {
  expect(errorsOf(rules, object)).toEqual(want);
});

const everywhere: JsonObject = {
  verbs: ["*"],
  apiGroups: ["*"],
  resources: ["*"],
  namespaces: ["*"],
  clusterScope: true,
};
const everything = flowSchema({
  matchingPrecedence: 500,
  distinguisherMethod: { type: "ByNamespace" },
  rules: [
    {
      subjects: [
        { kind: "User", user: { name: "*" } },
        { kind: "Group", group: { name: "system:nodes" } },
        { kind: "ServiceAccount", serviceAccount: { name: "*", namespace: "kube-system" } },
        { kind: "ServiceAccount", serviceAccount: { name: "a.b", namespace: "shop" } },
      ],
      resourceRules: [resources, everywhere, { ...resources, namespaces: [], clusterScope: true }],
      nonResourceRules: [{ verbs: ["get"], nonResourceURLs: ["/", "/healthz", "/metrics/*"] }],
    },
  ],
});
const exempt = flowSchema(
  {
    matchingPrecedence: 1,
    rules: [
      {
        subjects: [{ kind: "Group", group: { name: "system:masters" } }],
        resourceRules: [everywhere],
        nonResourceRules: [{ verbs: ["*"], nonResourceURLs: ["*"] }],
      },
    ],
  },
  "exempt",
);

test.each([
  ["of the least that there is", flowSchema()],
  ["of all that there is", everything],
  ["of the default precedence", flowSchema({ matchingPrecedence: 0 })],
  ["about nothing at all", flowSchema({ rules: [] })],
  ["that each server keeps", exempt],
  ["with a field of a newer version", flowSchema({ somethingNew: true })],
])("a schema %s is taken", (_, object) => {
  expect(errorsOf(rules, object)).toEqual([]);
  expect(errorsOf(rules, object, everything)).toEqual([]);
});

test("the rules of schemas never throw", () => {
  expectNeverThrows(rules, everything, exempt);
});
