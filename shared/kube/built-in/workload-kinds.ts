import type { ScalePaths } from "../served-kind.ts";
import { cronJobRules } from "../validation/batch/cron-job-rules.ts";
import { jobRules } from "../validation/batch/job-rules.ts";
import { horizontalPodAutoscalerRules } from "../validation/policy/horizontal-pod-autoscaler-rules.ts";
import { podDisruptionBudgetRules } from "../validation/policy/pod-disruption-budget-rules.ts";
import { priorityClassRules } from "../validation/policy/priority-class-rules.ts";
import { controllerRevisionRules } from "../validation/workload/controller-revision-rules.ts";
import { daemonSetRules } from "../validation/workload/daemon-set-rules.ts";
import { deploymentRules } from "../validation/workload/deployment-rules.ts";
import { replicaSetRules } from "../validation/workload/replica-set-rules.ts";
import { statefulSetRules } from "../validation/workload/stateful-set-rules.ts";
import { autoscalerColumns } from "./autoscaler-columns.ts";
import { fromAutoscalerV1, toAutoscalerV1 } from "./autoscaler-v1.ts";
import type { BuiltIn } from "./built-in.ts";
import { disruptionBudgetColumns } from "./core-columns.ts";
import { revisionColumns } from "./extension-columns.ts";
import * as shapes from "./merge-shapes.ts";
import * as columns from "./workload-columns.ts";

const scale: ScalePaths = {
  specReplicas: ["spec", "replicas"],
  defaultReplicas: 1,
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
    validate: controllerRevisionRules,
  },
  {
    ...workload,
    kind: "DaemonSet",
    plural: "daemonsets",
    shortNames: ["ds"],
    columns: columns.daemonSetColumns,
    validate: daemonSetRules,
  },
  {
    ...workload,
    kind: "Deployment",
    plural: "deployments",
    shortNames: ["deploy"],
    mergeShape: shapes.deployment,
    scale,
    columns: columns.deploymentColumns,
    validate: deploymentRules,
  },
  {
    ...workload,
    kind: "ReplicaSet",
    plural: "replicasets",
    shortNames: ["rs"],
    scale,
    columns: columns.replicaSetColumns,
    validate: replicaSetRules,
  },
  {
    ...workload,
    kind: "StatefulSet",
    plural: "statefulsets",
    shortNames: ["sts"],
    mergeShape: shapes.statefulSet,
    scale,
    columns: columns.statefulSetColumns,
    validate: statefulSetRules,
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
    validate: cronJobRules,
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
    validate: jobRules,
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
    validate: horizontalPodAutoscalerRules,
  },
  {
    group: "policy",
    kind: "PodDisruptionBudget",
    plural: "poddisruptionbudgets",
    shortNames: ["pdb"],
    hasStatus: true,
    columns: disruptionBudgetColumns,
    mergeShape: shapes.disruptionBudget,
    validate: podDisruptionBudgetRules,
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
    validate: priorityClassRules,
  },
];
