import type { Json, JsonObject } from "../../../lib/kube-object.ts";
import { forbiddenField, invalidValue } from "../../field-errors.ts";
import { arrayOf, at, isObject, objectOf, omit, textOf } from "../../json.ts";
import type { FieldError, KubeObject } from "../../served-kind.ts";
import { meansTheSame, withDefaults } from "../same-meaning.ts";
import { isThere } from "../zero-values.ts";
import { persistentVolumeSources } from "./persistent-volume-source.ts";

/** What sources are when nothing is said, so that to say it is no change. */
const defaults: Readonly<Record<string, JsonObject>> = {
  azureDisk: { cachingMode: "ReadWrite", fsType: "ext4", kind: "Shared" },
  iscsi: { iscsiInterface: "default" },
  rbd: { keyring: "/etc/ceph/keyring", pool: "rbd", user: "admin" },
  scaleIO: { fsType: "xfs", storageMode: "ThinProvisioned" },
};

/** Where the bytes of a volume are stays as it was. */
export function fixedSource(volume: KubeObject, before?: KubeObject): readonly FieldError[] {
  if (before === undefined) return [];
  const [now, then] = [volume, before].map((each) => sourceOf(at(each, "spec")));
  if (meansTheSame(now, then) || meansTheSame(withoutLateSecret(now, then), then)) return [];
  const because = "spec.persistentvolumesource is immutable after creation";
  return [forbiddenField("spec.persistentvolumesource", because)];
}

function sourceOf(spec: Json | undefined): JsonObject {
  const there = persistentVolumeSources.filter(({ field }) => isThere(spec, field));
  return Object.fromEntries(
    there.map(({ field }) => {
      const source = at(spec, field) ?? null;
      return [field, isObject(source) ? withDefaults(source, defaults[field] ?? {}) : source];
    }),
  );
}

/** The secret that a driver needs to grow a volume can be given later. */
function withoutLateSecret(now: JsonObject | undefined, then: JsonObject | undefined): JsonObject {
  const source = objectOf(now);
  if (!isThere(then, "csi") || isThere(at(then, "csi"), "controllerExpandSecretRef")) return source;
  return { ...source, csi: omit(objectOf(source["csi"]), ["controllerExpandSecretRef"]) };
}

/** Labels of nodes that were beta once, by what they are called now. */
const renamed: ReadonlyMap<string, string> = new Map([
  ["beta.kubernetes.io/arch", "kubernetes.io/arch"],
  ["beta.kubernetes.io/instance-type", "node.kubernetes.io/instance-type"],
  ["beta.kubernetes.io/os", "kubernetes.io/os"],
  ["failure-domain.beta.kubernetes.io/region", "topology.kubernetes.io/region"],
  ["failure-domain.beta.kubernetes.io/zone", "topology.kubernetes.io/zone"],
]);

/** The nodes that reach a volume stay the same once they are told; their labels may be renamed. */
export function fixedNodeAffinity(volume: KubeObject, before?: KubeObject): readonly FieldError[] {
  const now = at(volume, "spec", "nodeAffinity");
  const then = at(before, "spec", "nodeAffinity");
  if (then === undefined || then === null) return [];
  if (meansTheSame(withLabelsOfToday(now), withLabelsOfToday(then))) return [];
  const because = "field is immutable, except for updating from beta label to GA";
  return [invalidValue("nodeAffinity", now ?? null, because)];
}

function withLabelsOfToday(affinity: Json | undefined): Json {
  const terms = arrayOf(at(affinity, "required", "nodeSelectorTerms")).map(objectOf);
  return terms.map((term) => ({
    ...term,
    matchExpressions: arrayOf(term["matchExpressions"]).map((each) => {
      const key = textOf(at(each, "key")) ?? "";
      return { ...objectOf(each), key: renamed.get(key) ?? key };
    }),
  }));
}
