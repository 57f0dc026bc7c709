import type { ScalePaths } from "../served-kind.ts";
import { autoscalerColumns } from "./autoscaler-columns.ts";
import { fromAutoscalerV1, toAutoscalerV1 } from "./autoscaler-v1.ts";
import type { BuiltIn } from "./built-in.ts";
import { disruptionBudgetColumns } from "./core-columns.ts";
import { revisionColumns } from "./extension-columns.ts";
import * as shapes from "./merge-shapes.ts";
import * as columns from "./workload-columns.ts";

const scale: ScalePaths = {
  specReplicas: ["spec", "replicas"],
  statusReplicas: ["status", "replicas"],
  selector: ["spec", "selector"],
};

const workload = {
  group: "apps",
  categories: ["all"],
  hasStatus: true,
  mergeShape: shapes.workload,
} as const;

/** What runs: apps, batch, autoscaling, policy, scheduling. */
export const workloadKinds: readonly BuiltIn[] = [
  {
    group: "apps",
    kind: "ControllerRevision",
    plural: "controllerrevisions",
    columns: revisionColumns,
    hasGeneration: false,
  },
  {
    ...workload,
    kind: "DaemonSet",
    plural: "daemonsets",
    shortNames: ["ds"],
    columns: columns.daemonSetColumns,
  },
  {
    ...workload,
    kind: "Deployment",
    plural: "deployments",
    shortNames: ["deploy"],
    mergeShape: shapes.deployment,
    scale,
    columns: columns.deploymentColumns,
  },
  {
    ...workload,
    kind: "ReplicaSet",
    plural: "replicasets",
    shortNames: ["rs"],
    scale,
    columns: columns.replicaSetColumns,
  },
  {
    ...workload,
    kind: "StatefulSet",
    plural: "statefulsets",
    shortNames: ["sts"],
    mergeShape: shapes.statefulSet,
    scale,
    columns: columns.statefulSetColumns,
  },
  {
    group: "batch",
    kind: "CronJob",
    plural: "cronjobs",
    shortNames: ["cj"],
    categories: ["all"],
    hasStatus: true,
    columns: columns.cronJobColumns,
    mergeShape: shapes.cronJob,
  },
  {
    group: "batch",
    kind: "Job",
    plural: "jobs",
    categories: ["all"],
    hasStatus: true,
    selectableFields: ["status.successful"],
    columns: columns.jobColumns,
    mergeShape: shapes.job,
  },
  {
    group: "autoscaling",
    kind: "HorizontalPodAutoscaler",
    plural: "horizontalpodautoscalers",
    shortNames: ["hpa"],
    categories: ["all"],
    versions: ["v2"],
    otherVersions: [{ name: "v1", toStored: fromAutoscalerV1, fromStored: toAutoscalerV1 }],
    hasStatus: true,
    hasGeneration: false,
    columns: autoscalerColumns,
    mergeShape: shapes.statusWithConditions,
  },
  {
    group: "policy",
    kind: "PodDisruptionBudget",
    plural: "poddisruptionbudgets",
    shortNames: ["pdb"],
    hasStatus: true,
    columns: disruptionBudgetColumns,
    mergeShape: shapes.disruptionBudget,
  },
  {
    group: "scheduling.k8s.io",
    kind: "PriorityClass",
    plural: "priorityclasses",
    shortNames: ["pc"],
    namespaced: false,
    columns: [
      columns.pathColumn("Value", ".value"),
      columns.pathColumn("Global-Default", ".globalDefault"),
      columns.ageColumn,
      columns.pathColumn("PreemptionPolicy", ".preemptionPolicy"),
    ],
  },
];
