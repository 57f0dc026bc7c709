import { readFileSync } from "node:fs";
import { CORE_SCHEMA, loadAll } from "js-yaml";
import { expect, test } from "vitest";
import type { KubeObject } from "../../../../shared/kube/served-kind.ts";
import { validatingAdmissionPolicyRules } from "../../../../shared/kube/validation/admission/validating-admission-policy-rules.ts";
import {
  mutatingWebhookConfigurationRules,
  validatingWebhookConfigurationRules,
} from "../../../../shared/kube/validation/cluster/webhook-rules.ts";
import type { ObjectRule } from "../../../../shared/kube/validation/rule.ts";
import { errorsOf } from "../errors-of.ts";
import { expectNeverThrows } from "../never-throws.ts";

const rules: Readonly<Record<string, ObjectRule>> = {
  MutatingWebhookConfiguration: mutatingWebhookConfigurationRules,
  ValidatingAdmissionPolicy: validatingAdmissionPolicyRules,
  ValidatingWebhookConfiguration: validatingWebhookConfigurationRules,
};

const file = new URL("published-policies.yaml", import.meta.url);
const policies = loadAll(readFileSync(file, "utf8"), { schema: CORE_SCHEMA }) as KubeObject[];
const named = policies.map((each) => [`${each.kind} ${each.metadata["name"]}`, each] as const);

test.each(named)("nothing is wrong with %s", (_, policy) => {
  const rule = rules[policy.kind] as ObjectRule;
  expect(errorsOf(rule, policy)).toEqual([]);
  expectNeverThrows(rule, policy);
});

test("a misspelt name is found in each of them", () => {
  const told = policies.map((policy) => {
    const text = JSON.stringify(policy);
    const spoilt = JSON.parse(
      text.replaceAll(/\b(object|request|authorizer)\./g, "$1z."),
    ) as unknown;
    return errorsOf(rules[policy.kind] as ObjectRule, spoilt as KubeObject);
  });
  for (const errors of told) expect(errors.join()).toMatch(/undeclared reference to '\w+z'/);
});
