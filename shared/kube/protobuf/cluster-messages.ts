/**
 * Metadata, options, and the groups around workloads. Fields of k8s.io/api v0.34 as
 * `number name type`: `[]` repeated, `{}` a map from text, `*` kept when it is zero because it is
 * a pointer in Go, `!` always written to JSON, `...` inlined into its parent.
 */
export const clusterMessages = `
AggregationRule: 1 clusterRoleSelectors LabelSelector[]
CertificateSigningRequest: 1 metadata ObjectMeta, 2 spec CertificateSigningRequestSpec,
  3 status CertificateSigningRequestStatus
CertificateSigningRequestCondition: 1 type string!, 6 status string!, 2 reason string,
  3 message string, 4 lastUpdateTime Time, 5 lastTransitionTime Time
CertificateSigningRequestSpec: 1 request bytes!, 7 signerName string!, 8 expirationSeconds int32*,
  5 usages string[], 2 username string, 3 uid string, 4 groups string[], 6 extra {ExtraValue}
CertificateSigningRequestStatus: 1 conditions CertificateSigningRequestCondition[],
  2 certificate bytes
ClusterRole: 1 metadata ObjectMeta, 2 rules PolicyRule[], 3 aggregationRule AggregationRule*
ClusterRoleBinding: 1 metadata ObjectMeta, 2 subjects Subject[], 3 roleRef RoleRef
Condition: 1 type string!, 2 status string!, 3 observedGeneration int64,
  4 lastTransitionTime Time, 5 reason string!, 6 message string!
DeleteOptions: 1 gracePeriodSeconds int64*, 2 preconditions Preconditions*,
  3 orphanDependents bool*, 4 propagationPolicy string*, 5 dryRun string[],
  6 ignoreStoreReadErrorWithClusterBreakingPotential bool*
Endpoint: 1 addresses string[], 2 conditions EndpointConditions, 3 hostname string*,
  4 targetRef ObjectReference*, 5 deprecatedTopology {string}, 6 nodeName string*, 7 zone string*,
  8 hints EndpointHints*
EndpointConditions: 1 ready bool*, 2 serving bool*, 3 terminating bool*
EndpointHints: 1 forZones ForZone[], 2 forNodes ForNode[]
EndpointSlice: 1 metadata ObjectMeta, 4 addressType string!, 2 endpoints Endpoint[],
  3 ports SlicePort[]
ExtraValue: 1 items string[]
FieldSelectorAttributes: 1 rawSelector string, 2 requirements FieldSelectorRequirement[]
FieldSelectorRequirement: 1 key string!, 2 operator string!, 3 values string[]
ForNode: 1 name string!
ForZone: 1 name string!
HTTPIngressPath: 1 path string, 3 pathType string*, 2 backend IngressBackend
HTTPIngressRuleValue: 1 paths HTTPIngressPath[]
IPAddress: 1 metadata ObjectMeta, 2 spec IPAddressSpec
IPAddressSpec: 1 parentRef ParentReference*
IPBlock: 1 cidr string!, 2 except string[]
Ingress: 1 metadata ObjectMeta, 2 spec IngressSpec, 3 status IngressStatus
IngressBackend: 4 service IngressServiceBackend*, 3 resource TypedLocalObjectReference*
IngressClass: 1 metadata ObjectMeta, 2 spec IngressClassSpec
IngressClassParametersReference: 1 apiGroup string*, 2 kind string!, 3 name string!,
  4 scope string*, 5 namespace string*
IngressClassSpec: 1 controller string, 2 parameters IngressClassParametersReference*
IngressLoadBalancerIngress: 1 ip string, 2 hostname string, 4 ports IngressPortStatus[]
IngressLoadBalancerStatus: 1 ingress IngressLoadBalancerIngress[]
IngressPortStatus: 1 port int32!, 2 protocol string!, 3 error string*
IngressRule: 1 host string, 2 ... IngressRuleValue
IngressRuleValue: 1 http HTTPIngressRuleValue*
IngressServiceBackend: 1 name string!, 2 port ServiceBackendPort
IngressSpec: 4 ingressClassName string*, 1 defaultBackend IngressBackend*, 2 tls IngressTLS[],
  3 rules IngressRule[]
IngressStatus: 1 loadBalancer IngressLoadBalancerStatus
IngressTLS: 1 hosts string[], 2 secretName string
LabelSelector: 1 matchLabels {string}, 2 matchExpressions LabelSelectorRequirement[]
LabelSelectorAttributes: 1 rawSelector string, 2 requirements LabelSelectorRequirement[]
LabelSelectorRequirement: 1 key string!, 2 operator string!, 3 values string[]
Lease: 1 metadata ObjectMeta, 2 spec LeaseSpec
LeaseSpec: 1 holderIdentity string*, 2 leaseDurationSeconds int32*, 3 acquireTime MicroTime*,
  4 renewTime MicroTime*, 5 leaseTransitions int32*, 6 strategy string*,
  7 preferredHolder string*
LocalSubjectAccessReview: 1 metadata ObjectMeta, 2 spec SubjectAccessReviewSpec,
  3 status SubjectAccessReviewStatus
ManagedFieldsEntry: 1 manager string, 2 operation string, 3 apiVersion string, 4 time Time*,
  6 fieldsType string, 7 fieldsV1 FieldsV1*, 8 subresource string
NetworkPolicy: 1 metadata ObjectMeta, 2 spec NetworkPolicySpec
NetworkPolicyEgressRule: 1 ports NetworkPolicyPort[], 2 to NetworkPolicyPeer[]
NetworkPolicyIngressRule: 1 ports NetworkPolicyPort[], 2 from NetworkPolicyPeer[]
NetworkPolicyPeer: 1 podSelector LabelSelector*, 2 namespaceSelector LabelSelector*,
  3 ipBlock IPBlock*
NetworkPolicyPort: 1 protocol string*, 2 port IntOrString*, 3 endPort int32*
NetworkPolicySpec: 1 podSelector LabelSelector, 2 ingress NetworkPolicyIngressRule[],
  3 egress NetworkPolicyEgressRule[], 4 policyTypes string[]
NonResourceAttributes: 1 path string, 2 verb string
NonResourceRule: 1 verbs string[], 2 nonResourceURLs string[]
ObjectMeta: 1 name string, 2 generateName string, 3 namespace string, 4 selfLink string,
  5 uid string, 6 resourceVersion string, 7 generation int64, 8 creationTimestamp Time,
  9 deletionTimestamp Time*, 10 deletionGracePeriodSeconds int64*, 11 labels {string},
  12 annotations {string}, 13 ownerReferences OwnerReference[], 14 finalizers string[],
  17 managedFields ManagedFieldsEntry[]
OwnerReference: 5 apiVersion string!, 1 kind string!, 3 name string!, 4 uid string!,
  6 controller bool*, 7 blockOwnerDeletion bool*
ParentReference: 1 group string, 2 resource string, 3 namespace string, 4 name string
PolicyRule: 1 verbs string[], 2 apiGroups string[], 3 resources string[],
  4 resourceNames string[], 5 nonResourceURLs string[]
Preconditions: 1 uid string*, 2 resourceVersion string*
ResourceAttributes: 1 namespace string, 2 verb string, 3 group string, 4 version string,
  5 resource string, 6 subresource string, 7 name string,
  8 fieldSelector FieldSelectorAttributes*, 9 labelSelector LabelSelectorAttributes*
ResourceRule: 1 verbs string[], 2 apiGroups string[], 3 resources string[],
  4 resourceNames string[]
Role: 1 metadata ObjectMeta, 2 rules PolicyRule[]
RoleBinding: 1 metadata ObjectMeta, 2 subjects Subject[], 3 roleRef RoleRef
RoleRef: 1 apiGroup string!, 2 kind string!, 3 name string!
SelfSubjectAccessReview: 1 metadata ObjectMeta, 2 spec SelfSubjectAccessReviewSpec,
  3 status SubjectAccessReviewStatus
SelfSubjectAccessReviewSpec: 1 resourceAttributes ResourceAttributes*,
  2 nonResourceAttributes NonResourceAttributes*
SelfSubjectReview: 1 metadata ObjectMeta, 2 status SelfSubjectReviewStatus
SelfSubjectReviewStatus: 1 userInfo UserInfo
SelfSubjectRulesReview: 1 metadata ObjectMeta, 2 spec SelfSubjectRulesReviewSpec,
  3 status SubjectRulesReviewStatus
SelfSubjectRulesReviewSpec: 1 namespace string
ServiceBackendPort: 1 name string, 2 number int32
ServiceCIDR: 1 metadata ObjectMeta, 2 spec ServiceCIDRSpec, 3 status ServiceCIDRStatus
ServiceCIDRSpec: 1 cidrs string[]
ServiceCIDRStatus: 1 conditions Condition[]
SlicePort: 1 name string*, 2 protocol string*, 3 port int32*, 4 appProtocol string*
Subject: 1 kind string!, 2 apiGroup string, 3 name string!, 4 namespace string
SubjectAccessReview: 1 metadata ObjectMeta, 2 spec SubjectAccessReviewSpec,
  3 status SubjectAccessReviewStatus
SubjectAccessReviewSpec: 1 resourceAttributes ResourceAttributes*,
  2 nonResourceAttributes NonResourceAttributes*, 3 user string, 4 groups string[],
  5 extra {ExtraValue}, 6 uid string
SubjectAccessReviewStatus: 1 allowed bool!, 4 denied bool, 2 reason string,
  3 evaluationError string
SubjectRulesReviewStatus: 1 resourceRules ResourceRule[], 2 nonResourceRules NonResourceRule[],
  3 incomplete bool!, 4 evaluationError string
TokenReview: 1 metadata ObjectMeta, 2 spec TokenReviewSpec, 3 status TokenReviewStatus
TokenReviewSpec: 1 token string, 2 audiences string[]
TokenReviewStatus: 1 authenticated bool, 2 user UserInfo, 3 error string, 4 audiences string[]
UserInfo: 1 username string, 2 uid string, 3 groups string[], 4 extra {ExtraValue}
`;
