import type { JsonObject } from "../../../lib/kube-object.ts";
import { invalidValue, requiredValue } from "../../field-errors.ts";
import { at, isObject, objectOf, textOf } from "../../json.ts";
import { labelsOf } from "../../object/to-object.ts";
import { matchesLabels } from "../../selector/label-selector.ts";
import { requirementsOf } from "../../selector/label-selector-object.ts";
import type { FieldError, KubeObject } from "../../served-kind.ts";
import { labelSelectorErrors } from "../label-selector-rules.ts";

/** What a kube-apiserver adds to the pods of a Job whose selector it makes itself. */
const uidLabels = ["controller-uid", "batch.kubernetes.io/controller-uid"];
const nameLabels = ["job-name", "batch.kubernetes.io/job-name"];

type Labels = Readonly<Record<string, string>>;

/**
 * A new Job without `manualSelector` is given its selector, so it may not bring another one. The
 * labels with uids are let pass: they are those of the cluster that an object comes from, and are
 * left out where it is placed.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/job/
 */
export function generatedSelectorErrors(job: KubeObject): readonly FieldError[] {
  if (isManual(job)) return [];
  const selector = at(job, "spec", "selector");
  const name = textOf(job.metadata["name"]) ?? "";
  const labels = at(job, "spec", "template", "metadata", "labels");
  const isGenerated = !isObject(selector) || isMatch(selector, generatedLabels(job), true);
  return [
    ...nameLabels
      .filter((label) => ![undefined, name].includes(textOf(at(labels, label))))
      .map((label) =>
        invalidValue(
          `spec.template.metadata.labels[${label}]`,
          labels ?? null,
          `must be '${name}'`,
        ),
      ),
    ...(isGenerated
      ? []
      : [invalidValue("spec.selector", selector, "`selector` not auto-generated")]),
  ];
}

/** A Job's selector must be a good one that selects its own pods. */
export function selectorErrors(job: KubeObject): readonly FieldError[] {
  const selector = at(job, "spec", "selector");
  const isOwn = isManual(job);
  if (selector === undefined) {
    return isOwn ? [requiredValue("spec.selector"), notSelected(job)] : [];
  }
  if (!isObject(selector)) return [];
  const labels = labelsOf(objectOf(at(job, "spec", "template")));
  const isSelected = isOwn
    ? isMatch(selector, labels, false)
    : isMatch(selector, { ...labels, ...generatedLabels(job) }, true);
  return [
    ...labelSelectorErrors(selector, "spec.selector"),
    ...(isSelected ? [] : [notSelected(job)]),
  ];
}

function notSelected(job: KubeObject): FieldError {
  const labels = at(job, "spec", "template", "metadata", "labels") ?? null;
  const because = "`selector` does not match template `labels`";
  return invalidValue("spec.template.metadata.labels", labels, because);
}

function isManual(job: KubeObject): boolean {
  return at(job, "spec", "manualSelector") === true;
}

function generatedLabels(job: KubeObject): Labels {
  const name = textOf(job.metadata["name"]) ?? "";
  return Object.fromEntries(nameLabels.map((label) => [label, name]));
}

/** A selector that cannot be understood is told for what it is, not for what it selects. */
function isMatch(selector: JsonObject, labels: Labels, anyUid: boolean): boolean {
  const requirements = requirementsOf(selector);
  if (requirements === undefined) return true;
  return matchesLabels(
    requirements.filter(({ key }) => !(anyUid && uidLabels.includes(key))),
    labels,
  );
}
