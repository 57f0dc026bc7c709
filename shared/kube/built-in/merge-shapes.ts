/**
 * How the lists and maps of Kubernetes' own kinds merge (1.34). Lists that are not named here are
 * atomic, maps merge by their keys.
 */
import type { OpenApiSchema } from "../served-kind.ts";
import {
  appliedList,
  atomic,
  atomicList,
  atomicMap,
  keyedList,
  keyedUnions,
  mergedSet,
  objectMeta,
  patchedList,
  protocol,
  selector,
  setList,
  shape,
  textMap,
  withConditions,
} from "./merge-markers.ts";
import { claimSpec, containerStatuses, podSpec, podTemplate } from "./pod-shapes.ts";

export const statusWithConditions: OpenApiSchema = shape({ status: withConditions });

const template = podTemplate;

export const pod = shape({
  spec: podSpec,
  status: shape({
    conditions: keyedList(["type"]),
    containerStatuses,
    ephemeralContainerStatuses: containerStatuses,
    hostIPs: patchedList("ip"),
    initContainerStatuses: containerStatuses,
    podIPs: keyedList(["ip"]),
    resourceClaimStatuses: keyedUnions(["name"]),
  }),
});

export const podTemplateObject = shape({ template });

/** DaemonSet, ReplicaSet, ReplicationController. */
export const workload = shape({
  spec: shape({ selector, template }),
  status: withConditions,
});

export const deployment = shape({
  spec: shape({
    selector,
    strategy: { ...shape({}), "x-kubernetes-patch-strategy": "retainKeys" },
    template,
  }),
  status: withConditions,
});

export const claim = shape({ spec: claimSpec, status: withConditions });

export const statefulSet = shape({
  spec: shape({
    selector,
    template,
    volumeClaimTemplates: atomicList(
      shape({ metadata: objectMeta, spec: claimSpec, status: withConditions }),
    ),
  }),
  status: withConditions,
});

const jobSpec = shape({
  podFailurePolicy: shape({
    rules: atomicList(shape({ onExitCodes: shape({ values: setList }) })),
  }),
  selector,
  template,
});

export const job = shape({
  spec: jobSpec,
  status: shape({
    conditions: patchedList("type"),
    uncountedTerminatedPods: shape({ failed: setList, succeeded: setList }),
  }),
});

export const cronJob = shape({
  spec: shape({ jobTemplate: shape({ metadata: objectMeta, spec: jobSpec }) }),
  status: shape({ active: atomicList(atomicMap) }),
});

export const service = shape({
  spec: shape({
    ports: keyedList(["port", "protocol"], shape({ protocol })),
    selector: atomicMap,
  }),
  status: withConditions,
});

export const configMap = shape({ data: textMap, binaryData: textMap });
export const secret = shape({ data: textMap, stringData: textMap });
export const event = shape({ involvedObject: atomicMap, related: atomicMap });

export const serviceAccount = shape({
  imagePullSecrets: atomicList(atomicMap),
  secrets: keyedList(["name"], atomicMap),
});

const address = atomic({ targetRef: atomicMap });

export const endpoints = shape({
  subsets: atomicList(
    shape({
      addresses: atomicList(address),
      notReadyAddresses: atomicList(address),
      ports: atomicList(atomicMap),
    }),
  ),
});

export const endpointSlice = shape({
  endpoints: atomicList(shape({ addresses: setList, targetRef: atomicMap })),
  ports: atomicList(atomicMap),
});

export const quota = shape({
  spec: shape({ scopeSelector: atomic({ matchExpressions: atomicList(atomicMap) }) }),
});

export const roleBinding = shape({ roleRef: atomicMap, subjects: atomicList(atomicMap) });

export const clusterRole = shape({
  aggregationRule: shape({ clusterRoleSelectors: atomicList(selector) }),
});

export const namespace = shape({
  spec: shape({ finalizers: { type: "array" } }),
  status: withConditions,
});

export const node = shape({
  spec: shape({ podCIDRs: mergedSet }),
  status: shape({ addresses: keyedList(["type"]), conditions: keyedList(["type"]) }),
});

export const volume = shape({
  spec: shape({
    claimRef: { ...shape({}), "x-kubernetes-map-type": "granular" },
    nodeAffinity: shape({ required: atomicMap }),
  }),
});

export const storageClass = shape({ allowedTopologies: atomicList(atomicMap) });
export const csiDriver = shape({ spec: shape({ volumeLifecycleModes: setList }) });
export const csiNode = shape({ spec: shape({ drivers: keyedList(["name"]) }) });

export const volumeAttachment = shape({
  spec: shape({ source: shape({ inlineVolumeSpec: volume.properties?.["spec"] ?? {} }) }),
});

export const runtimeClass = shape({
  scheduling: shape({ nodeSelector: atomicMap, tolerations: atomicList() }),
});

const peer = shape({ namespaceSelector: selector, podSelector: selector });

export const networkPolicy = shape({
  spec: shape({
    egress: atomicList(shape({ to: atomicList(peer) })),
    ingress: atomicList(shape({ from: atomicList(peer) })),
    podSelector: selector,
  }),
});

const backend = shape({ resource: atomicMap, service: shape({ port: atomicMap }) });

export const ingress = shape({
  spec: shape({
    defaultBackend: backend,
    rules: atomicList(shape({ http: shape({ paths: atomicList(shape({ backend })) }) })),
  }),
});

export const webhooks = shape({
  webhooks: keyedList(
    ["name"],
    shape({
      matchConditions: keyedList(["name"]),
      namespaceSelector: selector,
      objectSelector: selector,
    }),
  ),
});

const matched = atomic({
  namespaceSelector: selector,
  objectSelector: selector,
  excludeResourceRules: atomicList(atomicMap),
  resourceRules: atomicList(atomicMap),
});

export const admissionPolicy = shape({
  spec: shape({
    matchConditions: keyedList(["name"]),
    matchConstraints: matched,
    paramKind: atomicMap,
    variables: keyedList(["name"], atomicMap),
  }),
  status: shape({ conditions: appliedList(["type"]) }),
});

export const admissionPolicyBinding = shape({
  spec: shape({
    matchResources: matched,
    paramRef: atomic({ selector }),
    validationActions: setList,
  }),
});

export const disruptionBudget = shape({
  spec: shape({ selector: { ...selector, "x-kubernetes-patch-strategy": "replace" } }),
  status: withConditions,
});

export const definition = shape({ status: shape({ conditions: appliedList(["type"]) }) });
