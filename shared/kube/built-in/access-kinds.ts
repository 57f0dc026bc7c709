import { withAggregatedRules } from "../rbac/aggregated-rules.ts";
import * as rules from "../rbac/rbac-rules.ts";
import {
  certificateSigningRequestRules,
  preparedSigningRequest,
} from "../validation/certificate/certificate-signing-request-rules.ts";
import { roleBindingColumns } from "./access-columns.ts";
import { createdAtColumns } from "./basic-columns.ts";
import type { BuiltIn } from "./built-in.ts";
import * as shapes from "./merge-shapes.ts";
import { signingRequestColumns } from "./signing-request-columns.ts";
import { requestOf, signingRequestChanges } from "./signing-request-writes.ts";

const rbac = {
  group: "rbac.authorization.k8s.io",
  hasGeneration: false,
  isMadeByPut: true,
  nameRule: "path-segment",
} as const;

/** Who may do what, and who is who. */
export const accessKinds: readonly BuiltIn[] = [
  {
    ...rbac,
    kind: "ClusterRole",
    plural: "clusterroles",
    namespaced: false,
    columns: createdAtColumns,
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
    columns: createdAtColumns,
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
    group: "certificates.k8s.io",
    kind: "CertificateSigningRequest",
    plural: "certificatesigningrequests",
    shortNames: ["csr"],
    namespaced: false,
    hasGeneration: false,
    hasStatus: true,
    nameRule: "path-segment",
    selectableFields: ["spec.signerName"],
    columns: signingRequestColumns,
    mergeShape: shapes.statusWithConditions,
    prepare: preparedSigningRequest,
    withCreator: requestOf,
    changesBelow: signingRequestChanges,
    validate: certificateSigningRequestRules,
  },
];
