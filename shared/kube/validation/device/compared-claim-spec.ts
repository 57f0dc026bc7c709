import type { Json, JsonObject } from "../../../lib/kube-object.ts";
import { isArray, isObject, objectOf } from "../../json.ts";
import { withDefaults } from "../same-meaning.ts";

/**
 * The spec of a ResourceClaim with what a kube-apiserver writes into fields that are absent, so
 * that to say it is no change.
 */
export function comparedClaimSpec(spec: Json | undefined): JsonObject {
  const given = objectOf(spec);
  const devices = objectOf(given["devices"]);
  return { ...given, devices: { ...devices, ...withList(devices, "requests", requestOf) } };
}

type Change = (item: JsonObject) => JsonObject;

/** The list of that name, with each of its items changed. */
function withList(object: JsonObject, name: string, change: Change): JsonObject {
  const list = object[name];
  if (!isArray(list)) return {};
  return { [name]: list.map((item) => (isObject(item) ? change(item) : item)) };
}

function requestOf(request: JsonObject): JsonObject {
  const { exactly } = request;
  return {
    ...request,
    ...(isObject(exactly) && { exactly: devicesOf(exactly) }),
    ...withList(request, "firstAvailable", devicesOf),
  };
}

function devicesOf(request: JsonObject): JsonObject {
  const counted = withDefaults(request, { allocationMode: "ExactCount" });
  const isCounted = counted["allocationMode"] === "ExactCount";
  return {
    ...counted,
    ...(isCounted && { count: counted["count"] || 1 }),
    ...withList(counted, "tolerations", (each) => withDefaults(each, { operator: "Equal" })),
  };
}
