/**
 * `fleet.azure.com/v1alpha1`: the placement of Azure Kubernetes Fleet Manager's first preview, over
 * the same documents. Three things have another place or name:
 *
 *   policy.affinity.clusterAffinity.clusterSelectorTerms
 *     is requiredDuringSchedulingIgnoredDuringExecution.clusterSelectorTerms
 *   policy.clusterNames or policy.numberOfClusters alone say what placementType is
 *   conditions "Scheduled", "Applied" are "ClusterResourcePlacementScheduled", …
 *
 * All else that a newer client wrote is shown as it is, so that an old client that reads and writes
 * loses nothing.
 */
import { arrayOf, isObject, objectOf, omit, printed } from "../../kube/json.ts";
import type { KubeObject, OpenApiSchema } from "../../kube/served-kind.ts";
import type { Json, JsonObject } from "../../lib/kube-object.ts";
import { conditionsSchema } from "./conditions-schema.ts";
import {
  policyProperties,
  preferredTermsSchema,
  requiredTermsSchema,
  resourceSelectorsSchema,
} from "./placement-schema.ts";
import { failedPlacementsSchema, selectedResourcesSchema } from "./placement-status-schema.ts";
import { rolloutSchemas } from "./placement-strategy-schema.ts";

const required = "requiredDuringSchedulingIgnoredDuringExecution";
const conditionPrefix = "ClusterResourcePlacement";

export function fromOldPlacement(object: KubeObject): KubeObject {
  return { ...object, ...withSpec(object, policyFromOld), ...withStatus(object, statusFromOld) };
}

export function toOldPlacement(object: KubeObject): KubeObject {
  return { ...object, ...withSpec(object, policyToOld), ...withStatus(object, statusToOld) };
}

type Convert = (value: JsonObject) => JsonObject;

function withSpec({ spec }: KubeObject, convert: Convert): JsonObject {
  if (!isObject(spec) || !isObject(spec["policy"])) return {};
  return { spec: { ...spec, policy: convert(spec["policy"]) } };
}

function withStatus({ status }: KubeObject, convert: Convert): JsonObject {
  return isObject(status) ? { status: convert(status) } : {};
}

function policyFromOld(policy: JsonObject): JsonObject {
  const placementType = policy["placementType"] ?? impliedType(policy);
  return { ...withAffinity(policy, affinityFromOld), placementType };
}

/** A type that the other fields imply is left out. */
function policyToOld(policy: JsonObject): JsonObject {
  const old = withAffinity(policy, affinityToOld);
  return policy["placementType"] === impliedType(policy) ? omit(old, ["placementType"]) : old;
}

function impliedType({ clusterNames, numberOfClusters }: JsonObject): string {
  if (arrayOf(clusterNames).length > 0) return "PickFixed";
  return numberOfClusters === undefined ? "PickAll" : "PickN";
}

function withAffinity(policy: JsonObject, convert: Convert): JsonObject {
  const affinity = policy["affinity"];
  if (!isObject(affinity) || !isObject(affinity["clusterAffinity"])) return policy;
  const clusterAffinity = convert(affinity["clusterAffinity"]);
  return { ...policy, affinity: { ...affinity, clusterAffinity } };
}

function affinityFromOld({ clusterSelectorTerms, ...rest }: JsonObject): JsonObject {
  return clusterSelectorTerms === undefined
    ? rest
    : { ...rest, [required]: { clusterSelectorTerms } };
}

function affinityToOld(affinity: JsonObject): JsonObject {
  const terms = objectOf(affinity[required])["clusterSelectorTerms"];
  return terms === undefined
    ? affinity
    : { ...omit(affinity, [required]), clusterSelectorTerms: terms };
}

function statusFromOld(status: JsonObject): JsonObject {
  const { conditions, ...rest } = omit(status, ["targetClusters", "failedResourcePlacements"]);
  return { ...rest, ...renamed(conditions, (type) => `${conditionPrefix}${type}`) };
}

function statusToOld(status: JsonObject): JsonObject {
  const { conditions, placementStatuses, ...rest } = status;
  return {
    ...rest,
    ...renamed(conditions, (type) => type.replace(conditionPrefix, "")),
    ...(placementStatuses !== undefined && clustersOf(arrayOf(placementStatuses).map(objectOf))),
  };
}

function renamed(conditions: Json | undefined, rename: (type: string) => string): JsonObject {
  if (conditions === undefined) return {};
  return {
    conditions: arrayOf(conditions)
      .map(objectOf)
      .map((each) => ({ ...each, type: rename(printed(each["type"])) })),
  };
}

function clustersOf(statuses: readonly JsonObject[]): JsonObject {
  const placed = statuses.filter(({ clusterName }) => clusterName !== undefined);
  return {
    targetClusters: placed.map(({ clusterName = "" }) => clusterName),
    failedResourcePlacements: placed.flatMap(({ clusterName = "", failedPlacements }) =>
      arrayOf(failedPlacements).map((each) => ({ ...objectOf(each), clusterName })),
    ),
  };
}

const failedSchema: OpenApiSchema = {
  ...failedPlacementsSchema,
  items: {
    ...failedPlacementsSchema.items,
    properties: {
      ...failedPlacementsSchema.items?.properties,
      clusterName: { type: "string", description: "Where." },
    },
  },
};

export const oldPlacementSchema: OpenApiSchema = {
  type: "object",
  description:
    "Places cluster-scoped objects on clusters. Superseded by placement.kubernetes-fleet.io.",
  required: ["spec"],
  properties: {
    spec: {
      type: "object",
      description: "What is wanted.",
      required: ["resourceSelectors"],
      properties: {
        resourceSelectors: resourceSelectorsSchema,
        policy: {
          type: "object",
          description: "Which clusters: those that are named, those that match, or all.",
          properties: {
            ...policyProperties,
            affinity: {
              type: "object",
              description: "Which clusters fit.",
              properties: {
                clusterAffinity: {
                  description: "By what is known of the members.",
                  type: "object",
                  properties: {
                    clusterSelectorTerms: requiredTermsSchema,
                    preferredDuringSchedulingIgnoredDuringExecution: preferredTermsSchema,
                  },
                },
              },
            },
          },
        },
        ...rolloutSchemas,
      },
    },
    status: {
      type: "object",
      description: "What is so.",
      properties: {
        conditions: conditionsSchema,
        selectedResources: selectedResourcesSchema,
        observedResourceIndex: { type: "string", description: "The newest snapshot's number." },
        targetClusters: {
          type: "array",
          description: "The clusters that were chosen.",
          items: { type: "string" },
        },
        failedResourcePlacements: failedSchema,
      },
    },
  },
};
