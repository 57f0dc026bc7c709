/**
 * The core group, without what pod templates hold. Fields of k8s.io/api v0.34 as
 * `number name type`: `[]` repeated, `{}` a map from text, `*` kept when it is zero because it is
 * a pointer in Go, `!` always written to JSON, `...` inlined into its parent.
 */
export const coreMessages = `
ClientIPConfig: 1 timeoutSeconds int32*
ConfigMap: 1 metadata ObjectMeta, 4 immutable bool*, 2 data {string}, 3 binaryData {bytes}
ContainerExtendedResourceRequest: 1 containerName string!, 2 resourceName string!,
  3 requestName string!
ContainerState: 1 waiting ContainerStateWaiting*, 2 running ContainerStateRunning*,
  3 terminated ContainerStateTerminated*
ContainerStateRunning: 1 startedAt Time
ContainerStateTerminated: 1 exitCode int32!, 2 signal int32, 3 reason string, 4 message string,
  5 startedAt Time, 6 finishedAt Time, 7 containerID string
ContainerStateWaiting: 1 reason string, 2 message string
ContainerStatus: 1 name string!, 2 state ContainerState, 3 lastState ContainerState,
  4 ready bool!, 5 restartCount int32!, 6 image string!, 7 imageID string!, 8 containerID string,
  9 started bool*, 10 allocatedResources {Quantity}, 11 resources ResourceRequirements*,
  12 volumeMounts VolumeMountStatus[], 13 user ContainerUser*,
  14 allocatedResourcesStatus ResourceStatus[], 15 stopSignal string*
ContainerUser: 1 linux LinuxContainerUser*
EndpointAddress: 1 ip string!, 3 hostname string, 4 nodeName string*,
  2 targetRef ObjectReference*
EndpointPort: 1 name string, 2 port int32!, 3 protocol string, 4 appProtocol string*
EndpointSubset: 1 addresses EndpointAddress[], 2 notReadyAddresses EndpointAddress[],
  3 ports EndpointPort[]
Endpoints: 1 metadata ObjectMeta, 2 subsets EndpointSubset[]
Event: 1 metadata ObjectMeta, 2 involvedObject ObjectReference, 3 reason string, 4 message string,
  5 source EventSource, 6 firstTimestamp Time, 7 lastTimestamp Time, 8 count int32, 9 type string,
  10 eventTime MicroTime, 11 series EventSeries*, 12 action string, 13 related ObjectReference*,
  14 reportingComponent string!, 15 reportingInstance string!
EventOfEvents: 1 metadata ObjectMeta, 2 eventTime MicroTime, 3 series EventSeries*,
  4 reportingController string, 5 reportingInstance string, 6 action string, 7 reason string,
  8 regarding ObjectReference, 9 related ObjectReference*, 10 note string, 11 type string,
  12 deprecatedSource EventSource, 13 deprecatedFirstTimestamp Time,
  14 deprecatedLastTimestamp Time, 15 deprecatedCount int32
EventSeries: 1 count int32, 2 lastObservedTime MicroTime
EventSource: 1 component string, 2 host string
HostIP: 1 ip string!
LimitRange: 1 metadata ObjectMeta, 2 spec LimitRangeSpec
LimitRangeItem: 1 type string!, 2 max {Quantity}, 3 min {Quantity}, 4 default {Quantity},
  5 defaultRequest {Quantity}, 6 maxLimitRequestRatio {Quantity}
LimitRangeSpec: 1 limits LimitRangeItem[]
LinuxContainerUser: 1 uid int64!, 2 gid int64!, 3 supplementalGroups int64[]
LoadBalancerIngress: 1 ip string, 2 hostname string, 3 ipMode string*, 4 ports PortStatus[]
LoadBalancerStatus: 1 ingress LoadBalancerIngress[]
ModifyVolumeStatus: 1 targetVolumeAttributesClassName string, 2 status string!
Namespace: 1 metadata ObjectMeta, 2 spec NamespaceSpec, 3 status NamespaceStatus
NamespaceCondition: 1 type string!, 2 status string!, 4 lastTransitionTime Time, 5 reason string,
  6 message string
NamespaceSpec: 1 finalizers string[]
NamespaceStatus: 1 phase string, 2 conditions NamespaceCondition[]
ObjectReference: 1 kind string, 2 namespace string, 3 name string, 4 uid string,
  5 apiVersion string, 6 resourceVersion string, 7 fieldPath string
PersistentVolumeClaim: 1 metadata ObjectMeta, 2 spec PersistentVolumeClaimSpec,
  3 status PersistentVolumeClaimStatus
PersistentVolumeClaimCondition: 1 type string!, 2 status string!, 3 lastProbeTime Time,
  4 lastTransitionTime Time, 5 reason string, 6 message string
PersistentVolumeClaimStatus: 1 phase string, 2 accessModes string[], 3 capacity {Quantity},
  4 conditions PersistentVolumeClaimCondition[], 5 allocatedResources {Quantity},
  7 allocatedResourceStatuses {string}, 8 currentVolumeAttributesClassName string*,
  9 modifyVolumeStatus ModifyVolumeStatus*
Pod: 1 metadata ObjectMeta, 2 spec PodSpec, 3 status PodStatus
PodCondition: 1 type string!, 7 observedGeneration int64, 2 status string!,
  3 lastProbeTime Time, 4 lastTransitionTime Time, 5 reason string, 6 message string
PodExtendedResourceClaimStatus: 1 requestMappings ContainerExtendedResourceRequest[],
  2 resourceClaimName string!
PodIP: 1 ip string!
PodResourceClaimStatus: 1 name string!, 2 resourceClaimName string*
PodStatus: 17 observedGeneration int64, 1 phase string, 2 conditions PodCondition[],
  3 message string, 4 reason string,
  11 nominatedNodeName string, 5 hostIP string, 16 hostIPs HostIP[], 6 podIP string,
  12 podIPs PodIP[], 7 startTime Time*, 10 initContainerStatuses ContainerStatus[],
  8 containerStatuses ContainerStatus[], 9 qosClass string,
  13 ephemeralContainerStatuses ContainerStatus[], 14 resize string,
  15 resourceClaimStatuses PodResourceClaimStatus[],
  18 extendedResourceClaimStatus PodExtendedResourceClaimStatus*
PodTemplate: 1 metadata ObjectMeta, 2 template PodTemplateSpec
PortStatus: 1 port int32!, 2 protocol string!, 3 error string*
ResourceHealth: 1 resourceID string!, 2 health string
ResourceQuota: 1 metadata ObjectMeta, 2 spec ResourceQuotaSpec, 3 status ResourceQuotaStatus
ResourceQuotaSpec: 1 hard {Quantity}, 2 scopes string[], 3 scopeSelector ScopeSelector*
ResourceQuotaStatus: 1 hard {Quantity}, 2 used {Quantity}
ResourceStatus: 1 name string!, 2 resources ResourceHealth[]
ScopeSelector: 1 matchExpressions ScopedResourceSelectorRequirement[]
ScopedResourceSelectorRequirement: 1 scopeName string!, 2 operator string!, 3 values string[]
Secret: 1 metadata ObjectMeta, 5 immutable bool*, 2 data {bytes}, 4 stringData {string},
  3 type string
Service: 1 metadata ObjectMeta, 2 spec ServiceSpec, 3 status ServiceStatus
ServiceAccount: 1 metadata ObjectMeta, 2 secrets ObjectReference[],
  3 imagePullSecrets LocalObjectReference[], 4 automountServiceAccountToken bool*
ServicePort: 1 name string, 2 protocol string, 6 appProtocol string*, 3 port int32!,
  4 targetPort IntOrString, 5 nodePort int32
ServiceSpec: 1 ports ServicePort[], 2 selector {string}, 3 clusterIP string,
  18 clusterIPs string[], 4 type string, 5 externalIPs string[], 7 sessionAffinity string,
  8 loadBalancerIP string, 9 loadBalancerSourceRanges string[], 10 externalName string,
  11 externalTrafficPolicy string, 12 healthCheckNodePort int32, 13 publishNotReadyAddresses bool,
  14 sessionAffinityConfig SessionAffinityConfig*, 19 ipFamilies string[],
  17 ipFamilyPolicy string*, 20 allocateLoadBalancerNodePorts bool*, 21 loadBalancerClass string*,
  22 internalTrafficPolicy string*, 23 trafficDistribution string*
ServiceStatus: 1 loadBalancer LoadBalancerStatus, 2 conditions Condition[]
SessionAffinityConfig: 1 clientIP ClientIPConfig*
VolumeMountStatus: 1 name string!, 2 mountPath string!, 3 readOnly bool,
  4 recursiveReadOnly string*
`;
