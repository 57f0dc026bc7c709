import { cleanupFinalizer } from "../definitions/cleanup-finalizer.ts";
import { definitionErrors } from "../definitions/definition-rules.ts";
import { preparedDefinition } from "../definitions/prepared-definition.ts";
import { validatingAdmissionPolicyBindingRules } from "../validation/admission/validating-admission-policy-binding-rules.ts";
import { validatingAdmissionPolicyRules } from "../validation/admission/validating-admission-policy-rules.ts";
import { apiServiceRules } from "../validation/cluster/api-service-rules.ts";
import {
  mutatingWebhookConfigurationRules,
  validatingWebhookConfigurationRules,
} from "../validation/cluster/webhook-rules.ts";
import { flowSchemaRules } from "../validation/flow-control/flow-schema-rules.ts";
import { priorityLevelConfigurationRules } from "../validation/flow-control/priority-level-configuration-rules.ts";
import type { BuiltIn } from "./built-in.ts";
import * as columns from "./core-columns.ts";
import * as extensions from "./extension-columns.ts";
import * as shapes from "./merge-shapes.ts";

const admission = { group: "admissionregistration.k8s.io", namespaced: false } as const;
const flow = {
  group: "flowcontrol.apiserver.k8s.io",
  namespaced: false,
  hasStatus: true,
  mergeShape: shapes.statusWithConditions,
} as const;

/** What extends and protects an API: admission, definitions, aggregation, flow control. */
export const extensionKinds: readonly BuiltIn[] = [
  {
    ...admission,
    kind: "MutatingWebhookConfiguration",
    plural: "mutatingwebhookconfigurations",
    categories: ["api-extensions"],
    columns: extensions.webhookColumns,
    mergeShape: shapes.webhooks,
    validate: mutatingWebhookConfigurationRules,
  },
  {
    ...admission,
    kind: "ValidatingAdmissionPolicy",
    plural: "validatingadmissionpolicies",
    columns: extensions.admissionPolicyColumns,
    categories: ["api-extensions"],
    hasStatus: true,
    mergeShape: shapes.admissionPolicy,
    validate: validatingAdmissionPolicyRules,
  },
  {
    ...admission,
    kind: "ValidatingAdmissionPolicyBinding",
    plural: "validatingadmissionpolicybindings",
    columns: extensions.admissionBindingColumns,
    categories: ["api-extensions"],
    mergeShape: shapes.admissionPolicyBinding,
    validate: validatingAdmissionPolicyBindingRules,
  },
  {
    ...admission,
    kind: "ValidatingWebhookConfiguration",
    plural: "validatingwebhookconfigurations",
    categories: ["api-extensions"],
    columns: extensions.webhookColumns,
    mergeShape: shapes.webhooks,
    validate: validatingWebhookConfigurationRules,
  },
  {
    group: "apiextensions.k8s.io",
    kind: "CustomResourceDefinition",
    plural: "customresourcedefinitions",
    emptiedWithinSeconds: 300,
    finalizersOnDelete: [cleanupFinalizer],
    shortNames: ["crd", "crds"],
    categories: ["api-extensions"],
    namespaced: false,
    hasStatus: true,
    columns: columns.createdAtColumns,
    mergeShape: shapes.definition,
    prepare: preparedDefinition,
    validate: definitionErrors,
  },
  {
    group: "apiregistration.k8s.io",
    kind: "APIService",
    plural: "apiservices",
    columns: extensions.apiServiceColumns,
    categories: ["api-extensions"],
    namespaced: false,
    hasStatus: true,
    mergeShape: shapes.statusWithConditions,
    validate: apiServiceRules,
  },
  {
    ...flow,
    kind: "FlowSchema",
    plural: "flowschemas",
    columns: extensions.flowSchemaColumns,
    validate: flowSchemaRules,
  },
  {
    ...flow,
    kind: "PriorityLevelConfiguration",
    plural: "prioritylevelconfigurations",
    columns: extensions.priorityLevelColumns,
    validate: priorityLevelConfigurationRules,
  },
];
