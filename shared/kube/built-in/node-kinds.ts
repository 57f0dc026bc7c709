import { runtimeClassRules } from "../validation/cluster/runtime-class-rules.ts";
import { deviceClassRules } from "../validation/device/device-class-rules.ts";
import {
  resourceClaimRules,
  resourceClaimTemplateRules,
} from "../validation/device/resource-claim-rules.ts";
import { resourceSliceRules } from "../validation/device/resource-slice-rules.ts";
import type { BuiltIn } from "./built-in.ts";
import * as columns from "./device-columns.ts";
import * as shapes from "./merge-shapes.ts";

const device = { group: "resource.k8s.io" } as const;

/** What pods need of their nodes: runtimes, devices. */
export const nodeKinds: readonly BuiltIn[] = [
  {
    group: "node.k8s.io",
    kind: "RuntimeClass",
    plural: "runtimeclasses",
    isMadeByPut: true,
    namespaced: false,
    columns: columns.runtimeClassColumns,
    mergeShape: shapes.runtimeClass,
    validate: runtimeClassRules,
  },
  {
    ...device,
    kind: "DeviceClass",
    plural: "deviceclasses",
    namespaced: false,
    validate: deviceClassRules,
  },
  {
    ...device,
    kind: "ResourceClaim",
    plural: "resourceclaims",
    hasGeneration: false,
    hasStatus: true,
    columns: columns.resourceClaimColumns,
    validate: resourceClaimRules,
  },
  {
    ...device,
    kind: "ResourceClaimTemplate",
    plural: "resourceclaimtemplates",
    hasGeneration: false,
    validate: resourceClaimTemplateRules,
  },
  {
    ...device,
    kind: "ResourceSlice",
    plural: "resourceslices",
    namespaced: false,
    selectableFields: ["spec.nodeName", "spec.driver"],
    columns: columns.resourceSliceColumns,
    validate: resourceSliceRules,
  },
];
