import { definitionErrors, preparedDefinition } from "../definitions/definition-rules.ts";
import type { BuiltIn } from "./built-in.ts";
import * as columns from "./core-columns.ts";
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
  },
  {
    ...rbac,
    kind: "ClusterRoleBinding",
    plural: "clusterrolebindings",
    namespaced: false,
    columns: columns.roleBindingColumns,
    mergeShape: shapes.roleBinding,
  },
  { ...rbac, kind: "Role", plural: "roles", columns: columns.createdAtColumns },
  {
    ...rbac,
    kind: "RoleBinding",
    plural: "rolebindings",
    columns: columns.roleBindingColumns,
    mergeShape: shapes.roleBinding,
  },
  {
    ...networking,
    kind: "Ingress",
    plural: "ingresses",
    shortNames: ["ing"],
    hasStatus: true,
    columns: columns.ingressColumns,
  },
  {
    ...networking,
    kind: "IngressClass",
    plural: "ingressclasses",
    namespaced: false,
    columns: [pathColumn("Controller", ".spec.controller"), ageColumn],
  },
  {
    ...networking,
    kind: "NetworkPolicy",
    plural: "networkpolicies",
    shortNames: ["netpol"],
    columns: columns.networkPolicyColumns,
  },
  {
    group: "discovery.k8s.io",
    kind: "EndpointSlice",
    plural: "endpointslices",
    columns: columns.endpointSliceColumns,
  },
  {
    group: "coordination.k8s.io",
    kind: "Lease",
    plural: "leases",
    hasGeneration: false,
    columns: [pathColumn("Holder", ".spec.holderIdentity"), ageColumn],
  },
  { ...storage, kind: "CSIDriver", plural: "csidrivers" },
  { ...storage, kind: "CSINode", plural: "csinodes" },
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
  },
  { ...storage, kind: "VolumeAttachment", plural: "volumeattachments", hasStatus: true },
  {
    ...admission,
    kind: "MutatingWebhookConfiguration",
    plural: "mutatingwebhookconfigurations",
    categories: ["api-extensions"],
    mergeShape: shapes.webhooks,
  },
  {
    ...admission,
    kind: "ValidatingAdmissionPolicy",
    plural: "validatingadmissionpolicies",
    categories: ["api-extensions"],
    hasStatus: true,
  },
  {
    ...admission,
    kind: "ValidatingAdmissionPolicyBinding",
    plural: "validatingadmissionpolicybindings",
    categories: ["api-extensions"],
  },
  {
    ...admission,
    kind: "ValidatingWebhookConfiguration",
    plural: "validatingwebhookconfigurations",
    categories: ["api-extensions"],
    mergeShape: shapes.webhooks,
  },
  {
    group: "apiextensions.k8s.io",
    kind: "CustomResourceDefinition",
    plural: "customresourcedefinitions",
    emptiedWithinSeconds: 300,
    shortNames: ["crd", "crds"],
    categories: ["api-extensions"],
    namespaced: false,
    hasStatus: true,
    columns: columns.createdAtColumns,
    mergeShape: shapes.statusWithConditions,
    prepare: preparedDefinition,
    validate: definitionErrors,
  },
  {
    group: "apiregistration.k8s.io",
    kind: "APIService",
    plural: "apiservices",
    categories: ["api-extensions"],
    namespaced: false,
    hasStatus: true,
    mergeShape: shapes.statusWithConditions,
  },
  { group: "node.k8s.io", kind: "RuntimeClass", plural: "runtimeclasses", namespaced: false },
];
