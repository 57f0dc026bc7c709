import type { Json } from "../../../lib/kube-object.ts";
import { forbiddenField, invalidValue, unsupportedValue } from "../../field-errors.ts";
import { arrayOf, at, isObject, objectOf } from "../../json.ts";
import { annotationErrors, labelErrors } from "../../object/label-rules.ts";
import { labelsOf } from "../../object/to-object.ts";
import { matchesLabels } from "../../selector/label-selector.ts";
import { requirementsOf } from "../../selector/label-selector-object.ts";
import type { FieldError } from "../../served-kind.ts";
import { all, fields, type Rule, struct } from "../rule.ts";
import { podSpecRule } from "./pod-spec-rule.ts";

/**
 * A `core/v1 PodTemplateSpec`: "spec.template". What is wrong with its labels is told without
 * "metadata" in the path, as a kube-apiserver does.
 */
export const podTemplateRule: Rule = all(
  templateMetadataRule,
  struct({ spec: podSpecRule }),
  (value, path) =>
    arrayOf(at(value, "spec", "ephemeralContainers")).length === 0
      ? []
      : [
          forbiddenField(
            `${path}.spec.ephemeralContainers`,
            "ephemeral containers not allowed in pod template",
          ),
        ],
);

/** The labels and annotations of a pod template, without its spec. */
export function templateMetadataRule(value: Json | undefined, path: string): readonly FieldError[] {
  const metadata = at(value, "metadata");
  return [
    ...labelErrors(at(metadata, "labels"), `${path}.labels`),
    ...annotationErrors(at(metadata, "annotations"), `${path}.annotations`),
  ];
}

/** The pods that a workload makes must be its own: its selector selects its template's labels. */
export const selectedTemplateRule: Rule = (spec, path) => {
  const selector = at(spec, "selector");
  const labels = at(spec, "template", "metadata", "labels");
  const requirements = isObject(selector) ? requirementsOf(selector) : [];
  if (requirements === undefined) {
    return [invalidValue(`${path}.selector`, selector ?? null, "invalid label selector")];
  }
  // No selector at all selects nothing, whatever the labels are.
  const isSelected =
    isObject(selector) && matchesLabels(requirements, labelsOf(objectOf(at(spec, "template"))));
  if (isSelected) return [];
  const because = "`selector` does not match template `labels`";
  return [invalidValue(`${path}.template.metadata.labels`, labels ?? null, because)];
};

/** Pods that a workload keeps running start again, and have no end. */
export function keptRunning(kind: string): Rule {
  return fields({
    spec: fields({
      restartPolicy: (value, path) =>
        value === undefined || value === "" || value === "Always"
          ? []
          : [unsupportedValue(path, value, ["Always"])],
      activeDeadlineSeconds: (value, path) =>
        value === undefined
          ? []
          : [forbiddenField(path, `activeDeadlineSeconds in ${kind} is not Supported`)],
    }),
  });
}
