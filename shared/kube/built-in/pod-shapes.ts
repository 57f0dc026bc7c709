/** How the lists and maps of pods merge. */
import type { OpenApiSchema } from "../served-kind.ts";
import {
  appliedList,
  atomicList,
  atomicMap,
  keyedList,
  keyedUnions,
  objectMeta,
  protocol,
  selector,
  shape,
} from "./merge-markers.ts";

const quantities: OpenApiSchema = { type: "object", additionalProperties: {} };

const resources = shape({
  limits: quantities,
  requests: quantities,
  claims: appliedList(["name"]),
});

const volumeResources = shape({ limits: quantities, requests: quantities });

/** What a file of the downward API shows. */
const podFields = { fieldRef: atomicMap, resourceFieldRef: atomicMap };

const valueFrom = shape({
  ...podFields,
  configMapKeyRef: atomicMap,
  fileKeyRef: atomicMap,
  secretKeyRef: atomicMap,
});

const container = shape({
  env: keyedList(["name"], shape({ valueFrom })),
  ports: keyedList(["containerPort", "protocol"], shape({ protocol })),
  resources,
  volumeDevices: keyedList(["devicePath"]),
  volumeMounts: keyedList(["mountPath"]),
});

const nodeSelector = atomicMap;

const podAffinity = (() => {
  const term = shape({ labelSelector: selector, namespaceSelector: selector });
  return shape({
    requiredDuringSchedulingIgnoredDuringExecution: atomicList(term),
    preferredDuringSchedulingIgnoredDuringExecution: atomicList(shape({ podAffinityTerm: term })),
  });
})();

const affinity = shape({
  nodeAffinity: shape({
    requiredDuringSchedulingIgnoredDuringExecution: nodeSelector,
    preferredDuringSchedulingIgnoredDuringExecution: atomicList(shape({ preference: atomicMap })),
  }),
  podAffinity,
  podAntiAffinity: podAffinity,
});

/** `PersistentVolumeClaimSpec` */
export const claimSpec = shape({
  selector,
  resources: volumeResources,
  dataSource: atomicMap,
});

/** A volume of a driver that takes a secret of the pod's namespace. */
const withSecret = (name: string): OpenApiSchema => shape({ [name]: atomicMap });

const volume = shape({
  cephfs: withSecret("secretRef"),
  cinder: withSecret("secretRef"),
  csi: withSecret("nodePublishSecretRef"),
  downwardAPI: shape({ items: atomicList(shape(podFields)) }),
  ephemeral: shape({ volumeClaimTemplate: shape({ metadata: objectMeta, spec: claimSpec }) }),
  flexVolume: withSecret("secretRef"),
  iscsi: withSecret("secretRef"),
  projected: shape({
    sources: atomicList(
      shape({
        clusterTrustBundle: shape({ labelSelector: selector }),
        downwardAPI: shape({ items: atomicList(shape(podFields)) }),
      }),
    ),
  }),
  rbd: withSecret("secretRef"),
  scaleIO: withSecret("secretRef"),
  storageos: withSecret("secretRef"),
});

export const podSpec = shape({
  affinity,
  containers: keyedList(["name"], container),
  ephemeralContainers: keyedList(["name"], container),
  hostAliases: keyedList(["ip"]),
  imagePullSecrets: keyedList(["name"], atomicMap),
  initContainers: keyedList(["name"], container),
  nodeSelector: atomicMap,
  overhead: quantities,
  resourceClaims: keyedUnions(["name"]),
  resources,
  schedulingGates: keyedList(["name"]),
  topologySpreadConstraints: keyedList(
    ["topologyKey", "whenUnsatisfiable"],
    shape({ labelSelector: selector }),
  ),
  volumes: keyedUnions(["name"], volume),
});

export const podTemplate = shape({ metadata: objectMeta, spec: podSpec });

export const containerStatuses = atomicList(
  shape({
    allocatedResourcesStatus: keyedList(["name"]),
    resources,
    volumeMounts: keyedList(["mountPath"]),
  }),
);
