import { expect, test } from "vitest";
import type { KubeObject } from "../../../../shared/kube/served-kind.ts";
import {
  mutatingWebhookConfigurationRules,
  validatingWebhookConfigurationRules,
} from "../../../../shared/kube/validation/cluster/webhook-rules.ts";
import type { Json, JsonObject } from "../../../../shared/lib/kube-object.ts";
import { errorsOf } from "../errors-of.ts";
import { expectNeverThrows } from "../never-throws.ts";
import { notASubdomain } from "../sentences.ts";

const service = { namespace: "shop", name: "guard", path: "/validate/pods", port: 8_443 };
const operations = {
  operations: ["CREATE", "UPDATE"],
  apiGroups: ["apps"],
  apiVersions: ["v1"],
  resources: ["deployments", "deployments/scale"],
  scope: "Namespaced",
};

/** The least that a webhook must say, with `fields` over it; null takes away. */
function webhook(fields: Readonly<Record<string, Json>> = {}): JsonObject {
  const all: Readonly<Record<string, Json>> = {
    name: "pods.guard.example.com",
    clientConfig: { service },
    sideEffects: "None",
    admissionReviewVersions: ["v1"],
    ...fields,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null));
}

function configuration(...webhooks: Json[]): KubeObject {
  return {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingWebhookConfiguration",
    metadata: { name: "guard" },
    webhooks,
  };
}

const asking = (rule: Json): JsonObject =>
  webhook({ rules: [{ ...operations, ...(rule as object) }] });
const calling = (clientConfig: Json): JsonObject => webhook({ clientConfig });

const form = "; desired format: https://host[/path]";
const client = "clientConfig";
const url = `${client}.url`;
const oneWay = "exactly one of url or service is required";

