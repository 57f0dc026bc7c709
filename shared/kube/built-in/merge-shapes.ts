import type { OpenApiSchema } from "../served-kind.ts";

/**
 * How the lists and maps of Kubernetes' own kinds merge: the `x-kubernetes-*` and patch markers of
 * k8s.io/api, and nothing else of its schemas. Lists that are not named here are atomic.
 */

export function shape(properties: Readonly<Record<string, OpenApiSchema>>): OpenApiSchema {
  return { type: "object", properties, "x-kubernetes-preserve-unknown-fields": true };
}

/** Items are told apart by some fields: in an apply by all keys, in a patch by the first. */
export function keyedList(keys: readonly string[], items: OpenApiSchema = {}): OpenApiSchema {
  return patchList(keys, items, "merge");
}

/** As `keyedList`; a patch says which keys of an item stay. */
export function keyedUnions(keys: readonly string[], items: OpenApiSchema = {}): OpenApiSchema {
  return patchList(keys, items, "merge,retainKeys");
}

function patchList(keys: readonly string[], items: OpenApiSchema, strategy: string): OpenApiSchema {
  const [mergeKey] = keys;
  return {
    type: "array",
    items,
    "x-kubernetes-list-type": "map",
    "x-kubernetes-list-map-keys": keys,
    ...(mergeKey !== undefined && { "x-kubernetes-patch-merge-key": mergeKey }),
    "x-kubernetes-patch-strategy": strategy,
  };
}

export const atomicMap: OpenApiSchema = { type: "object", "x-kubernetes-map-type": "atomic" };

export const textMap: OpenApiSchema = {
  type: "object",
  additionalProperties: { type: "string" },
};

/** A list of conditions, one of each type. */
export const withConditions: OpenApiSchema = shape({ conditions: keyedList(["type"]) });

export const statusWithConditions: OpenApiSchema = shape({ status: withConditions });

const protocol: OpenApiSchema = { type: "string", default: "TCP" };

const resources = shape({
  limits: { type: "object", additionalProperties: {} },
  requests: { type: "object", additionalProperties: {} },
  claims: keyedList(["name"]),
});

const container = shape({
  env: keyedList(["name"], shape({ valueFrom: shape(selectors()) })),
  ports: keyedList(["containerPort", "protocol"], shape({ protocol })),
  resources,
  volumeDevices: keyedList(["devicePath"]),
  volumeMounts: keyedList(["mountPath"]),
});

function selectors(): Readonly<Record<string, OpenApiSchema>> {
  return {
    configMapKeyRef: atomicMap,
    fieldRef: atomicMap,
    resourceFieldRef: atomicMap,
    secretKeyRef: atomicMap,
  };
}

const objectMeta = shape({
  labels: textMap,
  annotations: textMap,
  finalizers: {
    type: "array",
    "x-kubernetes-list-type": "set",
    "x-kubernetes-patch-strategy": "merge",
  },
  ownerReferences: keyedList(["uid"], atomicMap),
});

export const podSpec = shape({
  containers: keyedList(["name"], container),
  ephemeralContainers: keyedList(["name"], container),
  hostAliases: keyedList(["ip"]),
  imagePullSecrets: keyedList(["name"], atomicMap),
  initContainers: keyedList(["name"], container),
  nodeSelector: atomicMap,
  overhead: { type: "object", additionalProperties: {} },
  resourceClaims: keyedUnions(["name"]),
  resources,
  schedulingGates: keyedList(["name"]),
  topologySpreadConstraints: keyedList(["topologyKey", "whenUnsatisfiable"]),
  volumes: keyedUnions(["name"]),
});

const podTemplate = shape({ metadata: objectMeta, spec: podSpec });

/** Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController. */
export const workload = shape({
  spec: shape({
    selector: atomicMap,
    strategy: { ...shape({}), "x-kubernetes-patch-strategy": "retainKeys" },
    template: podTemplate,
  }),
  status: withConditions,
});

const jobSpec = shape({ selector: atomicMap, template: podTemplate });

export const job = shape({ spec: jobSpec, status: withConditions });

export const cronJob = shape({
  spec: shape({ jobTemplate: shape({ metadata: objectMeta, spec: jobSpec }) }),
});

export const pod = shape({
  spec: podSpec,
  status: shape({
    conditions: keyedList(["type"]),
    hostIPs: { type: "array", "x-kubernetes-patch-merge-key": "ip" },
    podIPs: keyedList(["ip"]),
  }),
});

export const podTemplateObject = shape({ template: podTemplate });

export const service = shape({
  spec: shape({
    ports: keyedList(["port", "protocol"], shape({ protocol })),
    selector: atomicMap,
  }),
  status: withConditions,
});

export const configMap = shape({ data: textMap, binaryData: textMap });
export const secret = shape({ data: textMap, stringData: textMap });
export const serviceAccount = shape({ secrets: keyedList(["name"]) });
export const roleBinding = shape({ roleRef: atomicMap });
export const namespace = shape({
  spec: shape({ finalizers: { type: "array" } }),
  status: withConditions,
});

export const node = shape({
  spec: shape({
    podCIDRs: {
      type: "array",
      "x-kubernetes-list-type": "set",
      "x-kubernetes-patch-strategy": "merge",
    },
  }),
  status: shape({ addresses: keyedList(["type"]), conditions: keyedList(["type"]) }),
});

export const webhooks = shape({
  webhooks: keyedList(["name"], shape({ matchConditions: keyedList(["name"]) })),
});

export const disruptionBudget = shape({
  spec: shape({ selector: { ...atomicMap, "x-kubernetes-patch-strategy": "replace" } }),
  status: withConditions,
});
