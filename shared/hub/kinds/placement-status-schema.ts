import type { OpenApiSchema } from "../../kube/served-kind.ts";
import { conditionsSchema } from "./conditions-schema.ts";

const identifierProperties = {
  group: { type: "string", description: "The API group." },
  version: { type: "string", description: "The API version." },
  kind: { type: "string", description: "The kind." },
  namespace: { type: "string", description: "The namespace, if there is one." },
  name: { type: "string", description: "The name." },
} as const satisfies Record<string, OpenApiSchema>;

export const failedPlacementsSchema: OpenApiSchema = {
  type: "array",
  description: "Objects that are not applied or not available, at most 100.",
  items: {
    type: "object",
    properties: {
      ...identifierProperties,
      condition: { ...conditionsSchema.items, description: "What is wrong with the object." },
    },
  },
};

export const selectedResourcesSchema: OpenApiSchema = {
  type: "array",
  description: "The objects that are placed.",
  items: { type: "object", properties: identifierProperties },
};

export const placementStatusSchema: OpenApiSchema = {
  type: "object",
  description: "What is so.",
  properties: {
    conditions: conditionsSchema,
    selectedResources: selectedResourcesSchema,
    observedResourceIndex: {
      type: "string",
      description: "Counts the placement's snapshots; the newest one's number.",
    },
    placementStatuses: {
      type: "array",
      description: "What is so on each cluster; read from the placement's bindings.",
      items: {
        type: "object",
        properties: {
          clusterName: { type: "string", description: "Left out for a cluster that is missing." },
          observedResourceIndex: { type: "string", description: "The snapshot that it wants." },
          conditions: conditionsSchema,
          failedPlacements: failedPlacementsSchema,
        },
      },
    },
  },
};