const bad: [name: string, webhook: JsonObject, want: readonly string[]][] = [
  [
    "that says nothing",
    {},
    [
      "name: Required value",
      "sideEffects: Required value: must specify one of None, NoneOnDryRun",
      `clientConfig: Required value: ${oneWay}`,
      "admissionReviewVersions: Required value: must specify one of v1, v1beta1",
    ],
  ],
  [
    "with a short name",
    webhook({ name: "guard.com" }),
    [
      'name: Invalid value: "guard.com": should be a domain with at least three segments ' +
        "separated by dots",
    ],
  ],
  [
    "with a name that is no domain",
    webhook({ name: "Pods.guard.com" }),
    [`name: Invalid value: "Pods.guard.com": ${notASubdomain}`],
  ],
  [
    "with effects that cannot be tried",
    webhook({ sideEffects: "Some" }),
    ['sideEffects: Unsupported value: "Some": supported values: "None", "NoneOnDryRun"'],
  ],
  [
    "that says other words than there are",
    webhook({ failurePolicy: "Retry", matchPolicy: "Like" }),
    [
      'failurePolicy: Unsupported value: "Retry": supported values: "Fail", "Ignore"',
      'matchPolicy: Unsupported value: "Like": supported values: "Equivalent", "Exact"',
    ],
  ],
  [
    "that takes no time",
    webhook({ timeoutSeconds: 0 }),
    ["timeoutSeconds: Invalid value: 0: the timeout value must be between 1 and 30 seconds"],
  ],
  [
    "that takes too long",
    webhook({ timeoutSeconds: 31 }),
    ["timeoutSeconds: Invalid value: 31: the timeout value must be between 1 and 30 seconds"],
  ],
  [
    "that selects by nothing",
    webhook({
      namespaceSelector: { matchExpressions: [{ key: "a", operator: "In" }] },
      objectSelector: { matchExpressions: [{ key: "a", operator: "Near" }] },
    }),
    [
      "namespaceSelector.matchExpressions[0].values: Required value: must be specified when " +
        "`operator` is 'In' or 'NotIn'",
      'objectSelector.matchExpressions[0].operator: Invalid value: "Near": not a valid selector ' +
        "operator",
    ],
  ],
  [
    "that understands no review",
    webhook({ admissionReviewVersions: ["v2", "v2", "V3"] }),
    [
      'admissionReviewVersions[1]: Invalid value: "v2": duplicate version',
      'admissionReviewVersions[2]: Invalid value: "V3": a DNS-1035 label must consist of lower ' +
        "case alphanumeric characters or '-', start with an alphabetic character, and end with " +
        "an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is " +
        "'[a-z]([-a-z0-9]*[a-z0-9])?')",
      'admissionReviewVersions: Invalid value: ["v2","v2","V3"]: must include at least one of ' +
        "v1, v1beta1",
    ],
  ],
  ["that is called nowhere", calling({}), [`${client}: Required value: ${oneWay}`]],
  [
    "that is called in two ways",
    calling({ url: "https://a", service }),
    [`${client}: Required value: ${oneWay}`],
  ],
  [
    "that is called without TLS",
    calling({ url: "http://a/b" }),
    [`${url}: Invalid value: "http": 'https' is the only allowed URL scheme${form}`],
  ],
  [
    "that is called at what is no URL",
    calling({ url: "guard" }),
    [
      `${url}: Invalid value: "": 'https' is the only allowed URL scheme${form}`,
      `${url}: Invalid value: "": host must be specified${form}`,
    ],
  ],
  [
    "that is called with too much",
    calling({ url: "https://me:pw@a/b?c=d#e" }),
    [
      `${url}: Invalid value: "me:pw": user information is not permitted in the URL`,
      `${url}: Invalid value: "e": fragments are not permitted in the URL`,
      `${url}: Invalid value: "c=d": query parameters are not permitted in the URL`,
    ],
  ],
  [
    "that is called in no service",
    calling({ service: {} }),
    [
      `${client}.service.name: Required value: service name is required`,
      `${client}.service.namespace: Required value: service namespace is required`,
    ],
  ],
  [
    "that is called in a service of no namespace",
    calling({ service: { name: "guard" } }),
    [`${client}.service.namespace: Required value: service namespace is required`],
  ],
  [
    "that is called at no port",
    calling({ service: { ...service, port: 0 } }),
    [
      `${client}.service.port: Invalid value: 0: port is not valid: must be between 1 and 65535, ` +
        "inclusive",
    ],
  ],
  [
    "that is called at half a path",
    calling({ service: { ...service, path: "validate//Pods" } }),
    [
      `${client}.service.path: Invalid value: "validate//Pods": must start with a '/'`,
      `${client}.service.path: Invalid value: "validate//Pods": segment[1] may not be empty`,
      `${client}.service.path: Invalid value: "validate//Pods": segment[2]: ${notASubdomain}`,
    ],
  ],
  [
    "that is called at an empty path",
    calling({ service: { ...service, path: "//" } }),
    [`${client}.service.path: Invalid value: "//": segment[0] may not be empty`],
  ],
  [
    "that is asked about nothing",
    webhook({ rules: [{}] }),
    [
      "rules[0].operations: Required value",
      "rules[0].apiGroups: Required value",
      "rules[0].apiVersions: Required value",
      "rules[0].resources: Required value",
    ],
  ],
  [
    "that is asked about everything and more",
    asking({
      operations: ["*", "CREATE"],
      apiGroups: ["*", ""],
      apiVersions: ["v1", "*"],
      resources: ["*/*", "pods"],
    }),
    [
      'rules[0].operations: Invalid value: ["*","CREATE"]: if \'*\' is present, must not specify ' +
        "other operations",
      'rules[0].apiGroups: Invalid value: ["*",""]: if \'*\' is present, must not specify other ' +
        "API groups",
      'rules[0].apiVersions: Invalid value: ["v1","*"]: if \'*\' is present, must not specify ' +
        "other API versions",
      'rules[0].resources: Invalid value: ["*/*","pods"]: if \'*/*\' is present, must not ' +
        "specify other resources",
    ],
  ],
  [
    "that is asked about unknown things",
    asking({ operations: ["create", ""], apiVersions: [""], resources: [""], scope: "Cloud" }),
    [
      'rules[0].operations[0]: Unsupported value: "create": supported values: "*", "CONNECT", ' +
        '"CREATE", "DELETE", "UPDATE"',
      'rules[0].operations[1]: Unsupported value: "": supported values: "*", "CONNECT", ' +
        '"CREATE", "DELETE", "UPDATE"',
      "rules[0].apiVersions[0]: Required value",
      "rules[0].resources[0]: Required value",
      'rules[0].scope: Unsupported value: "Cloud": supported values: "*", "Cluster", "Namespaced"',
    ],
  ],
  [
    "that is asked about resources twice",
    asking({ resources: ["pods/*", "pods/log", "*/scale", "apps/scale", "*", "pods"] }),
    [
      "rules[0].resources[1]: Invalid value: \"pods/log\": if 'pods/*' is present, must not " +
        "specify pods/log",
      "rules[0].resources[3]: Invalid value: \"apps/scale\": if '*/scale' is present, must not " +
        "specify apps/scale",
      'rules[0].resources: Invalid value: ["pods/*","pods/log","*/scale","apps/scale","*","pods"]' +
        ": if '*' is present, must not specify other resources without subresources",
    ],
  ],
  [
    "on conditions that say nothing",
    webhook({ matchConditions: [{}, { name: "a b", expression: " " }] }),
    [
      "matchConditions[0].expression: Required value",
      "matchConditions[0].name: Required value",
      "matchConditions[1].expression: Required value",
      'matchConditions[1].name: Invalid value: "a b": name part must consist of alphanumeric ' +
        "characters, '-', '_' or '.', and must start and end with an alphanumeric character " +
        "(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is " +
        "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
    ],
  ],
  [
    "on too many conditions",
    webhook({
      matchConditions: Array.from({ length: 65 }, () => ({ name: "a", expression: "true" })),
    }),
    [
      "matchConditions: Too many: 65: must have at most 64 items",
      ...Array.from(
        { length: 64 },
        (_, index) => `matchConditions[${index + 1}].name: Duplicate value: "a"`,
      ),
    ],
  ],
];

