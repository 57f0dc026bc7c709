import type { OpenApiSchema } from "../../kube/served-kind.ts";

const share = (description: string, otherwise: string): OpenApiSchema => ({
  description,
  "x-kubernetes-int-or-string": true,
  minimum: 0,
  pattern: "^((100|[0-9]{1,2})%|[0-9]+)$",
  default: otherwise,
});

const strategySchema: OpenApiSchema = {
  type: "object",
  description: "How changes reach the clusters.",
  default: {},
  properties: {
    type: {
      type: "string",
      description: "RollingUpdate: a few clusters at a time.",
      enum: ["RollingUpdate", "External"],
      default: "RollingUpdate",
    },
    rollingUpdate: {
      type: "object",
      description: "How many clusters at a time.",
      default: {},
      properties: {
        maxUnavailable: share(
          "So many of the chosen clusters may be between two versions: 2 or 25%. At least one is.",
          "25%",
        ),
        maxSurge: share("Accepted; new clusters are always given the placement at once.", "25%"),
        unavailablePeriodSeconds: {
          type: "integer",
          description: "How long objects count as unavailable that cannot tell whether they are.",
          minimum: 0,
          default: 60,
        },
      },
    },
    applyStrategy: {
      type: "object",
      description: "How objects are written into a cluster; only the defaults are supported.",
      properties: {
        type: {
          type: "string",
          description: "ServerSideApply merges by field.",
          enum: ["ClientSideApply", "ServerSideApply", "ReportDiff"],
        },
        comparisonOption: {
          type: "string",
          description: "Which fields count as drift.",
          enum: ["PartialComparison", "FullComparison"],
        },
        whenToApply: {
          type: "string",
          description: "Whether drift is written over.",
          enum: ["Always", "IfNotDrifted"],
        },
        whenToTakeOver: {
          type: "string",
          description: "Whether an object that was there before is taken over.",
          enum: ["Always", "IfNoDiff", "Never"],
        },
        allowCoOwnership: {
          type: "boolean",
          description: "Whether an object may have other owners beside the placement.",
        },
        serverSideApplyConfig: {
          type: "object",
          description: "How server-side apply treats other managers.",
          properties: { force: { type: "boolean", description: "Wins over other managers." } },
        },
      },
    },
    deleteStrategy: {
      type: "object",
      description: "What becomes of the objects of a placement that is deleted.",
      properties: {
        propagationPolicy: {
          type: "string",
          description: "Delete removes them from the clusters.",
          enum: ["Abandon", "Delete"],
        },
      },
    },
    reportBackStrategy: {
      type: "object",
      description: "Whether the status of objects comes back to the hub.",
      properties: {
        type: {
          type: "string",
          description: "Mirror copies the status of each object.",
          enum: ["Disabled", "Mirror"],
        },
        destination: {
          type: "string",
          description: "Where the copy goes.",
          enum: ["OriginalResource", "WorkAPI"],
        },
      },
    },
  },
};

/** What the spec says of how a workload gets to its clusters, the same in all versions. */
export const rolloutSchemas = {
  strategy: strategySchema,
  revisionHistoryLimit: {
    type: "integer",
    format: "int32",
    description: "How many snapshots are kept.",
    minimum: 1,
    maximum: 1000,
    default: 10,
  },
  statusReportingScope: {
    type: "string",
    description: "Where the status of the placement can be read.",
    enum: ["ClusterScopeOnly", "NamespaceAccessible"],
    default: "ClusterScopeOnly",
  },
} as const satisfies Readonly<Record<string, OpenApiSchema>>;
