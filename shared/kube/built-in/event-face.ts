import type { Json, JsonObject } from "../../lib/kube-object.ts";
import { fieldsOf } from "../json.ts";
import type { KubeObject } from "../served-kind.ts";

/** What the group events.k8s.io calls the fields of an Event of the core group. */
const names: Readonly<Record<string, string>> = {
  involvedObject: "regarding",
  message: "note",
  reportingComponent: "reportingController",
  source: "deprecatedSource",
  firstTimestamp: "deprecatedFirstTimestamp",
  lastTimestamp: "deprecatedLastTimestamp",
  count: "deprecatedCount",
};

const coreNames: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(names).map(([core, other]) => [other, core]),
);

/**
 * An Event of the core group as events.k8s.io/v1 shows it: the same object under other names.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/
 */
export function toEventFace(event: KubeObject): KubeObject {
  return renamed(event, names);
}

/** An Event of events.k8s.io/v1 as the core group keeps it. */
export function fromEventFace(event: KubeObject): KubeObject {
  return renamed(event, coreNames);
}

function renamed(object: JsonObject, to: Readonly<Record<string, string>>): KubeObject {
  const fields = fieldsOf(object).map(([name, value]): [string, Json] => [
    Object.hasOwn(to, name) ? (to[name] ?? name) : name,
    value,
  ]);
  return Object.fromEntries(fields) as unknown as KubeObject;
}
