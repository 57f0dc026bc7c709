import { expect, test } from "vitest";
import { errorsOfItems } from "../../../shared/kube/errors-of-items.ts";
import { requiredValue } from "../../../shared/kube/field-errors.ts";
import type { KubeObject } from "../../../shared/kube/served-kind.ts";
import { mutatingWebhookConfigurationRules } from "../../../shared/kube/validation/cluster/webhook-rules.ts";
import { ingressRules } from "../../../shared/kube/validation/networking/ingress-rules.ts";
import { networkPolicyRules } from "../../../shared/kube/validation/networking/network-policy-rules.ts";
import { serviceRules } from "../../../shared/kube/validation/networking/service-rules.ts";
import { resourceQuotaRules } from "../../../shared/kube/validation/policy/resource-quota-rules.ts";
import type { ObjectRule } from "../../../shared/kube/validation/rule.ts";
import { csiNodeRules } from "../../../shared/kube/validation/storage/csi-node-rules.ts";
import { storageClassRules } from "../../../shared/kube/validation/storage/storage-class-rules.ts";
import { deploymentRules } from "../../../shared/kube/validation/workload/deployment-rules.ts";
import type { Json } from "../../../shared/lib/kube-object.ts";
import { errorsOf } from "./errors-of.ts";

const count = 20_000;

function many(item: Json): Json {
  return Array.from({ length: count }, () => item);
}

function pods(container: Json, spec: object = {}): Json {
  const template = { metadata: { labels: { app: "web" } }, spec: { containers: [container] } };
  return { selector: { matchLabels: { app: "web" } }, template, ...spec };
}

const web = { name: "web", image: "nginx" };

const crowds: readonly (readonly [of: string, rule: ObjectRule, content: object])[] = [
  [
    "expressions of a selector",
    deploymentRules,
    { spec: pods(web, { selector: { matchExpressions: many({}) } }) },
  ],
  [
    "values of an expression",
    deploymentRules,
    {
      spec: pods(web, {
        selector: { matchExpressions: [{ key: "app", operator: "In", values: many("-") }] },
      }),
    },
  ],
  ["variables", deploymentRules, { spec: pods({ ...web, env: many({}) }) }],
  ["limits", deploymentRules, { spec: pods({ ...web, resources: { limits: amounts() } }) }],
  ["ports", serviceRules, { spec: { ports: many({}) } }],
  ["paths", ingressRules, { spec: { rules: [{ http: { paths: many({}) } }] } }],
  ["peers", networkPolicyRules, { spec: { podSelector: {}, ingress: [{ from: many({}) }] } }],
  ["amounts", resourceQuotaRules, { spec: { hard: amounts() } }],
  ["webhooks", mutatingWebhookConfigurationRules, { webhooks: many({}) }],
  ["drivers of one name", csiNodeRules, { spec: { drivers: many({ name: "a", nodeID: "b" }) } }],
  [
    "topologies",
    storageClassRules,
    { provisioner: "a", allowedTopologies: [{ matchLabelExpressions: many({}) }] },
  ],
];

function amounts(): Json {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`${index}!`, "-1"]));
}

test.each(crowds)("of very many wrong %s about a thousand are told", (_, rule, content) => {
  const object = { metadata: { name: "crowd" }, ...content } as unknown as KubeObject;
  const errors = rule(object);
  expect(errors.length).toBeGreaterThanOrEqual(1000);
  expect(errors.length).toBeLessThan(2100);
});

test("errors that repeat a long list are told until they are a million characters", () => {
  const message = `Invalid value: ${"x".repeat(400_000)}: no scope`;
  const scopes = Array.from({ length: 20 }, (_, index) => `${index}`);
  const errors = errorsOfItems(scopes, (field) => [
    { field, reason: "FieldValueInvalid", message },
  ]);
  expect(errors.map(({ field }) => field)).toEqual(["0", "1", "2"]);
});

test("a few errors are all told, in their order", () => {
  const items = Array.from({ length: 300 }, (_, index) => index);
  const errorsOfItem = (item: number) => [requiredValue(`${item}.a`), requiredValue(`${item}.b`)];
  expect(errorsOfItems(items, errorsOfItem)).toEqual(items.flatMap(errorsOfItem));
});

test("a capability that is added very many times is told once, with the whole context", () => {
  const capabilities = { add: many("CAP_SYS_ADMIN") };
  const securityContext = { allowPrivilegeEscalation: false, capabilities };
  const spec = pods({ ...web, securityContext });
  const errors = errorsOf(deploymentRules, { metadata: { name: "crowd" }, spec } as never);
  expect(errors).toHaveLength(1);
  expect(errors[0]).toMatch(/ false and `capabilities.Add` CAP_SYS_ADMIN$/);
});
