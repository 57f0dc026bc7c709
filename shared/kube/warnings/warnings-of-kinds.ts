import { persistentVolumeClaimWarnings } from "./claim-warnings.ts";
import * as network from "./network-warnings.ts";
import * as storage from "./storage-warnings.ts";
import type { Warnings } from "./warnings.ts";
import * as workload from "./workload-warnings.ts";

/**
 * What the writers of Kubernetes' own kinds are warned of, by group and kind, as a kube-apiserver
 * (1.34) warns them.
 */
export const warningsOfKinds: ReadonlyMap<string, Warnings> = new Map([
  ["/Endpoints", network.endpointsWarnings],
  ["/PersistentVolume", storage.persistentVolumeWarnings],
  ["/PersistentVolumeClaim", persistentVolumeClaimWarnings],
  ["/Pod", workload.podObjectWarnings],
  ["/PodTemplate", workload.podTemplateWarnings],
  ["/ReplicationController", workload.namedWorkloadWarnings],
  ["/Service", network.serviceWarnings],
  ["/ServiceAccount", storage.serviceAccountWarnings],
  ["apps/DaemonSet", workload.daemonSetWarnings],
  ["apps/Deployment", workload.namedWorkloadWarnings],
  ["apps/ReplicaSet", workload.namedWorkloadWarnings],
  ["apps/StatefulSet", workload.statefulSetWarnings],
  ["batch/CronJob", workload.cronJobWarnings],
  ["batch/Job", workload.jobWarnings],
  ["discovery.k8s.io/EndpointSlice", network.endpointSliceWarnings],
  ["networking.k8s.io/Ingress", network.ingressWarnings],
  ["networking.k8s.io/NetworkPolicy", network.networkPolicyWarnings],
  ["node.k8s.io/RuntimeClass", storage.runtimeClassWarnings],
  ["storage.k8s.io/CSIStorageCapacity", storage.storageCapacityWarnings],
  ["storage.k8s.io/StorageClass", storage.storageClassWarnings],
]);

/** What the clients of a version are warned of, whatever they do with it. */
export const deprecatedVersions: ReadonlyMap<string, string> = new Map([
  ["/v1 Endpoints", "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"],
]);
