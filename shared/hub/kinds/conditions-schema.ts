import type { OpenApiSchema } from "../../kube/served-kind.ts";

/** Kubernetes' `metav1.Condition`, as every kind's status lists it. */
export const conditionsSchema: OpenApiSchema = {
  type: "array",
  description: "What is so, each with a reason and a sentence.",
  "x-kubernetes-list-type": "map",
  "x-kubernetes-list-map-keys": ["type"],
  items: {
    type: "object",
    required: ["type", "status", "lastTransitionTime", "reason", "message"],
    properties: {
      type: { type: "string", description: "What the condition is about." },
      status: {
        type: "string",
        description: "Whether it holds.",
        enum: ["True", "False", "Unknown"],
      },
      observedGeneration: {
        type: "integer",
        format: "int64",
        description: "The generation that was looked at.",
        minimum: 0,
      },
      lastTransitionTime: {
        type: "string",
        format: "date-time",
        description: "When the status last changed.",
      },
      reason: { type: "string", description: "One word for programs." },
      message: { type: "string", description: "One sentence for people." },
    },
  },
};
