import { readFileSync } from "node:fs";
import { CORE_SCHEMA, loadAll } from "js-yaml";
import { expect, test } from "vitest";
import type { KubeObject } from "../../../shared/kube/served-kind.ts";
import { validatingAdmissionPolicyBindingRules } from "../../../shared/kube/validation/admission/validating-admission-policy-binding-rules.ts";
import { validatingAdmissionPolicyRules } from "../../../shared/kube/validation/admission/validating-admission-policy-rules.ts";
import { certificateSigningRequestRules } from "../../../shared/kube/validation/certificate/certificate-signing-request-rules.ts";
import { deviceClassRules } from "../../../shared/kube/validation/device/device-class-rules.ts";
import {
  resourceClaimRules,
  resourceClaimTemplateRules,
} from "../../../shared/kube/validation/device/resource-claim-rules.ts";
import { resourceSliceRules } from "../../../shared/kube/validation/device/resource-slice-rules.ts";
import { flowSchemaRules } from "../../../shared/kube/validation/flow-control/flow-schema-rules.ts";
import { priorityLevelConfigurationRules } from "../../../shared/kube/validation/flow-control/priority-level-configuration-rules.ts";
import type { ObjectRule } from "../../../shared/kube/validation/rule.ts";
import { errorsOf } from "./errors-of.ts";
import { expectNeverThrows } from "./never-throws.ts";

const rules: Readonly<Record<string, ObjectRule>> = {
  CertificateSigningRequest: certificateSigningRequestRules,
  DeviceClass: deviceClassRules,
  FlowSchema: flowSchemaRules,
  PriorityLevelConfiguration: priorityLevelConfigurationRules,
  ResourceClaim: resourceClaimRules,
  ResourceClaimTemplate: resourceClaimTemplateRules,
  ResourceSlice: resourceSliceRules,
  ValidatingAdmissionPolicy: validatingAdmissionPolicyRules,
  ValidatingAdmissionPolicyBinding: validatingAdmissionPolicyBindingRules,
};

const file = new URL("examples/admission-and-flow-control.yaml", import.meta.url);
const examples = loadAll(readFileSync(file, "utf8"), { schema: CORE_SCHEMA }) as KubeObject[];
const named = examples.map((each) => [`${each.kind} ${each.metadata["name"]}`, each] as const);

test.each(named)("nothing is wrong with the example %s", (_, example) => {
  const rule = rules[example.kind] as ObjectRule;
  expect(errorsOf(rule, example)).toEqual([]);
  expect(errorsOf(rule, example, example)).toEqual([]);
  expectNeverThrows(rule, example);
});

test("there are examples of each kind", () => {
  expect([...new Set(examples.map(({ kind }) => kind))].sort()).toEqual(Object.keys(rules));
});
