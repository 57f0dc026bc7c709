import type { Json, JsonObject } from "../../../lib/kube-object.ts";
import { fieldsOf, isArray, isObject, objectOf, omit } from "../../json.ts";
import { canonicalQuantity } from "../canonical-quantity.ts";

/** What changes in a pod, and is looked at by itself. */
const mutable = ["activeDeadlineSeconds", "tolerations", "schedulingGates"];

/**
 * The spec of a pod without what an update may change, and with its quantities in the one way that
 * they are written.
 */
export function comparedPodSpec(spec: JsonObject, isGated: boolean): JsonObject {
  const kept = omit(spec, isGated ? [...mutable, "nodeSelector"] : mutable);
  const { affinity } = kept;
  return {
    ...kept,
    ...containersOf(kept, "containers"),
    ...containersOf(kept, "initContainers"),
    ...(isGated && isObject(affinity) && { affinity: omit(affinity, ["nodeAffinity"]) }),
  };
}

function containersOf(spec: JsonObject, name: string): JsonObject {
  const containers = spec[name];
  return isArray(containers) ? { [name]: containers.map(compared) } : {};
}

function compared(container: Json): Json {
  if (!isObject(container)) return container;
  const { resources, ...kept } = omit(container, ["image"]);
  return isObject(resources) ? { ...kept, resources: comparedResources(resources) } : kept;
}

function comparedResources(resources: JsonObject): JsonObject {
  const [limits, requests] = [resources["limits"], resources["requests"]].map(quantities);
  return {
    ...resources,
    ...(limits !== undefined && { limits }),
    ...(requests !== undefined && { requests }),
  };
}

function quantities(amounts: Json | undefined): JsonObject | undefined {
  if (!isObject(amounts)) return undefined;
  const entries = fieldsOf(amounts).map(([name, amount]): [string, Json] => [
    name,
    canonicalQuantity(amount)?.text ?? amount,
  ]);
  return objectOf(Object.fromEntries(entries));
}
