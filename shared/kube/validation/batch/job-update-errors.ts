import type { Json, JsonObject } from "../../../lib/kube-object.ts";
import { invalidValue } from "../../field-errors.ts";
import { arrayOf, at, isArray, isObject, jsonEquals, objectOf, omit } from "../../json.ts";
import type { FieldError, KubeObject } from "../../served-kind.ts";
import { meansTheSame } from "../same-meaning.ts";
import { completionsOf, isIndexed } from "./job-completion-rule.ts";
import { isSamePodTemplate } from "./same-pod-template.ts";

const because = "field is immutable";

/**
 * What an update of a Job may not do. Its pods are made once; only a Job that is suspended may
 * still change where its pods run and what they may use.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/job/#mutable-scheduling-directives
 */
export function jobUpdateErrors(job: KubeObject, before: KubeObject): readonly FieldError[] {
  const [spec, old] = [objectOf(job["spec"]), objectOf(before["spec"])];
  return checks.flatMap((check) => check(spec, old));
}

type SpecChange = (spec: JsonObject, old: JsonObject) => readonly FieldError[];

const checks: readonly SpecChange[] = [
  completionsErrors,
  fixed("selector"),
  templateErrors,
  fixed("completionMode", "NonIndexed"),
  failurePolicyErrors,
  fixed("backoffLimitPerIndex"),
  fixed("managedBy", "kubernetes.io/job-controller"),
  fixed("successPolicy"),
];

/** A field that stays what it was; `unset` is what its absence means. */
function fixed(name: string, unset: Json = null): SpecChange {
  return (spec, old) => {
    const value = spec[name] ?? unset;
    if (meansTheSame(value, old[name] ?? unset)) return [];
    return [invalidValue(`spec.${name}`, value, because)];
  };
}

/**
 * The completions of a Job with indexes may change, together with its parallelism. Those that
 * nobody has said stay what they were, whatever parallelism is said later.
 */
function completionsErrors(spec: JsonObject, old: JsonObject): readonly FieldError[] {
  if ((spec["completions"] ?? old["completions"] ?? null) === null) return [];
  const completions = completionsOf(spec);
  if (jsonEquals(completions, completionsOf(old))) return [];
  if (!isIndexed(spec)) return [invalidValue("spec.completions", completions ?? null, because)];
  if (completions === undefined || completions === (spec["parallelism"] ?? 1)) return [];
  const inTandem = "can only be modified in tandem with spec.parallelism";
  return [invalidValue("spec.completions", completions, inTandem)];
}

function templateErrors(spec: JsonObject, old: JsonObject): readonly FieldError[] {
  const compared = old["suspend"] === true ? withoutDirectives : (template: Json) => template;
  const template = spec["template"] ?? null;
  if (isSamePodTemplate(compared(template), compared(old["template"] ?? null))) return [];
  return [invalidValue("spec.template", template, because)];
}

/** What says which nodes the pods may run on, and what of them they may use. */
function withoutDirectives(template: Json): Json {
  if (!isObject(template)) return template;
  const pod = objectOf(template["spec"]);
  return {
    ...template,
    metadata: omit(objectOf(template["metadata"]), ["labels", "annotations"]),
    spec: {
      ...omit(pod, ["nodeSelector", "tolerations", "schedulingGates"]),
      affinity: omit(objectOf(pod["affinity"]), ["nodeAffinity"]),
      containers: withoutResources(pod["containers"]),
      initContainers: withoutResources(pod["initContainers"]),
    },
  };
}

function withoutResources(containers: Json | undefined): Json {
  return arrayOf(containers).map((container) =>
    isObject(container) ? omit(container, ["resources"]) : container,
  );
}

function failurePolicyErrors(spec: JsonObject, old: JsonObject): readonly FieldError[] {
  const policy = spec["podFailurePolicy"] ?? null;
  const before = old["podFailurePolicy"] ?? null;
  if (meansTheSame(withStatuses(policy), withStatuses(before))) return [];
  return [invalidValue("spec.podFailurePolicy", policy, because)];
}

/** The status of a pod's condition is "True" when it is left out. */
function withStatuses(policy: Json): Json {
  const rules = at(policy, "rules");
  if (!isArray(rules)) return policy;
  const told = rules.map((rule) => {
    const conditions = at(rule, "onPodConditions");
    if (!isArray(conditions)) return rule;
    const onPodConditions = conditions.map((each) => ({
      ...objectOf(each),
      status: at(each, "status") || "True",
    }));
    return { ...objectOf(rule), onPodConditions };
  });
  return { ...objectOf(policy), rules: told };
}
