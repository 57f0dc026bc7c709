import { isObject } from "../../kube/json.ts";
import type { KubeObject, PrinterColumn, ServedKind } from "../../kube/served-kind.ts";
import type { KubeBody } from "../../lib/kube-object.ts";
import { type Placement, placementFinalizer, placementKind } from "../../placement/model.ts";
import { selectionRefs } from "../../placement/selection-refs.ts";
import { placementSchema } from "./placement-schema.ts";
import { withPlacementStatuses } from "./placement-statuses.ts";
import { fromOldPlacement, oldPlacementSchema, toOldPlacement } from "./placement-v1alpha1.ts";
import { validatePlacement } from "./placement-validation.ts";

const conditionColumns = (name: string, type: string, priority = 0): readonly PrinterColumn[] => [
  {
    name,
    type: "string",
    jsonPath: `.status.conditions[?(@.type=='${type}')].status`,
    ...(priority > 0 && { priority }),
  },
  {
    name: `${name}-Gen`,
    type: "string",
    jsonPath: `.status.conditions[?(@.type=='${type}')].observedGeneration`,
    ...(priority > 0 && { priority }),
  },
];

/** KubeFleet's, from left to right. */
const columnsOf = (prefix: string): readonly PrinterColumn[] => [
  { name: "Gen", type: "string", jsonPath: ".metadata.generation" },
  ...conditionColumns("Scheduled", `${prefix}Scheduled`),
  ...conditionColumns("Work-Synchronized", `${prefix}WorkSynchronized`, 1),
  ...conditionColumns("Available", `${prefix}Available`),
  { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" },
];

const columns = columnsOf("ClusterResourcePlacement");

/** What the resource is in all of its groups. */
const common = {
  kind: "ClusterResourcePlacement",
  plural: "clusterresourceplacements",
  singular: "clusterresourceplacement",
  namespaced: false,
  documents: placementKind,
  hasStatus: true,
  hidden: ["scheduling"],
  finalizers: [placementFinalizer],
  prepare: withPolicy,
  validate: validatePlacement,
  refsOf: (body: KubeBody) => selectionRefs((body as Placement).spec),
  expand: withPlacementStatuses,
} as const satisfies Partial<ServedKind>;

/** `ClusterResourcePlacement`, as KubeFleet and Azure Kubernetes Fleet Manager serve it. */
export const placement: ServedKind = {
  ...common,
  group: "placement.kubernetes-fleet.io",
  // Not of the old group too: kubectl would warn of two resources with one short name.
  shortNames: ["crp"],
  categories: ["fleet", "fleet-placement"],
  versions: [
    { name: "v1", schema: placementSchema, columns },
    { name: "v1beta1", schema: placementSchema, columns },
  ],
};

/** The same placements under the name of the first preview. */
export const oldPlacement: ServedKind = {
  ...common,
  group: "fleet.azure.com",
  versions: [
    {
      name: "v1alpha1",
      schema: oldPlacementSchema,
      columns: columnsOf(""),
      toStored: fromOldPlacement,
      fromStored: toOldPlacement,
    },
  ],
};

/**
 * A placement without a policy goes to all clusters; the stored form always says so. What is not of
 * the right type is left to be refused: a policy "PickN" must not become one for all clusters.
 */
function withPolicy(object: KubeObject): KubeObject {
  const { spec } = object;
  if (!isObject(spec)) return object;
  const policy = spec["policy"] ?? {};
  if (!isObject(policy) || policy["placementType"] !== undefined) return object;
  return { ...object, spec: { ...spec, policy: { ...policy, placementType: "PickAll" } } };
}
