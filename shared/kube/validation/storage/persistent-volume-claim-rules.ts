import type { Json, JsonObject } from "../../../lib/kube-object.ts";
import { forbiddenField, invalidValue } from "../../field-errors.ts";
import { at, isObject, objectOf, omit, textOf } from "../../json.ts";
import type { FieldError, KubeObject } from "../../served-kind.ts";
import { canonicalQuantity } from "../canonical-quantity.ts";
import { type ObjectRule, objectRule, struct } from "../rule.ts";
import { meansTheSame } from "../same-meaning.ts";
import { claimSpecRule } from "./claim-spec-rule.ts";
import { comparedClaimSpec } from "./compared-claim-spec.ts";
import { fixedVolumeMode } from "./volume-mode.ts";

/** Named the class of a claim before `storageClassName` did. */
const classAnnotation = "volume.beta.kubernetes.io/storage-class";

/**
 * A `core/v1 PersistentVolumeClaim`. After creation its size and its attributes' class may change,
 * as those of a claim that is bound: a claim of a fleet is bound in its members, not here.
 *
 * @see https://kubernetes.io/docs/concepts/storage/persistent-volumes/#persistentvolumeclaims
 */
export const persistentVolumeClaimRules: ObjectRule = objectRule(
  struct({ spec: (value, path) => claimSpecRule(kept(value), path) }),
  fixedClassAnnotation,
  fixedSpec,
  notBelowCapacity,
  fixedVolumeMode,
);

function kept(spec: Json | undefined): Json | undefined {
  return isObject(spec) ? withBothSources(spec) : spec;
}

/**
 * The spec as a kube-apiserver keeps it: what a claim is filled from is in two fields. The older
 * one holds claims and snapshots alone; of anything else it is emptied.
 */
function withBothSources(given: JsonObject): JsonObject {
  const older = isOldSource(given["dataSource"]) ? given["dataSource"] : undefined;
  const newer = isObject(given["dataSourceRef"]) ? given["dataSourceRef"] : undefined;
  const rest = omit(given, ["dataSource", "dataSourceRef"]);
  const isOfOther = Boolean(textOf(at(newer, "namespace")));
  const dataSource = older ?? (isOfOther ? undefined : newer);
  const dataSourceRef = newer ?? older;
  return {
    ...rest,
    ...(dataSource === undefined ? {} : { dataSource }),
    ...(dataSourceRef === undefined ? {} : { dataSourceRef }),
  };
}

function isOldSource(source: Json | undefined): boolean {
  const group = textOf(at(source, "apiGroup")) ?? "";
  const kind = at(source, "kind");
  if (kind === "PersistentVolumeClaim") return group === "";
  return kind === "VolumeSnapshot" && group === "snapshot.storage.k8s.io";
}

function classAnnotationOf(claim: KubeObject): string | undefined {
  return textOf(at(claim, "metadata", "annotations", classAnnotation));
}

function classNameOf(claim: KubeObject): string | undefined {
  return textOf(at(claim, "spec", "storageClassName"));
}

/** The class moves from the annotation to the field that took its place. */
function isClassMoved(claim: KubeObject, before: KubeObject): boolean {
  const annotated = classAnnotationOf(before);
  if (annotated === undefined || classNameOf(before) !== undefined) return false;
  const now = classAnnotationOf(claim) ?? annotated;
  return classNameOf(claim) === annotated && now === annotated;
}

function fixedClassAnnotation(claim: KubeObject, before?: KubeObject): readonly FieldError[] {
  if (before === undefined || isClassMoved(claim, before)) return [];
  const now = classAnnotationOf(claim) ?? "";
  if (now === (classAnnotationOf(before) ?? "")) return [];
  return [invalidValue(`metadata.annotations.${classAnnotation}`, now, "field is immutable")];
}

/** A claim without a class can get one: the default class, chosen late. */
function mayGetClass(claim: KubeObject, before: KubeObject): boolean {
  if (classNameOf(before) !== undefined) return false;
  return (classAnnotationOf(before) ?? classNameOf(claim)) === classNameOf(claim);
}

function fixedSpec(claim: KubeObject, before?: KubeObject): readonly FieldError[] {
  if (before === undefined) return [];
  const free = ["volumeAttributesClassName"];
  if (!textOf(at(before, "spec", "volumeName"))) free.push("volumeName");
  if (mayGetClass(claim, before)) free.push("storageClassName");
  const [now, then] = [claim, before].map((each) => omit(comparedSpec(each), free));
  const because =
    "spec is immutable after creation except resources.requests and volumeAttributesClassName " +
    "for bound claims";
  return meansTheSame(now, then) ? [] : [forbiddenField("spec", because)];
}

/** A claim's spec without its size. */
function comparedSpec(claim: KubeObject): JsonObject {
  const spec = comparedClaimSpec(withBothSources(objectOf(at(claim, "spec"))));
  const { requests, limits } = objectOf(spec["resources"]);
  const others = { requests: omit(objectOf(requests), ["storage"]), limits: limits ?? {} };
  return { ...spec, resources: others };
}

/** A claim whose growth failed may shrink again, though not to the size that it has. */
function notBelowCapacity(claim: KubeObject, before?: KubeObject): readonly FieldError[] {
  const path = ["spec", "resources", "requests", "storage"] as const;
  const [now, then] = [claim, before].map(
    (each) => canonicalQuantity(at(each, ...path))?.nanos ?? 0n,
  );
  const has = canonicalQuantity(at(before, "status", "capacity", "storage"))?.nanos ?? 0n;
  if (now === undefined || then === undefined || now >= then || now > has) return [];
  return [forbiddenField(path.join("."), "field can not be less than status.capacity")];
}