test.each(bad)("a webhook %s is refused", (_, hook, want) => {
  const told = want.map((error) => `webhooks[0].${error}`);
  expect(errorsOf(validatingWebhookConfigurationRules, configuration(hook))).toEqual(told);
  expect(errorsOf(mutatingWebhookConfigurationRules, configuration(hook))).toEqual(told);
});

test("two webhooks of one name are refused", () => {
  const twice = configuration(webhook(), webhook({ timeoutSeconds: 0 }));
  expect(errorsOf(validatingWebhookConfigurationRules, twice)).toEqual([
    "webhooks[1].timeoutSeconds: Invalid value: 0: the timeout value must be between 1 and 30 " +
      "seconds",
    'webhooks[1].name: Duplicate value: "pods.guard.example.com"',
  ]);
});

test("only a webhook that changes objects is called again, in known ways", () => {
  const again = configuration(webhook({ reinvocationPolicy: "Always" }));
  expect(errorsOf(validatingWebhookConfigurationRules, again)).toEqual([]);
  expect(errorsOf(mutatingWebhookConfigurationRules, again)).toEqual([
    'webhooks[0].reinvocationPolicy: Unsupported value: "Always": supported values: ' +
      '"IfNeeded", "Never"',
  ]);
});

const everything = webhook({
  rules: [
    operations,
    {
      operations: ["*"],
      apiGroups: [""],
      apiVersions: ["*"],
      resources: ["pods", "pods/*", "*/status"],
      scope: "*",
    },
    { operations: ["DELETE"], apiGroups: ["*"], apiVersions: ["v1"], resources: ["*/*"] },
    // The last one without a part is the wildcard itself.
    { operations: ["DELETE"], apiGroups: ["*"], apiVersions: ["v1"], resources: ["pods", "*"] },
  ],
  clientConfig: { url: "https://guard.example.com:9443/validate", caBundle: "Q0E=" },
  failurePolicy: "Fail",
  matchPolicy: "Equivalent",
  reinvocationPolicy: "IfNeeded",
  sideEffects: "NoneOnDryRun",
  timeoutSeconds: 30,
  admissionReviewVersions: ["v1", "v1beta1", "v2"],
  namespaceSelector: { matchExpressions: [{ key: "env", operator: "In", values: ["prod"] }] },
  objectSelector: { matchLabels: { app: "web" } },
  matchConditions: [
    { name: "exclude-leases", expression: "request.resource.resource != 'leases'" },
    { name: "example.com/rbac", expression: "request.resource.group != 'rbac'" },
  ],
});

test.each([
  ["of the least that there is", webhook()],
  ["of all that there is", everything],
  ["in a service of the cluster", calling({ service: { namespace: "a", name: "b" } })],
  ["at the root of a service", calling({ service: { ...service, path: "/" } })],
  ["at a path with a slash at its end", calling({ service: { ...service, path: "/a/b.c/" } })],
  ["with a field of a newer version", webhook({ somethingNew: true })],
])("a webhook %s is taken", (_, hook) => {
  const object = configuration(hook);
  expect(errorsOf(validatingWebhookConfigurationRules, object)).toEqual([]);
  expect(errorsOf(mutatingWebhookConfigurationRules, object)).toEqual([]);
  const before = configuration(webhook({ name: "other.guard.example.com" }));
  expect(errorsOf(mutatingWebhookConfigurationRules, object, before)).toEqual([]);
});

test("a configuration without webhooks is taken", () => {
  const { webhooks: _, ...none } = configuration();
  expect(errorsOf(mutatingWebhookConfigurationRules, none as KubeObject)).toEqual([]);
});

test("the rules of webhooks never throw", () => {
  expectNeverThrows(mutatingWebhookConfigurationRules, configuration(everything));
  expectNeverThrows(validatingWebhookConfigurationRules, configuration(webhook(), everything));
});

test("a URL of many characters is read in a moment", () => {
  const start = performance.now();
  for (const part of ["a", "/", "?", "@", ":", "%"]) {
    const long = `https:${part.repeat(200_000)}`;
    errorsOf(validatingWebhookConfigurationRules, configuration(calling({ url: long })));
    const path = `/${part.repeat(200_000)}`;
    const inService = calling({ service: { ...service, path } });
    errorsOf(validatingWebhookConfigurationRules, configuration(inService));
  }
  expect(performance.now() - start).toBeLessThan(3_000);
});
