import type { OpenApiSchema, PrinterColumn, ServedKind } from "../../kube/served-kind.ts";
import { bindingKind } from "../../rollout/model.ts";
import { conditionsSchema } from "./conditions-schema.ts";
import { failedPlacementsSchema } from "./placement-status-schema.ts";

const schema: OpenApiSchema = {
  type: "object",
  description: "One placement on one cluster, as scheduling and rollout made it.",
  required: ["spec"],
  properties: {
    spec: {
      type: "object",
      description: "What the cluster should hold.",
      properties: {
        state: {
          type: "string",
          description: "Bound, or Unscheduled while its objects are removed.",
          enum: ["Bound", "Unscheduled"],
        },
        targetCluster: { type: "string", description: "The member." },
        resourceSnapshotName: { type: "string", description: "The snapshot that it wants." },
        clusterDecision: {
          type: "object",
          description: "Why the cluster was chosen.",
          properties: {
            clusterName: { type: "string", description: "The member." },
            selected: { type: "boolean", description: "Always true." },
            clusterScore: {
              type: "object",
              description: "How well the cluster fits.",
              properties: {
                affinityScore: { type: "integer", description: "By preferred terms." },
              },
            },
            reason: { type: "string", description: "One sentence." },
          },
        },
      },
    },
    status: {
      type: "object",
      description: "What is so in the cluster.",
      properties: { conditions: conditionsSchema, failedPlacements: failedPlacementsSchema },
    },
  },
};

const column = (name: string, type: string, priority = 0): PrinterColumn => ({
  name,
  type: "string",
  jsonPath: `.status.conditions[?(@.type=='${type}')].status`,
  ...(priority > 0 && { priority }),
});

const columns: readonly PrinterColumn[] = [
  column("WorkSynchronized", "WorkSynchronized"),
  column("ResourcesApplied", "Applied"),
  column("ResourceAvailable", "Available", 1),
  { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" },
];

/** `ClusterResourceBinding`: to be read; placements make and remove them. */
export const binding: ServedKind = {
  group: "placement.kubernetes-fleet.io",
  kind: "ClusterResourceBinding",
  plural: "clusterresourcebindings",
  singular: "clusterresourcebinding",
  shortNames: ["crb"],
  categories: ["fleet", "fleet-placement"],
  namespaced: false,
  versions: [
    { name: "v1", schema, columns },
    { name: "v1beta1", schema, columns },
  ],
  documents: bindingKind,
  hasStatus: true,
  hidden: ["rollout"],
  readOnly: true,
};
