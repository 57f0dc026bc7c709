import type { Json, JsonObject } from "../../lib/kube-object.ts";
import { invalidValue, requiredValue, tooLong, tooMany, wrongType } from "../field-errors.ts";
import { fieldsOf, isArray, isObject, isString } from "../json.ts";
import type { FieldError, KubeObject, ServedKind } from "../served-kind.ts";
import { wrongLabelValue, wrongName, wrongQualifiedName } from "./name-rules.ts";

/** All keys and values of an object's annotations together. */
const annotationBytesMax = 256 * 1024;
const finalizersMax = 100;
const ownersMax = 100;

/** What is wrong with an object's metadata, in Kubernetes' words. */
export function metadataErrors(object: KubeObject, kind: ServedKind): readonly FieldError[] {
  const { metadata } = object;
  return [
    ...nameErrors(metadata["name"], kind),
    ...textMapErrors(metadata["labels"], "metadata.labels", labelError),
    ...annotationErrors(metadata["annotations"]),
    ...finalizerErrors(metadata["finalizers"]),
    ...ownerErrors(metadata["ownerReferences"]),
  ];
}

function nameErrors(name: Json | undefined, kind: ServedKind): readonly FieldError[] {
  const field = "metadata.name";
  if (!isString(name) || name === "") {
    return [requiredValue(field, "name or generateName is required")];
  }
  const wrong = wrongName(kind.nameRule ?? "dns-subdomain", name);
  return wrong === undefined ? [] : [invalidValue(field, name, wrong)];
}

type EntryError = (name: string, value: string, field: string) => FieldError | undefined;

function textMapErrors(
  map: Json | undefined,
  field: string,
  errorOf: EntryError,
): readonly FieldError[] {
  if (map === undefined || map === null) return [];
  if (!isObject(map)) return [wrongType(field, "must be a map of strings")];
  return fieldsOf(map).flatMap(([name, value]) => {
    if (!isString(value)) return [wrongType(`${field}.${name}`, "must be a string")];
    const error = errorOf(name, value, field);
    return error === undefined ? [] : [error];
  });
}

const labelError: EntryError = (name, value, field) => {
  const wrongKey = wrongQualifiedName(name);
  if (wrongKey !== undefined) return invalidValue(field, name, wrongKey);
  const wrong = wrongLabelValue(value);
  return wrong === undefined ? undefined : invalidValue(field, value, wrong);
};

function annotationErrors(annotations: Json | undefined): readonly FieldError[] {
  const field = "metadata.annotations";
  let bytes = 0;
  const errors = textMapErrors(annotations, field, (name, value) => {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(value);
    // Keys of annotations are checked as if they were in lower case.
    const wrong = wrongQualifiedName(name.toLowerCase());
    return wrong === undefined ? undefined : invalidValue(field, name, wrong);
  });
  if (bytes <= annotationBytesMax) return errors;
  return [...errors, tooLong(field, annotationBytesMax)];
}

function finalizerErrors(finalizers: Json | undefined): readonly FieldError[] {
  const field = "metadata.finalizers";
  if (finalizers === undefined || finalizers === null) return [];
  if (!isArray(finalizers)) return [wrongType(field, "must be a list of strings")];
  if (finalizers.length > finalizersMax) return [tooMany(field, finalizers.length, finalizersMax)];
  return finalizers.flatMap((finalizer) => {
    if (!isString(finalizer)) return [wrongType(field, "must be a list of strings")];
    const wrong = wrongQualifiedName(finalizer);
    return wrong === undefined ? [] : [invalidValue(field, finalizer, wrong)];
  });
}

function ownerErrors(owners: Json | undefined): readonly FieldError[] {
  const field = "metadata.ownerReferences";
  if (owners === undefined || owners === null) return [];
  if (!isArray(owners)) return [wrongType(field, "must be a list of objects")];
  if (owners.length > ownersMax) return [tooMany(field, owners.length, ownersMax)];
  const errors = owners.flatMap((owner, index) => ownerFieldErrors(owner, `${field}[${index}]`));
  const controllers = owners.filter((owner) => isObject(owner) && owner["controller"] === true);
  if (controllers.length < 2) return errors;
  const only =
    'Only one reference can have Controller set to true. Found "true" in references for ' +
    controllers.map((owner) => JSON.stringify((owner as JsonObject)["name"] ?? "")).join(" and ");
  return [...errors, { field, reason: "FieldValueInvalid", message: `Invalid value: ${only}` }];
}

function ownerFieldErrors(owner: Json, field: string): readonly FieldError[] {
  if (!isObject(owner)) return [wrongType(field, "must be an object")];
  return ["apiVersion", "kind", "name", "uid"]
    .filter((name) => !isString(owner[name]) || owner[name] === "")
    .map((name) => requiredValue(`${field}.${name}`, `${name} must not be empty`));
}
