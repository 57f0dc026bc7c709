import { clusterIdOf, clusterRef, type Member, memberKind, memberRef } from "../../fleet/model.ts";
import type {
  FieldError,
  KubeObject,
  OpenApiSchema,
  PrinterColumn,
  ServedKind,
} from "../../kube/served-kind.ts";
import type { KubeBody } from "../../lib/kube-object.ts";
import { memberStatusSchema } from "./member-status-schema.ts";

const schema: OpenApiSchema = {
  type: "object",
  description: "A cluster that joined the fleet.",
  required: ["spec"],
  properties: {
    spec: {
      type: "object",
      description: "What is wanted of the member.",
      properties: {
        identity: {
          type: "object",
          description: "The identity under which the cluster's relay tells the fleet what it sees.",
          required: ["kind", "name"],
          properties: {
            kind: { type: "string", description: "User, Group or ServiceAccount." },
            apiGroup: { type: "string", description: "The API group of the subject." },
            name: {
              type: "string",
              description: "The object id of the relay's identity in Entra.",
            },
            namespace: { type: "string", description: "The namespace of a ServiceAccount." },
          },
        },
        heartbeatPeriodSeconds: {
          type: "integer",
          description:
            "Accepted from KubeFleet's manifests; members are looked at, they do not beat.",
          minimum: 1,
          maximum: 600,
        },
        taints: {
          type: "array",
          description: "Keep placements off the cluster that do not tolerate them.",
          maxItems: 100,
          items: {
            type: "object",
            required: ["key", "effect"],
            properties: {
              key: { type: "string", description: "A qualified name.", minLength: 1 },
              value: { type: "string", description: "Compared as it is." },
              effect: {
                type: "string",
                description: "NoSchedule: what is placed already stays.",
                enum: ["NoSchedule"],
              },
            },
          },
        },
        deleteOptions: {
          type: "object",
          description: "Accepted from KubeFleet's manifests.",
          properties: {
            validationMode: {
              type: "string",
              description: "Accepted from KubeFleet's manifests.",
              enum: ["Strict", "Skip"],
            },
          },
        },
      },
    },
    status: memberStatusSchema,
  },
};

const columns: readonly PrinterColumn[] = [
  conditionColumn("Joined"),
  { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" },
  {
    name: "Member-Agent-Last-Seen",
    type: "date",
    jsonPath: ".status.agentStatus[?(@.type=='MemberAgent')].lastReceivedHeartbeat",
  },
  {
    name: "Node-Count",
    type: "string",
    jsonPath: ".status.properties.kubernetes-fleet\\.io/node-count.value",
  },
  { name: "Available-CPU", type: "string", jsonPath: ".status.resourceUsage.available.cpu" },
  { name: "Available-Memory", type: "string", jsonPath: ".status.resourceUsage.available.memory" },
  { ...conditionColumn("Healthy"), priority: 1 },
  {
    name: "Version",
    type: "string",
    jsonPath: ".status.cluster.kubernetesVersion",
    priority: 1,
  },
  { name: "Location", type: "string", jsonPath: ".status.cluster.location", priority: 1 },
];

function conditionColumn(type: string): PrinterColumn {
  const jsonPath = `.status.conditions[?(@.type=='${type}')].status`;
  return { name: type, type: "string", jsonPath };
}

/** `MemberCluster`: clusters join by tag or by ARM, so the hub changes them and never adds one. */
export const memberCluster: ServedKind = {
  group: "cluster.kubernetes-fleet.io",
  kind: "MemberCluster",
  plural: "memberclusters",
  singular: "membercluster",
  shortNames: ["cluster"],
  categories: ["fleet", "fleet-cluster"],
  namespaced: false,
  versions: [
    { name: "v1", schema, columns },
    { name: "v1beta1", schema, columns },
  ],
  documents: memberKind,
  hasStatus: true,
  hidden: ["arm"],
  validate,
  refsOf,
};

/** A member stands for a cluster, which only its tag or the ARM API can name. */
function validate(_object: KubeObject, before?: KubeObject): readonly FieldError[] {
  if (before !== undefined) return [];
  return [
    {
      field: "metadata.name",
      reason: "FieldValueForbidden",
      message:
        "Forbidden: a cluster joins by its tag hubless-fleet or by the ARM API's members, " +
        "which name the AKS cluster",
    },
  ];
}

function refsOf(body: KubeBody, name: string): readonly string[] {
  const { clusterResourceId } = (body as Member).arm;
  return [clusterRef(clusterIdOf(clusterResourceId)), memberRef(name)];
}
