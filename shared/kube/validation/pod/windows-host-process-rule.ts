import type { JsonObject } from "../../../lib/kube-object.ts";
import { invalidValue } from "../../field-errors.ts";
import { at } from "../../json.ts";
import type { FieldError } from "../../served-kind.ts";
import { type Rule, whole } from "../rule.ts";
import { containersOf } from "./containers-of.ts";

/**
 * Containers that run as processes of a Windows host do so all together, and in its network. A rule
 * for the whole spec of a pod.
 *
 * @see https://kubernetes.io/docs/tasks/configure-pod-container/create-hostprocess-pod/
 */
export const windowsHostProcessRule: Rule = whole((spec, path) => [
  ...contradictions(spec, path),
  ...allOrNone(spec, path),
]);

const hostProcess = ["securityContext", "windowsOptions", "hostProcess"];

function contradictions(spec: JsonObject, path: string): readonly FieldError[] {
  const ofPod = at(spec, ...hostProcess);
  if (typeof ofPod !== "boolean") return [];
  return containersOf(spec, path).flatMap(({ container, where }) => {
    const own = at(container, ...hostProcess);
    if (typeof own !== "boolean" || own === ofPod) return [];
    const because = `pod hostProcess value must be identical if both are specified, was ${ofPod}`;
    return [invalidValue([where, ...hostProcess].join("."), own, because)];
  });
}

function allOrNone(spec: JsonObject, path: string): readonly FieldError[] {
  const ofPod = at(spec, ...hostProcess) === true;
  const containers = containersOf(spec, path);
  const count = containers.filter(({ container }) => {
    const own = at(container, ...hostProcess);
    return own === true || (own !== false && ofPod);
  }).length;
  if (count === 0) return [];
  const errors: FieldError[] = [];
  if (count !== containers.length) {
    const because =
      "If pod contains any hostProcess containers then all containers must be HostProcess " +
      "containers";
    errors.push(invalidValue(path, "", because));
  }
  if (spec["hostNetwork"] !== true) {
    const because = "hostNetwork must be true if pod contains any hostProcess containers";
    errors.push(invalidValue(`${path}.hostNetwork`, false, because));
  }
  return errors;
}
