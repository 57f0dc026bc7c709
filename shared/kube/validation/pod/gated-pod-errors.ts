import type { Json, JsonObject } from "../../../lib/kube-object.ts";
import { errorsOfItems } from "../../errors-of-items.ts";
import { invalidValue } from "../../field-errors.ts";
import { arrayOf, at, fieldsOf, objectOf } from "../../json.ts";
import type { FieldError } from "../../served-kind.ts";
import { meansTheSame } from "../same-meaning.ts";
import { isSet } from "../zero-values.ts";

const onlyAdditions = "only additions are allowed (no mutations or deletions)";

/**
 * What an update may not do to where a pod runs that is not scheduled yet, as a gate keeps it: it
 * can only be narrowed.
 *
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/pod-scheduling-readiness/
 */
export function gatedPodErrors(spec: JsonObject, old: JsonObject): readonly FieldError[] {
  return [
    ...nodeSelectorErrors(objectOf(spec["nodeSelector"]), objectOf(old["nodeSelector"])),
    ...nodeAffinityErrors(
      at(spec, "affinity", "nodeAffinity"),
      at(old, "affinity", "nodeAffinity"),
    ),
  ];
}

function nodeSelectorErrors(selector: JsonObject, old: JsonObject): readonly FieldError[] {
  const isNarrower = fieldsOf(old).every(([label, value]) =>
    meansTheSame(at(selector, label), value),
  );
  const because = "only additions to spec.nodeSelector are allowed (no mutations or deletions)";
  return isNarrower ? [] : [invalidValue("spec.nodeSelector", selector, because)];
}

const termsPath =
  "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms";

function nodeAffinityErrors(
  affinity: Json | undefined,
  old: Json | undefined,
): readonly FieldError[] {
  const [terms, oldTerms] = [termsOf(affinity), termsOf(old)];
  if (!isSet(old) || oldTerms.length === 0) return [];
  if (terms.length !== oldTerms.length) {
    const because = "no additions/deletions to non-empty NodeSelectorTerms list are allowed";
    return [invalidValue(termsPath, terms, because)];
  }
  return errorsOfItems(terms, (term, index) =>
    isNarrowerTerm(term, oldTerms[index])
      ? []
      : [invalidValue(`${termsPath}[${index}]`, term, onlyAdditions)],
  );
}

function termsOf(affinity: Json | undefined): readonly Json[] {
  const required = at(affinity, "requiredDuringSchedulingIgnoredDuringExecution");
  return arrayOf(at(required, "nodeSelectorTerms"));
}

/** A term without any requirement is met by no node, so one more would let nodes in. */
function isNarrowerTerm(term: Json, old: Json | undefined): boolean {
  const lists = ["matchExpressions", "matchFields"].map((name) => ({
    now: arrayOf(at(term, name)),
    former: arrayOf(at(old, name)),
  }));
  if (lists.every(({ former }) => former.length === 0)) {
    return lists.every(({ now }) => now.length === 0);
  }
  return lists.every(({ now, former }) => meansTheSame(now.slice(0, former.length), former));
}
