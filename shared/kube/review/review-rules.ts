import type { JsonObject } from "../../lib/kube-object.ts";
import { invalidValue } from "../field-errors.ts";
import { arrayOf, fieldsOf, isObject, objectOf, omit, textOf } from "../json.ts";
import type { FieldError } from "../served-kind.ts";
import type { ReviewKind } from "./review-kinds.ts";

/** What is wrong with a review, in Kubernetes' words. */
export function reviewErrors(
  { kind }: ReviewKind,
  review: JsonObject,
  namespace: string | undefined,
): readonly FieldError[] {
  const spec = objectOf(review["spec"]);
  switch (kind) {
    case "SelfSubjectReview":
    case "SelfSubjectRulesReview":
    case "TokenReview":
      return [];
    case "SelfSubjectAccessReview":
      return [...attributesErrors(spec), ...metadataErrors(review, [], "must be empty")];
    case "SubjectAccessReview":
      return [
        ...attributesErrors(spec),
        ...userErrors(spec),
        ...metadataErrors(review, [], "must be empty"),
      ];
    case "LocalSubjectAccessReview":
      return [
        ...attributesErrors(spec),
        ...userErrors(spec),
        ...metadataErrors(review, ["namespace"], "must be empty except for namespace"),
        ...placeErrors(spec, namespace ?? ""),
      ];
  }
}

function attributesErrors(spec: JsonObject): readonly FieldError[] {
  const { resourceAttributes, nonResourceAttributes } = spec;
  const isOnResource = isObject(resourceAttributes);
  if (isOnResource && isObject(nonResourceAttributes)) {
    const because = "cannot be specified in combination with resourceAttributes";
    return [invalidValue("spec.nonResourceAttributes", nonResourceAttributes, because)];
  }
  if (isOnResource || isObject(nonResourceAttributes)) return [];
  const because = "exactly one of nonResourceAttributes or resourceAttributes must be specified";
  return [invalidValue("spec.resourceAttributes", null, because)];
}

function userErrors({ user, groups }: JsonObject): readonly FieldError[] {
  if ((textOf(user) ?? "") !== "" || arrayOf(groups).length > 0) return [];
  return [invalidValue("spec.user", "", "at least one of user or group must be specified")];
}

/** Nobody keeps a review, so it has no metadata. */
function metadataErrors(
  review: JsonObject,
  allowed: readonly string[],
  because: string,
): readonly FieldError[] {
  const metadata = objectOf(review["metadata"]);
  const given = fieldsOf(omit(metadata, [...allowed, "managedFields"]));
  const isEmpty = given.every(([, value]) => value === null || value === "");
  return isEmpty ? [] : [invalidValue("metadata", metadata, because)];
}

function placeErrors(spec: JsonObject, namespace: string): readonly FieldError[] {
  const { resourceAttributes, nonResourceAttributes } = spec;
  if (isObject(nonResourceAttributes)) {
    const because = "disallowed on this kind of request";
    return [invalidValue("spec.nonResourceAttributes", nonResourceAttributes, because)];
  }
  const given = textOf(objectOf(resourceAttributes)["namespace"]) ?? "";
  if (given === namespace) return [];
  const because = "must match metadata.namespace";
  return [invalidValue("spec.resourceAttributes.namespace", given, because)];
}
