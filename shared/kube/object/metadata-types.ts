import type { Json, JsonObject } from "../../lib/kube-object.ts";
import { fieldsOf, isArray, isObject } from "../json.ts";
import { badRequest } from "../status-error.ts";
import { goTimeError } from "./go-time.ts";

type FieldType = "string" | "int64" | "map[string]string" | "[]string" | "objects";

/** Read by Go itself, in words of its own. */
const times: readonly string[] = ["creationTimestamp", "deletionTimestamp"];

/** The types of `metav1.ObjectMeta`, as Go names them. */
const types: Readonly<Record<string, FieldType>> = {
  name: "string",
  generateName: "string",
  namespace: "string",
  uid: "string",
  resourceVersion: "string",
  generation: "int64",
  deletionGracePeriodSeconds: "int64",
  labels: "map[string]string",
  annotations: "map[string]string",
  finalizers: "[]string",
  ownerReferences: "objects",
  managedFields: "objects",
};

const goTypes: Readonly<Record<string, string>> = {
  uid: "types.UID",
  ownerReferences: "[]v1.OwnerReference",
  managedFields: "[]v1.ManagedFieldsEntry",
};

export interface TypedMetadata {
  /** "ConfigMap" */
  readonly kind: string;
  /** "v1": what the sentence says of the version. */
  readonly version: string;
  /** Kubernetes' own kinds are read as a whole, so their fields have longer names. */
  readonly isBuiltIn: boolean;
}

/**
 * Throws 400, in the words of Go's JSON decoder, for metadata whose fields have wrong types: no
 * object is made of it, so there is nothing to validate.
 */
export function checkMetadataTypes(
  metadata: Json,
  of: TypedMetadata,
): asserts metadata is JsonObject {
  if (!isObject(metadata)) {
    const where = of.isBuiltIn ? `struct field ${of.kind}.metadata` : "value";
    throw cannotRead(metadata, `${where} of type v1.ObjectMeta`, of);
  }
  for (const [name, value] of fieldsOf(metadata)) checkField(name, value, of);
}

function checkField(name: string, value: Json, of: TypedMetadata): void {
  if (times.includes(name)) checkTime(value, of);
  const type = Object.hasOwn(types, name) ? types[name] : undefined;
  const wrong = type === undefined || value === null ? undefined : wrongPart(value, type);
  if (wrong === undefined) return;
  const path = of.isBuiltIn ? `metadata.${name}` : name;
  const goType = wrong.isElement ? "string" : (goTypes[name] ?? type);
  throw cannotRead(wrong.value, `struct field ObjectMeta.${path} of type ${goType}`, of);
}

function checkTime(value: Json, { kind, version }: TypedMetadata): void {
  if (value === null) return;
  const because =
    typeof value === "string"
      ? goTimeError(value)
      : `json: cannot unmarshal ${goTypeName(value)} into Go value of type string`;
  if (because === undefined) return;
  throw badRequest(`${kind} in version "${version}" cannot be handled as a ${kind}: ${because}`);
}

interface WrongPart {
  readonly value: Json;
  /** An entry of the field, not the field. */
  readonly isElement: boolean;
}

function wrongPart(value: Json, type: FieldType): WrongPart | undefined {
  switch (type) {
    case "string":
      return typeof value === "string" ? undefined : { value, isElement: false };
    case "int64":
      return Number.isInteger(value) ? undefined : { value, isElement: false };
    case "map[string]string":
      return isObject(value) ? wrongElement(fieldsOf(value).map(([, each]) => each)) : whole(value);
    case "[]string":
      return isArray(value) ? wrongElement(value) : whole(value);
    case "objects":
      return isArray(value) && value.every(isObject) ? undefined : whole(value);
  }
}

function whole(value: Json): WrongPart {
  return { value, isElement: false };
}

function wrongElement(values: readonly Json[]): WrongPart | undefined {
  const wrong = values.find((each) => typeof each !== "string" && each !== null);
  return wrong === undefined ? undefined : { value: wrong, isElement: true };
}

function cannotRead(value: Json, where: string, { kind, version }: TypedMetadata): Error {
  return badRequest(
    `${kind} in version "${version}" cannot be handled as a ${kind}: ` +
      `json: cannot unmarshal ${goTypeName(value)} into Go ${where}`,
  );
}

/** What Go's JSON decoder calls a value. */
export function goTypeName(value: Json): string {
  if (isArray(value)) return "array";
  if (typeof value === "boolean") return "bool";
  return value === null ? "null" : typeof value;
}
