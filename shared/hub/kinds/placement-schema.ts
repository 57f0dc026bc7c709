import type { OpenApiSchema } from "../../kube/served-kind.ts";
import { placementStatusSchema } from "./placement-status-schema.ts";
import { rolloutSchemas } from "./placement-strategy-schema.ts";

/** Fields that are read so that they can be refused by name: see `placement-validation.ts`. */
const refused: OpenApiSchema = {
  description: "Not supported: refused, so that nobody relies on it.",
  "x-kubernetes-preserve-unknown-fields": true,
};

export const labelSelectorSchema: OpenApiSchema = {
  type: "object",
  description: "Labels to match; all clauses must hold. An empty selector matches all.",
  "x-kubernetes-map-type": "atomic",
  properties: {
    matchLabels: {
      type: "object",
      description: "Labels and their values.",
      additionalProperties: { type: "string" },
    },
    matchExpressions: {
      type: "array",
      description: "Clauses about one label each.",
      "x-kubernetes-list-type": "atomic",
      items: {
        type: "object",
        required: ["key", "operator"],
        properties: {
          key: { type: "string", description: "The label." },
          operator: { type: "string", description: "In, NotIn, Exists or DoesNotExist." },
          values: {
            type: "array",
            description: "The values of In and NotIn.",
            "x-kubernetes-list-type": "atomic",
            items: { type: "string" },
          },
        },
      },
    },
  },
};

export const resourceSelectorsSchema: OpenApiSchema = {
  type: "array",
  description: "What is placed: objects of cluster-scoped kinds; of namespaces all content too.",
  minItems: 1,
  maxItems: 100,
  items: {
    type: "object",
    required: ["group", "version", "kind"],
    properties: {
      group: { type: "string", description: 'The API group; "" for core.' },
      version: { type: "string", description: "The API version.", minLength: 1 },
      kind: {
        type: "string",
        description: "A cluster-scoped kind: Namespace, ClusterRole, …",
        minLength: 1,
      },
      name: { type: "string", description: "One object by its name; not with labelSelector." },
      labelSelector: labelSelectorSchema,
      selectionScope: {
        type: "string",
        description: "Of a namespace: it alone, or with all that lives in it.",
        enum: ["NamespaceOnly", "NamespaceWithResources", "NamespaceWithResourceSelectors"],
        default: "NamespaceWithResources",
      },
    },
  },
};

export const termSchema: OpenApiSchema = {
  type: "object",
  description: "Matches a cluster by its labels.",
  properties: {
    labelSelector: labelSelectorSchema,
    propertySelector: refused,
    propertySorter: refused,
  },
};

export const requiredTermsSchema: OpenApiSchema = {
  type: "array",
  description: "A cluster must match one of them, if there are any.",
  maxItems: 10,
  items: termSchema,
};

export const preferredTermsSchema: OpenApiSchema = {
  type: "array",
  description: "Of PickN: clusters that match are better by the sum of the weights.",
  maxItems: 100,
  items: {
    type: "object",
    required: ["weight", "preference"],
    properties: {
      weight: {
        type: "integer",
        format: "int32",
        description: "How much better.",
        minimum: -100,
        maximum: 100,
      },
      preference: termSchema,
    },
  },
};

const tolerationsSchema: OpenApiSchema = {
  type: "array",
  description: "Taints of members that do not keep this placement away.",
  maxItems: 100,
  items: {
    type: "object",
    properties: {
      key: { type: "string", description: "The taint's key; empty with Exists: any taint." },
      operator: {
        type: "string",
        description: "Equal compares the value too.",
        enum: ["Equal", "Exists"],
        default: "Equal",
      },
      value: { type: "string", description: "The taint's value." },
      effect: { type: "string", description: "Left out: any effect.", enum: ["NoSchedule"] },
    },
  },
};

/** What the policies of all versions have, but for where the required terms are. */
export const policyProperties = {
  placementType: {
    type: "string",
    description: "All clusters that fit, some of them, or those that are named.",
    enum: ["PickAll", "PickN", "PickFixed"],
  },
  clusterNames: {
    type: "array",
    description: "Of PickFixed: the names of members.",
    maxItems: 100,
    items: { type: "string" },
  },
  numberOfClusters: {
    type: "integer",
    format: "int32",
    description: "Of PickN: how many clusters.",
    minimum: 0,
  },
  tolerations: tolerationsSchema,
  topologySpreadConstraints: refused,
} as const satisfies Record<string, OpenApiSchema>;

export const placementSchema: OpenApiSchema = {
  type: "object",
  description: "Places cluster-scoped objects, and namespaces with their content, on clusters.",
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
          description: "Which clusters; left out: all.",
          properties: {
            ...policyProperties,
            affinity: {
              type: "object",
              description: "Which clusters fit, and which are better.",
              properties: {
                clusterAffinity: {
                  type: "object",
                  description: "By what is known of the members.",
                  properties: {
                    requiredDuringSchedulingIgnoredDuringExecution: {
                      type: "object",
                      description: "Which clusters fit at all.",
                      required: ["clusterSelectorTerms"],
                      properties: { clusterSelectorTerms: requiredTermsSchema },
                    },
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
    status: placementStatusSchema,
  },
};
