import type { Json, JsonObject } from "../../lib/kube-object.ts";
import { readObject } from "../http/request-body.ts";
import { isObject, isString } from "../json.ts";
import { apiVersionOf } from "../kinds.ts";
import type { KubeObject } from "../served-kind.ts";
import { badRequest } from "../status-error.ts";
import type { ResourceRequest } from "./resource-request.ts";

/** The object that a POST or PUT carries. Throws 400 for one that the path does not fit. */
export async function incomingObject(request: ResourceRequest): Promise<KubeObject> {
  return checkedObject(await readObject(request.request), request);
}

/**
 * The value as an object of the requested kind, version, namespace and name; what it leaves out is
 * taken from the path.
 */
export function checkedObject(value: Json | undefined, request: ResourceRequest): KubeObject {
  if (!isObject(value)) throw badRequest("the body must be an object");
  const { kind, version } = request;
  const apiVersion = apiVersionOf(kind, version.name);
  const given = { apiVersion: value["apiVersion"], kind: value["kind"] };
  if (isSet(given.apiVersion) && given.apiVersion !== apiVersion) {
    throw badRequest(
      `the API version in the data (${String(given.apiVersion)}) does not match the expected API ` +
        `version (${apiVersion})`,
    );
  }
  if (isSet(given.kind) && given.kind !== kind.kind) {
    throw badRequest(
      `${String(given.kind)} in version "${version.name}" cannot be handled as a ${kind.kind}`,
    );
  }
  const metadata = value["metadata"] ?? {};
  if (!isObject(metadata)) throw badRequest("metadata must be an object");
  return { ...value, apiVersion, kind: kind.kind, metadata: placed(metadata, request) };
}

function placed(metadata: JsonObject, { kind, namespace, name }: ResourceRequest): JsonObject {
  const { namespace: given, ...rest } = metadata;
  if (isSet(given) && kind.namespaced && given !== namespace) {
    throw badRequest(
      "the namespace of the provided object does not match the namespace sent on the request",
    );
  }
  if (name !== undefined && isSet(rest["name"]) && rest["name"] !== name) {
    throw badRequest(
      `the name of the object (${String(rest["name"])}) does not match the name on the URL ` +
        `(${name})`,
    );
  }
  return {
    ...rest,
    ...(name !== undefined && { name }),
    ...(kind.namespaced && namespace !== undefined && { namespace }),
  };
}

function isSet(value: Json | undefined): boolean {
  return value !== undefined && value !== null && (!isString(value) || value !== "");
}
