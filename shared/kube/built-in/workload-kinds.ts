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
import { disruptionBudgetColumns, priorityClassColumns } from "./core-columns.ts";
import { jobColumns } from "./job-columns.ts";
import * as shapes from "./merge-shapes.ts";
import { replicasScale } from "./replicas-scale.ts";
import { jobFields } from "./selectable-fields.ts";
import * as shown from "./shown-defaults.ts";
import * as columns from "./workload-columns.ts";

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
    columns: columns.controllerRevisionColumns,
    hasGeneration: false,
    validate: controllerRevisionRules,
  },
  {
    ...workload,
    kind: "DaemonSet",
    plural: "daemonsets",
    shortNames: ["ds"],
    columns: columns.daemonSetColumns,
    shownDefaults: shown.daemonSet,
    validate: daemonSetRules,
  },
  {
    ...workload,
    kind: "Deployment",
    plural: "deployments",
    shortNames: ["deploy"],
    mergeShape: shapes.deployment,
    scale: replicasScale,
    columns: columns.deploymentColumns,
    shownDefaults: shown.deployment,
    validate: deploymentRules,
  },
  {
    ...workload,
    kind: "ReplicaSet",
    plural: "replicasets",
    shortNames: ["rs"],
    scale: replicasScale,
    columns: columns.replicaSetColumns,
    shownDefaults: shown.replicated,
    validate: replicaSetRules,
  },
  {
    ...workload,
    kind: "StatefulSet",
    plural: "statefulsets",
    shortNames: ["sts"],
    mergeShape: shapes.statefulSet,
    scale: replicasScale,
    columns: columns.statefulSetColumns,
    shownDefaults: shown.statefulSet,
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
    shownDefaults: shown.cronJob,
    validate: cronJobRules,
  },
  {
    group: "batch",
    kind: "Job",
    plural: "jobs",
    categories: ["all"],
    hasStatus: true,
    selectableFields: jobFields,
    columns: jobColumns,
    mergeShape: shapes.job,
    shownDefaults: shown.job,
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
    shownDefaults: shown.autoscaler,
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
    columns: priorityClassColumns,
    shownDefaults: shown.priorityClass,
    validate: priorityClassRules,
  },
];
