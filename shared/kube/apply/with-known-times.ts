import { arrayOf, at, isObject, jsonEquals, omit } from "../json.ts";
import type { KubeObject } from "../served-kind.ts";

/**
 * The object as it is to be saved: the live one where nothing but times of its managers differs,
 * say because a default fills in again what an apply leaves out of an atomic list. A kube-apiserver
 * takes such times back after admission, too.
 */
export function withKnownTimes(object: KubeObject, live: KubeObject): KubeObject {
  return jsonEquals(withoutTimes(object), withoutTimes(live)) ? live : object;
}

function withoutTimes(object: KubeObject): KubeObject {
  const managedFields = arrayOf(at(object, "metadata", "managedFields")).map((entry) =>
    isObject(entry) ? omit(entry, ["time"]) : entry,
  );
  return { ...object, metadata: { ...object.metadata, managedFields } };
}
