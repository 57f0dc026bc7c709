import { runtimeClassRules } from "../validation/cluster/runtime-class-rules.ts";
import type { BuiltIn } from "./built-in.ts";
import { resourceClaimColumns, resourceSliceColumns } from "./device-columns.ts";
import * as extensions from "./extension-columns.ts";
import * as shapes from "./merge-shapes.ts";

const device = { group: "resource.k8s.io" } as const;

/** What pods need of their nodes: runtimes, devices. */
export const nodeKinds: readonly BuiltIn[] = [
  {
    group: "node.k8s.io",
    kind: "RuntimeClass",
    plural: "runtimeclasses",
    namespaced: false,
    columns: extensions.runtimeClassColumns,
    mergeShape: shapes.runtimeClass,
    validate: runtimeClassRules,
  },
  { ...device, kind: "DeviceClass", plural: "deviceclasses", namespaced: false },
  {
    ...device,
    kind: "ResourceClaim",
    plural: "resourceclaims",
    hasGeneration: false,
    hasStatus: true,
    columns: resourceClaimColumns,
  },
  {
    ...device,
    kind: "ResourceClaimTemplate",
    plural: "resourceclaimtemplates",
    hasGeneration: false,
  },
  {
    ...device,
    kind: "ResourceSlice",
    plural: "resourceslices",
    namespaced: false,
    columns: resourceSliceColumns,
  },
];
