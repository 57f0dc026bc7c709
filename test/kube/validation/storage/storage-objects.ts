/** Objects of storage that Kubernetes takes, to be spoilt by tests. */

import type { KubeObject } from "../../../../shared/kube/served-kind.ts";
import type { Json } from "../../../../shared/lib/kube-object.ts";

export type Fields = Readonly<Record<string, Json>>;

function objectOf(apiVersion: string, kind: string, content: Fields): KubeObject {
  return { apiVersion, kind, metadata: { name: "disk" }, ...content };
}

/** The fields with the changes over them; null takes a field away. */
function changed(fields: Fields, changes: Fields): Fields {
  const all = Object.entries({ ...fields, ...changes });
  return Object.fromEntries(all.filter(([, value]) => value !== null));
}

export function claim(spec: Fields = {}, more: Fields = {}): KubeObject {
  const least = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "8Gi" } } };
  return objectOf("v1", "PersistentVolumeClaim", { spec: changed(least, spec), ...more });
}

export function volume(spec: Fields = {}, more: Fields = {}): KubeObject {
  const least = {
    accessModes: ["ReadWriteOnce"],
    capacity: { storage: "8Gi" },
    hostPath: { path: "/data" },
  };
  return objectOf("v1", "PersistentVolume", { spec: changed(least, spec), ...more });
}

export function storageClass(fields: Fields = {}): KubeObject {
  const least = { provisioner: "disk.csi.azure.com" };
  return objectOf("storage.k8s.io/v1", "StorageClass", changed(least, fields));
}

export function csiDriver(spec: Fields = {}): KubeObject {
  return objectOf("storage.k8s.io/v1", "CSIDriver", { spec });
}

export function csiNode(...drivers: readonly Json[]): KubeObject {
  return objectOf("storage.k8s.io/v1", "CSINode", { spec: { drivers } });
}

export function attachment(spec: Fields = {}): KubeObject {
  const least = {
    attacher: "disk.csi.azure.com",
    nodeName: "node-1",
    source: { persistentVolumeName: "disk" },
  };
  return objectOf("storage.k8s.io/v1", "VolumeAttachment", { spec: changed(least, spec) });
}
