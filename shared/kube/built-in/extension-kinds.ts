import { cleanupFinalizer } from "../definitions/cleanup-finalizer.ts";
import { definitionErrors } from "../definitions/definition-rules.ts";
import { preparedDefinition } from "../definitions/prepared-definition.ts";
import { checkNotServed } from "../definitions/served-already.ts";
import { validatingAdmissionPolicyBindingRules } from "../validation/admission/validating-admission-policy-binding-rules.ts";
import { validatingAdmissionPolicyRules } from "../validation/admission/validating-admission-policy-rules.ts";
import { apiServiceRules } from "../validation/cluster/api-service-rules.ts";
import {
  mutatingWebhookConfigurationRules,
  validatingWebhookConfigurationRules,
} from "../validation/cluster/webhook-rules.ts";
import { flowSchemaRules } from "../validation/flow-control/flow-schema-rules.ts";
import { priorityLevelConfigurationRules } from "../validation/flow-control/priority-level-configuration-rules.ts";
import { createdAtColumns } from "./basic-columns.ts";
import type { BuiltIn } from "./built-in.ts";
import * as extensions from "./extension-columns.ts";
import { flowSchemaColumns, priorityLevelColumns } from "./flow-columns.ts";
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
    columns: createdAtColumns,
    mergeShape: shapes.definition,
    prepare: preparedDefinition,
    validate: definitionErrors,
    checkBeside: checkNotServed,
  },
  {
    group: "apiregistration.k8s.io",
    kind: "APIService",
    plural: "apiservices",
    nameRule: "path-segment",
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
    columns: flowSchemaColumns,
    validate: flowSchemaRules,
  },
  {
    ...flow,
    kind: "PriorityLevelConfiguration",
    plural: "prioritylevelconfigurations",
    columns: priorityLevelColumns,
    validate: priorityLevelConfigurationRules,
  },
];
