/**
 * The groups apps, autoscaling, batch, policy and scheduling.k8s.io, and their ancestor in the
 * core group. Fields of k8s.io/api v0.34 as
 * `number name type`: `[]` repeated, `{}` a map from text, `*` kept when it is zero because it is
 * a pointer in Go, `!` always written to JSON, `...` inlined into its parent.
 */
export const workloadMessages = `
ContainerResourceMetricSource: 1 name string!, 2 target MetricTarget, 3 container string!
ContainerResourceMetricStatus: 1 name string!, 2 current MetricValueStatus, 3 container string!
ControllerRevision: 1 metadata ObjectMeta, 2 data RawExtension, 3 revision int64!
CronJob: 1 metadata ObjectMeta, 2 spec CronJobSpec, 3 status CronJobStatus
CronJobSpec: 1 schedule string!, 8 timeZone string*, 2 startingDeadlineSeconds int64*,
  3 concurrencyPolicy string, 4 suspend bool*, 5 jobTemplate JobTemplateSpec,
  6 successfulJobsHistoryLimit int32*, 7 failedJobsHistoryLimit int32*
CronJobStatus: 1 active ObjectReference[], 4 lastScheduleTime Time*, 5 lastSuccessfulTime Time*
CrossVersionObjectReference: 1 kind string!, 2 name string!, 3 apiVersion string
DaemonSet: 1 metadata ObjectMeta, 2 spec DaemonSetSpec, 3 status DaemonSetStatus
DaemonSetCondition: 1 type string!, 2 status string!, 3 lastTransitionTime Time, 4 reason string,
  5 message string
DaemonSetSpec: 1 selector LabelSelector*, 2 template PodTemplateSpec,
  3 updateStrategy DaemonSetUpdateStrategy, 4 minReadySeconds int32,
  6 revisionHistoryLimit int32*
DaemonSetStatus: 1 currentNumberScheduled int32!, 2 numberMisscheduled int32!,
  3 desiredNumberScheduled int32!, 4 numberReady int32!, 5 observedGeneration int64,
  6 updatedNumberScheduled int32, 7 numberAvailable int32, 8 numberUnavailable int32,
  9 collisionCount int32*, 10 conditions DaemonSetCondition[]
DaemonSetUpdateStrategy: 1 type string, 2 rollingUpdate RollingUpdateDaemonSet*
Deployment: 1 metadata ObjectMeta, 2 spec DeploymentSpec, 3 status DeploymentStatus
DeploymentCondition: 1 type string!, 2 status string!, 6 lastUpdateTime Time,
  7 lastTransitionTime Time, 4 reason string, 5 message string
DeploymentSpec: 1 replicas int32*, 2 selector LabelSelector*, 3 template PodTemplateSpec,
  4 strategy DeploymentStrategy, 5 minReadySeconds int32, 6 revisionHistoryLimit int32*,
  7 paused bool, 9 progressDeadlineSeconds int32*
DeploymentStatus: 1 observedGeneration int64, 2 replicas int32, 3 updatedReplicas int32,
  7 readyReplicas int32, 4 availableReplicas int32, 5 unavailableReplicas int32,
  9 terminatingReplicas int32*, 6 conditions DeploymentCondition[], 8 collisionCount int32*
DeploymentStrategy: 1 type string, 2 rollingUpdate RollingUpdateDeployment*
ExternalMetricSource: 1 metric MetricIdentifier, 2 target MetricTarget
ExternalMetricStatus: 1 metric MetricIdentifier, 2 current MetricValueStatus
HPAScalingPolicy: 1 type string!, 2 value int32!, 3 periodSeconds int32!
HPAScalingRules: 3 stabilizationWindowSeconds int32*, 1 selectPolicy string*,
  2 policies HPAScalingPolicy[], 4 tolerance Quantity*
HorizontalPodAutoscaler: 1 metadata ObjectMeta, 2 spec HorizontalPodAutoscalerSpec,
  3 status HorizontalPodAutoscalerStatus
HorizontalPodAutoscalerV1: 1 metadata ObjectMeta, 2 spec HorizontalPodAutoscalerSpecV1,
  3 status HorizontalPodAutoscalerStatusV1
HorizontalPodAutoscalerSpecV1: 1 scaleTargetRef CrossVersionObjectReference, 2 minReplicas int32*,
  3 maxReplicas int32!, 4 targetCPUUtilizationPercentage int32*
HorizontalPodAutoscalerStatusV1: 1 observedGeneration int64*, 2 lastScaleTime Time*,
  3 currentReplicas int32!, 4 desiredReplicas int32!, 5 currentCPUUtilizationPercentage int32*
HorizontalPodAutoscalerBehavior: 1 scaleUp HPAScalingRules*, 2 scaleDown HPAScalingRules*
HorizontalPodAutoscalerCondition: 1 type string!, 2 status string!, 3 lastTransitionTime Time,
  4 reason string, 5 message string
HorizontalPodAutoscalerSpec: 1 scaleTargetRef CrossVersionObjectReference, 2 minReplicas int32*,
  3 maxReplicas int32!, 4 metrics MetricSpec[], 5 behavior HorizontalPodAutoscalerBehavior*
HorizontalPodAutoscalerStatus: 1 observedGeneration int64*, 2 lastScaleTime Time*,
  3 currentReplicas int32, 4 desiredReplicas int32!, 5 currentMetrics MetricStatus[],
  6 conditions HorizontalPodAutoscalerCondition[]
Job: 1 metadata ObjectMeta, 2 spec JobSpec, 3 status JobStatus
JobCondition: 1 type string!, 2 status string!, 3 lastProbeTime Time, 4 lastTransitionTime Time,
  5 reason string, 6 message string
JobSpec: 1 parallelism int32*, 2 completions int32*, 3 activeDeadlineSeconds int64*,
  11 podFailurePolicy PodFailurePolicy*, 16 successPolicy SuccessPolicy*, 7 backoffLimit int32*,
  12 backoffLimitPerIndex int32*, 13 maxFailedIndexes int32*, 4 selector LabelSelector*,
  5 manualSelector bool*, 6 template PodTemplateSpec, 8 ttlSecondsAfterFinished int32*,
  9 completionMode string*, 10 suspend bool*, 14 podReplacementPolicy string*,
  15 managedBy string*
JobStatus: 1 conditions JobCondition[], 2 startTime Time*, 3 completionTime Time*, 4 active int32,
  5 succeeded int32, 6 failed int32, 11 terminating int32*, 7 completedIndexes string,
  10 failedIndexes string*, 8 uncountedTerminatedPods UncountedTerminatedPods*, 9 ready int32*
JobTemplateSpec: 1 metadata ObjectMeta, 2 spec JobSpec
MetricIdentifier: 1 name string!, 2 selector LabelSelector*
MetricSpec: 1 type string!, 2 object ObjectMetricSource*, 3 pods PodsMetricSource*,
  4 resource ResourceMetricSource*, 7 containerResource ContainerResourceMetricSource*,
  5 external ExternalMetricSource*
MetricStatus: 1 type string!, 2 object ObjectMetricStatus*, 3 pods PodsMetricStatus*,
  4 resource ResourceMetricStatus*, 7 containerResource ContainerResourceMetricStatus*,
  5 external ExternalMetricStatus*
MetricTarget: 1 type string!, 2 value Quantity*, 3 averageValue Quantity*,
  4 averageUtilization int32*
MetricValueStatus: 1 value Quantity*, 2 averageValue Quantity*, 3 averageUtilization int32*
ObjectMetricSource: 1 describedObject CrossVersionObjectReference, 2 target MetricTarget,
  3 metric MetricIdentifier
ObjectMetricStatus: 1 metric MetricIdentifier, 2 current MetricValueStatus,
  3 describedObject CrossVersionObjectReference
PodDisruptionBudget: 1 metadata ObjectMeta, 2 spec PodDisruptionBudgetSpec,
  3 status PodDisruptionBudgetStatus
PodDisruptionBudgetSpec: 1 minAvailable IntOrString*, 2 selector LabelSelector*,
  3 maxUnavailable IntOrString*, 4 unhealthyPodEvictionPolicy string*
PodDisruptionBudgetStatus: 1 observedGeneration int64, 2 disruptedPods {Time},
  3 disruptionsAllowed int32!, 4 currentHealthy int32!, 5 desiredHealthy int32!,
  6 expectedPods int32!, 7 conditions Condition[]
PodFailurePolicy: 1 rules PodFailurePolicyRule[]
PodFailurePolicyOnExitCodesRequirement: 1 containerName string*, 2 operator string!,
  3 values int32[]
PodFailurePolicyOnPodConditionsPattern: 1 type string!, 2 status string!
PodFailurePolicyRule: 1 action string!, 2 onExitCodes PodFailurePolicyOnExitCodesRequirement*,
  3 onPodConditions PodFailurePolicyOnPodConditionsPattern[]
PodsMetricSource: 1 metric MetricIdentifier, 2 target MetricTarget
PodsMetricStatus: 1 metric MetricIdentifier, 2 current MetricValueStatus
PriorityClass: 1 metadata ObjectMeta, 2 value int32!, 3 globalDefault bool, 4 description string,
  5 preemptionPolicy string*
ReplicaSet: 1 metadata ObjectMeta, 2 spec ReplicaSetSpec, 3 status ReplicaSetStatus
ReplicaSetCondition: 1 type string!, 2 status string!, 3 lastTransitionTime Time, 4 reason string,
  5 message string
ReplicaSetSpec: 1 replicas int32*, 4 minReadySeconds int32, 2 selector LabelSelector*,
  3 template PodTemplateSpec
ReplicaSetStatus: 1 replicas int32!, 2 fullyLabeledReplicas int32, 4 readyReplicas int32,
  5 availableReplicas int32, 7 terminatingReplicas int32*, 3 observedGeneration int64,
  6 conditions ReplicaSetCondition[]
ReplicationController: 1 metadata ObjectMeta, 2 spec ReplicationControllerSpec,
  3 status ReplicationControllerStatus
ReplicationControllerCondition: 1 type string!, 2 status string!, 3 lastTransitionTime Time,
  4 reason string, 5 message string
ReplicationControllerSpec: 1 replicas int32*, 4 minReadySeconds int32, 2 selector {string},
  3 template PodTemplateSpec*
ReplicationControllerStatus: 1 replicas int32!, 2 fullyLabeledReplicas int32,
  4 readyReplicas int32, 5 availableReplicas int32, 3 observedGeneration int64,
  6 conditions ReplicationControllerCondition[]
ResourceMetricSource: 1 name string!, 2 target MetricTarget
ResourceMetricStatus: 1 name string!, 2 current MetricValueStatus
RollingUpdateDaemonSet: 1 maxUnavailable IntOrString*, 2 maxSurge IntOrString*
RollingUpdateDeployment: 1 maxUnavailable IntOrString*, 2 maxSurge IntOrString*
RollingUpdateStatefulSetStrategy: 1 partition int32*, 2 maxUnavailable IntOrString*
Scale: 1 metadata ObjectMeta, 2 spec ScaleSpec, 3 status ScaleStatus
ScaleSpec: 1 replicas int32
ScaleStatus: 1 replicas int32!, 2 selector string
StatefulSet: 1 metadata ObjectMeta, 2 spec StatefulSetSpec, 3 status StatefulSetStatus
StatefulSetCondition: 1 type string!, 2 status string!, 3 lastTransitionTime Time,
  4 reason string, 5 message string
StatefulSetOrdinals: 1 start int32!
StatefulSetPersistentVolumeClaimRetentionPolicy: 1 whenDeleted string, 2 whenScaled string
StatefulSetSpec: 1 replicas int32*, 2 selector LabelSelector*, 3 template PodTemplateSpec,
  4 volumeClaimTemplates PersistentVolumeClaim[], 5 serviceName string!,
  6 podManagementPolicy string, 7 updateStrategy StatefulSetUpdateStrategy,
  8 revisionHistoryLimit int32*, 9 minReadySeconds int32,
  10 persistentVolumeClaimRetentionPolicy StatefulSetPersistentVolumeClaimRetentionPolicy*,
  11 ordinals StatefulSetOrdinals*
StatefulSetStatus: 1 observedGeneration int64, 2 replicas int32!, 3 readyReplicas int32,
  4 currentReplicas int32, 5 updatedReplicas int32, 6 currentRevision string,
  7 updateRevision string, 9 collisionCount int32*, 10 conditions StatefulSetCondition[],
  11 availableReplicas int32!
StatefulSetUpdateStrategy: 1 type string, 2 rollingUpdate RollingUpdateStatefulSetStrategy*
SuccessPolicy: 1 rules SuccessPolicyRule[]
SuccessPolicyRule: 1 succeededIndexes string*, 2 succeededCount int32*
UncountedTerminatedPods: 1 succeeded string[], 2 failed string[]
`;
