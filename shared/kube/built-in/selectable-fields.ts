/**
 * What Kubernetes' own kinds are selected by besides their names, where more than a path is to be
 * said: a field that is absent is selected by its default, as if it were set.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/field-selectors/
 */
import type { Json, JsonObject } from "../../lib/kube-object.ts";
import { arrayOf, at } from "../json.ts";
import type { SelectableField } from "../selector/selectable-field.ts";

/** `field("status.replicas", 0)` */
function field(path: string, absent: Json): SelectableField {
  const names = path.split(".");
  return { path, read: (object) => at(object, ...names) ?? absent };
}

function nodeName(object: JsonObject): Json | undefined {
  return at(object, "spec", "nodeName");
}

export const podFields: readonly (string | SelectableField)[] = [
  "spec.nodeName",
  // What it was called once.
  { path: "spec.host", read: nodeName },
  field("spec.restartPolicy", "Always"),
  field("spec.schedulerName", "default-scheduler"),
  "spec.serviceAccountName",
  field("spec.hostNetwork", false),
  field("status.phase", "Pending"),
  {
    path: "status.podIP",
    read: ({ status }) => at(arrayOf(at(status, "podIPs"))[0], "ip") ?? at(status, "podIP"),
  },
  // Known to be a field, and never one with a value.
  { path: "status.podIPs", read: () => undefined },
  "status.nominatedNodeName",
];

export const serviceFields: readonly (string | SelectableField)[] = [
  "spec.clusterIP",
  field("spec.type", "ClusterIP"),
];

export const nodeFields: readonly SelectableField[] = [field("spec.unschedulable", false)];

export const replicationControllerFields: readonly SelectableField[] = [
  field("status.replicas", 0),
];

/** Not the name that the status has for it. */
export const jobFields: readonly SelectableField[] = [
  { path: "status.successful", read: ({ status }) => at(status, "succeeded") ?? 0 },
];

/** Of Events in the core group. */
export const eventSource: SelectableField = {
  path: "source",
  read: (event) => at(event, "source", "component") || at(event, "reportingComponent"),
};
