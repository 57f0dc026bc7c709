import type { OpenApiSchema } from "../../kube/served-kind.ts";
import { conditionsSchema } from "./conditions-schema.ts";

const moment = (description: string): OpenApiSchema => ({
  type: "string",
  format: "date-time",
  description,
});

const amounts = (description: string): OpenApiSchema => ({
  type: "object",
  description,
  properties: {
    cpu: { type: "string", description: "In cores or thousandths of one: 4196m." },
    memory: { type: "string", description: "In kibibytes: 17827580Ki." },
  },
});

/** The `status` of a `MemberCluster`: KubeFleet's, and what Azure says of the cluster. */
export const memberStatusSchema: OpenApiSchema = {
  type: "object",
  description: "What was last seen of the cluster.",
  properties: {
    conditions: conditionsSchema,
    cluster: {
      type: "object",
      description: "What Azure Resource Manager says of the cluster.",
      properties: {
        kubernetesVersion: { type: "string", description: "The version that runs." },
        provisioningState: { type: "string", description: "Succeeded, Upgrading, Failed, …" },
        location: { type: "string", description: "The Azure region." },
        powerState: { type: "string", description: "Running or Stopped." },
      },
    },
    properties: {
      type: "object",
      description: "What else is known of the cluster, each with the time at which it was seen.",
      "x-kubernetes-preserve-unknown-fields": true,
    },
    resourceUsage: {
      type: "object",
      description: "What all nodes have together. Counted about once an hour.",
      properties: {
        capacity: amounts("What the nodes have."),
        allocatable: amounts("What of it is for pods."),
        available: amounts("What of that no pod on a node asks for."),
        observationTime: moment("When it was counted."),
      },
    },
    agentStatus: {
      type: "array",
      description:
        "No agent runs in a member: the cluster is asked instead, every few minutes and whenever " +
        "something happens. One entry, MemberAgent, stands for it.",
      items: {
        type: "object",
        properties: {
          type: { type: "string", description: "MemberAgent." },
          lastReceivedHeartbeat: moment(
            "When the cluster answered. Told with other changes, at least about once an hour " +
              "while it answers: the condition Healthy says how it is.",
          ),
        },
      },
    },
  },
};
