import type { Json, JsonObject } from "../../lib/kube-object.ts";
import { invalidValue } from "../field-errors.ts";
import type { WriteOptions } from "../http/query-options.ts";
import { readObject, unrecognized } from "../http/request-body.ts";
import { isObject, isString, printed, textOf } from "../json.ts";
import { apiVersionOf, splitApiVersion } from "../kinds.ts";
import { checkMetadataTypes, goTypeName } from "../object/metadata-types.ts";
import { withKnownFields } from "../schema/admit.ts";
import type { KubeObject, ServedKind } from "../served-kind.ts";
import { badRequest, invalid } from "../status-error.ts";
import type { ResourceRequest } from "./resource-request.ts";

/**
 * The object that a POST or PUT carries. Throws 400 for one that cannot be read or that the path
 * does not fit; keys that are there twice are told as warnings, or refused under strict validation;
 * protobuf fields that are not known are told, never refused, as a kube-apiserver skips them.
 */
export async function incomingObject(
  request: ResourceRequest,
  fieldValidation: WriteOptions["fieldValidation"],
  warnings: string[],
): Promise<KubeObject> {
  const { kind, version } = request;
  const { value, duplicates, skipped = [] } = await readObject(request.request, kind.kind);
  const object = typedObject(value, request);
  if (duplicates.length > 0 && fieldValidation === "Strict") {
    const isYaml = duplicates.some((each) => each.startsWith("line "));
    const twice = isYaml ? [`yaml: unmarshal errors:\n  ${duplicates.join("\n  ")}`] : duplicates;
    const unknown: string[] = [];
    withKnownFields({ kind, version, object, fieldValidation: "Warn", warnings: unknown });
    const list = [...twice, ...unknown].join(", ");
    throw cannotBeHandled(kind.kind, version.name, kind, `strict decoding error: ${list}`);
  }
  if (fieldValidation === "Warn") warnings.push(...duplicates);
  if (fieldValidation !== "Ignore") warnings.push(...skipped);
  checkNamed(object, request);
  return placedObject(object, request);
}

/** The value as an object of the requested kind and version. Throws 400 for another. */
export function typedObject(value: Json | undefined, request: ResourceRequest): KubeObject {
  const { kind, version } = request;
  const object = value === null || value === undefined ? {} : value;
  if (!isObject(object)) throw notAnObject(object, kind);
  checkType(object, request);
  const metadata = object["metadata"] ?? {};
  const isBuiltIn = version.mergeShape !== undefined;
  checkMetadataTypes(metadata, { kind: kind.kind, version: version.name, isBuiltIn });
  return { ...object, apiVersion: apiVersionOf(kind, version.name), kind: kind.kind, metadata };
}

/** The object with the namespace and name of the path. Throws 400 when it names others. */
export function placedObject(object: KubeObject, request: ResourceRequest): KubeObject {
  return { ...object, metadata: placed(object.metadata, request) };
}

/** Kubernetes' own kinds may leave their type out; custom resources must name it. */
function checkType(object: JsonObject, request: ResourceRequest): void {
  if (request.version.mergeShape === undefined) checkCustomType(object, request);
  else checkBuiltInType(object, request);
}

function checkCustomType(object: JsonObject, { kind, version }: ResourceRequest): void {
  const wanted = apiVersionOf(kind, version.name);
  const { apiVersion = "", kind: name = "" } = object;
  if (!isSet(name)) throw kindMissing(object, kind);
  if (apiVersion !== wanted) throw wrongVersion(apiVersion ?? "", wanted);
  if (name === kind.kind) return;
  const subject = { kind: printed(name), group: kind.group };
  throw invalid(subject, nameOf(object), [invalidValue("kind", name, `must be ${kind.kind}`)]);
}

function checkBuiltInType(object: JsonObject, { api, kind, version }: ResourceRequest): void {
  const { apiVersion, kind: name } = object;
  const wanted = apiVersionOf(kind, version.name);
  const [group, given] = splitApiVersion(isSet(apiVersion) ? printed(apiVersion) : wanted);
  const givenKind = isSet(name) ? printed(name) : kind.kind;
  if (group === kind.group && given === version.name && givenKind === kind.kind) return;
  const known = api.kinds.findKind(group, givenKind)?.versions ?? [];
  const internal = kind.group === "" ? "core" : (kind.group.split(".")[0] ?? "");
  const because = known.some((each) => each.name === given)
    ? `converting (${given}.${givenKind}) to (${internal}.${kind.kind}): unknown conversion`
    : `no kind "${givenKind}" is registered for version "${apiVersionOf({ group }, given)}" in ` +
      'scheme "pkg/runtime/scheme.go:110"';
  throw cannotBeHandled(givenKind, given, kind, because);
}

function cannotBeHandled(
  given: string,
  version: string,
  { kind }: ServedKind,
  because: string,
): Error {
  return badRequest(`${given} in version "${version}" cannot be handled as a ${kind}: ${because}`);
}

function wrongVersion(given: Json, wanted: string): Error {
  return badRequest(
    `the API version in the data (${printed(given)}) does not match the expected API version ` +
      `(${wanted})`,
  );
}

function kindMissing(object: JsonObject, { kind }: ServedKind): Error {
  const text = JSON.stringify(object);
  return unrecognized(kind, `Object 'Kind' is missing in '${text}'`, Buffer.from(text));
}

function notAnObject(value: Json, { kind }: ServedKind): Error {
  const type =
    'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; ' +
    'Kind string "json:\\"kind,omitempty\\"" }';
  const because =
    "couldn't get version/kind; json parse error: json: cannot unmarshal " +
    `${goTypeName(value)} into Go value of type ${type}`;
  return unrecognized(kind, because, Buffer.from(JSON.stringify(value)));
}

function nameOf(object: JsonObject): string {
  const { metadata } = object;
  return isObject(metadata) ? (textOf(metadata["name"]) ?? "") : "";
}

function placed(metadata: JsonObject, { kind, namespace, name }: ResourceRequest): JsonObject {
  const { namespace: given, ...rest } = metadata;
  if (isSet(given) && kind.namespaced && namespace !== undefined && given !== namespace) {
    throw badRequest(
      "the namespace of the provided object does not match the namespace sent on the request",
    );
  }
  if (name !== undefined && isSet(rest["name"]) && rest["name"] !== name) {
    throw badRequest(
      `the name of the object (${printed(rest["name"])}) does not match the name on the URL ` +
        `(${name})`,
    );
  }
  return {
    ...rest,
    ...(name !== undefined && { name }),
    ...(kind.namespaced && namespace !== undefined && { namespace }),
  };
}

/** Throws 400 for an object that is written by its name and does not say it. */
export function checkNamed(value: Json | undefined, { name }: ResourceRequest): void {
  const object = isObject(value) ? value : {};
  if (name === undefined || nameOf(object) !== "") return;
  throw badRequest(
    `the name of the object (${name} based on URL) was undeterminable: name must be provided`,
  );
}

function isSet(value: Json | undefined): boolean {
  return value !== undefined && value !== null && (!isString(value) || value !== "");
}
