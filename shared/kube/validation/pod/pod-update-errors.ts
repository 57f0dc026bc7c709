import type { Json, JsonObject } from "../../../lib/kube-object.ts";
import { errorsOfItems } from "../../errors-of-items.ts";
import { forbiddenField, invalidValue, requiredValue } from "../../field-errors.ts";
import { arrayOf, at, isString, objectOf, omit } from "../../json.ts";
import type { FieldError, KubeObject } from "../../served-kind.ts";
import { isSamePodTemplate } from "../batch/same-pod-template.ts";
import { isSet, textOrEmpty } from "../zero-values.ts";
import { comparedPodSpec } from "./compared-pod-spec.ts";
import { gatedPodErrors } from "./gated-pod-errors.ts";
import { tolerationsRule } from "./tolerations-rule.ts";

const int32Max = 2 ** 31 - 1;

/** In the order in which a kube-apiserver tells them. */
const mutable = [
  "`spec.containers[*].image`",
  "`spec.initContainers[*].image`",
  "`spec.activeDeadlineSeconds`",
  "`spec.tolerations` (only additions to existing tolerations)",
  "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)",
].join(",");

/**
 * What an update of a Pod may not do. A pod is made once, and few of its fields still change; what
 * has changed is not told, only which fields may.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/pods/#pod-update-and-replacement
 */
export function podUpdateErrors(pod: KubeObject, before: KubeObject): readonly FieldError[] {
  const [spec, old] = [objectOf(pod["spec"]), objectOf(before["spec"])];
  const told: FieldError[] = [];
  for (const check of checks) {
    const { errors, isLast } = check(spec, old);
    told.push(...errors);
    if (isLast) break;
  }
  return told;
}

interface Checked {
  readonly errors: readonly FieldError[];
  /** A kube-apiserver says no more then. */
  readonly isLast?: boolean;
}

type Check = (spec: JsonObject, old: JsonObject) => Checked;

const checks: readonly Check[] = [
  (spec, old) => containerErrors("containers", spec, old),
  (spec, old) => containerErrors("initContainers", spec, old),
  deadlineErrors,
  (spec, old) => ({ errors: tolerationErrors(spec, old) }),
  (spec, old) => ({ errors: gateErrors(spec, old) }),
  (spec, old) => ({ errors: isGated(old) ? gatedPodErrors(spec, old) : [] }),
  (spec, old) => ({ errors: otherErrors(spec, old) }),
];

function containerErrors(name: string, spec: JsonObject, old: JsonObject): Checked {
  const containers = arrayOf(spec[name]);
  const path = `spec.${name}`;
  if (containers.length !== arrayOf(old[name]).length) {
    const because = "pod updates may not add or remove containers";
    return { errors: [forbiddenField(path, because)], isLast: true };
  }
  return {
    errors: errorsOfItems(containers, (each, index) =>
      imageErrors(at(each, "image"), `${path}[${index}].image`),
    ),
  };
}

function imageErrors(image: Json | undefined, path: string): readonly FieldError[] {
  const name = textOrEmpty(image);
  if (name === "") return [requiredValue(path)];
  const isTrimmed = name === undefined || name.trim() === name;
  return isTrimmed
    ? []
    : [invalidValue(path, name, "must not have leading or trailing whitespace")];
}

/** It is set late, or comes nearer. */
function deadlineErrors(spec: JsonObject, old: JsonObject): Checked {
  const path = "spec.activeDeadlineSeconds";
  const [seconds = null, former] = [spec["activeDeadlineSeconds"], old["activeDeadlineSeconds"]];
  if (seconds === null) {
    const because = "must not update from a positive integer to nil value";
    return { errors: isSet(former) ? [invalidValue(path, null, because)] : [] };
  }
  if (typeof seconds !== "number") return { errors: [] };
  if (seconds < 0 || seconds > int32Max) {
    const because = `must be between 0 and ${int32Max}, inclusive`;
    return { errors: [invalidValue(path, seconds, because)], isLast: true };
  }
  if (typeof former !== "number" || former >= seconds) return { errors: [] };
  const because = "must be less than or equal to previous value";
  return { errors: [invalidValue(path, seconds, because)], isLast: true };
}

function tolerationErrors(spec: JsonObject, old: JsonObject): readonly FieldError[] {
  const path = "spec.tolerations";
  const kept = new Set(arrayOf(spec["tolerations"]).map(tolerated));
  if (arrayOf(old["tolerations"]).every((each) => kept.has(tolerated(each)))) {
    return tolerationsRule(spec["tolerations"], path);
  }
  const because = "existing toleration can not be modified except its tolerationSeconds";
  return [forbiddenField(path, because)];
}

/** What a toleration is about, whatever time it gives. */
function tolerated(toleration: Json): string {
  const names = ["key", "operator", "value", "effect"];
  return JSON.stringify(names.map((name) => at(toleration, name) ?? ""));
}

/** Gates are taken away, until the pod is scheduled. */
function gateErrors(spec: JsonObject, old: JsonObject): readonly FieldError[] {
  const known = new Set(arrayOf(old["schedulingGates"]).map((gate) => at(gate, "name") ?? ""));
  return errorsOfItems(arrayOf(spec["schedulingGates"]), (gate, index) => {
    const name = at(gate, "name") ?? "";
    if (!isString(name) || known.has(name)) return [];
    const because = `only deletion is allowed, but found new scheduling gate '${name}'`;
    return [forbiddenField(`spec.schedulingGates[${index}].name`, because)];
  });
}

function isGated(old: JsonObject): boolean {
  return arrayOf(old["schedulingGates"]).length > 0;
}

function otherErrors(spec: JsonObject, old: JsonObject): readonly FieldError[] {
  const [now, then] = [spec, old].map((each) => comparedPodSpec(each, isGated(old)));
  if (isSamePodTemplate(now, then)) return [];
  const [grace, former] = [spec, old].map((each) => each["terminationGracePeriodSeconds"]);
  const isMended = grace === 1 && typeof former === "number" && former < 0;
  const without = ["terminationGracePeriodSeconds"];
  if (isMended && isSamePodTemplate(omit(now ?? {}, without), omit(then ?? {}, without))) return [];
  return [forbiddenField("spec", `pod updates may not change fields other than ${mutable}`)];
}
