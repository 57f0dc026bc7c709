import { cleanupFinalizer } from "../definitions/cleanup-finalizer.ts";
import { definitionErrors } from "../definitions/definition-rules.ts";
import { preparedDefinition } from "../definitions/prepared-definition.ts";
import { withAggregatedRules } from "../rbac/aggregated-rules.ts";
import * as rules from "../rbac/rbac-rules.ts";
import { apiServiceRules } from "../validation/cluster/api-service-rules.ts";
import { eventRules } from "../validation/cluster/event-rules.ts";
import { leaseRules } from "../validation/cluster/lease-rules.ts";
import { runtimeClassRules } from "../validation/cluster/runtime-class-rules.ts";
import {
  mutatingWebhookConfigurationRules,
  validatingWebhookConfigurationRules,
} from "../validation/cluster/webhook-rules.ts";
import { endpointSliceRules } from "../validation/networking/endpoint-slice-rules.ts";
import { ingressClassRules } from "../validation/networking/ingress-class-rules.ts";
import { ingressRules } from "../validation/networking/ingress-rules.ts";
import { networkPolicyRules } from "../validation/networking/network-policy-rules.ts";
import { csiDriverRules } from "../validation/storage/csi-driver-rules.ts";
import { csiNodeRules } from "../validation/storage/csi-node-rules.ts";
import { storageClassRules } from "../validation/storage/storage-class-rules.ts";
import { volumeAttachmentRules } from "../validation/storage/volume-attachment-rules.ts";
import { roleBindingColumns } from "./access-columns.ts";
import type { BuiltIn } from "./built-in.ts";
import * as columns from "./core-columns.ts";
import { eventColumns } from "./event-columns.ts";
import { fromEventFace, toEventFace } from "./event-face.ts";
import * as extensions from "./extension-columns.ts";
import * as shapes from "./merge-shapes.ts";
import { ageColumn, pathColumn } from "./workload-columns.ts";

const rbac = {
  group: "rbac.authorization.k8s.io",
  hasGeneration: false,
  nameRule: "path-segment",
} as const;
const networking = { group: "networking.k8s.io" } as const;
const storage = { group: "storage.k8s.io", namespaced: false, hasGeneration: false } as const;
const admission = { group: "admissionregistration.k8s.io", namespaced: false } as const;

/** What belongs to the cluster around workloads: access, networks, storage, extensions. */
export const clusterKinds: readonly BuiltIn[] = [
  {
    ...rbac,
    kind: "ClusterRole",
    plural: "clusterroles",
    namespaced: false,
    columns: columns.createdAtColumns,
    mergeShape: shapes.clusterRole,
    validate: rules.clusterRoleErrors,
    expand: withAggregatedRules,
  },
  {
    ...rbac,
    kind: "ClusterRoleBinding",
    plural: "clusterrolebindings",
    namespaced: false,
    columns: roleBindingColumns,
    mergeShape: shapes.roleBinding,
    prepare: rules.preparedBinding,
    validate: rules.clusterRoleBindingErrors,
  },
  {
    ...rbac,
    kind: "Role",
    plural: "roles",
    columns: columns.createdAtColumns,
    validate: rules.roleErrors,
  },
  {
    ...rbac,
    kind: "RoleBinding",
    plural: "rolebindings",
    columns: roleBindingColumns,
    mergeShape: shapes.roleBinding,
    prepare: rules.preparedBinding,
    validate: rules.roleBindingErrors,
  },
  {
    ...networking,
    kind: "Ingress",
    plural: "ingresses",
    shortNames: ["ing"],
    hasStatus: true,
    columns: columns.ingressColumns,
    mergeShape: shapes.ingress,
    validate: ingressRules,
  },
  {
    ...networking,
    kind: "IngressClass",
    plural: "ingressclasses",
    namespaced: false,
    columns: [pathColumn("Controller", ".spec.controller"), ageColumn],
    validate: ingressClassRules,
  },
  {
    ...networking,
    kind: "NetworkPolicy",
    plural: "networkpolicies",
    shortNames: ["netpol"],
    columns: columns.networkPolicyColumns,
    mergeShape: shapes.networkPolicy,
    validate: networkPolicyRules,
  },
  {
    group: "discovery.k8s.io",
    kind: "EndpointSlice",
    plural: "endpointslices",
    columns: columns.endpointSliceColumns,
    mergeShape: shapes.endpointSlice,
    validate: endpointSliceRules,
  },
  {
    group: "events.k8s.io",
    kind: "Event",
    plural: "events",
    shortNames: ["ev"],
    hasGeneration: false,
    // Those of the core group under other names.
    documents: "events",
    versions: [],
    otherVersions: [{ name: "v1", toStored: fromEventFace, fromStored: toEventFace }],
    selectableFields: [
      ...["kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath"].map(
        (name) => `regarding.${name}`,
      ),
      "reason",
      "reportingController",
      "type",
    ],
    columns: eventColumns,
    validate: eventRules,
  },
  {
    group: "coordination.k8s.io",
    kind: "Lease",
    plural: "leases",
    hasGeneration: false,
    columns: [pathColumn("Holder", ".spec.holderIdentity"), ageColumn],
    validate: leaseRules,
  },
  {
    ...storage,
    kind: "CSIDriver",
    plural: "csidrivers",
    mergeShape: shapes.csiDriver,
    validate: csiDriverRules,
  },
  {
    ...storage,
    kind: "CSINode",
    plural: "csinodes",
    mergeShape: shapes.csiNode,
    validate: csiNodeRules,
  },
  {
    ...storage,
    kind: "StorageClass",
    plural: "storageclasses",
    shortNames: ["sc"],
    columns: [
      pathColumn("Provisioner", ".provisioner"),
      pathColumn("ReclaimPolicy", ".reclaimPolicy"),
      pathColumn("VolumeBindingMode", ".volumeBindingMode"),
      pathColumn("AllowVolumeExpansion", ".allowVolumeExpansion"),
      ageColumn,
    ],
    mergeShape: shapes.storageClass,
    validate: storageClassRules,
  },
  {
    ...storage,
    kind: "VolumeAttachment",
    plural: "volumeattachments",
    hasStatus: true,
    mergeShape: shapes.volumeAttachment,
    validate: volumeAttachmentRules,
  },
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
  },
  {
    ...admission,
    kind: "ValidatingAdmissionPolicyBinding",
    plural: "validatingadmissionpolicybindings",
    columns: extensions.admissionBindingColumns,
    categories: ["api-extensions"],
    mergeShape: shapes.admissionPolicyBinding,
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
    group: "node.k8s.io",
    kind: "RuntimeClass",
    plural: "runtimeclasses",
    namespaced: false,
    columns: extensions.runtimeClassColumns,
    mergeShape: shapes.runtimeClass,
    validate: runtimeClassRules,
  },
];
