import type { Json } from "../../../lib/kube-object.ts";
import { errorsOfItems } from "../../errors-of-items.ts";
import {
  forbiddenField,
  invalidValue,
  requiredValue,
  unsupportedValue,
} from "../../field-errors.ts";
import { arrayOf, at, isObject, isString, jsonEquals, textOf } from "../../json.ts";
import { labelValueErrors, qualifiedNameErrors } from "../../object/name-rules.ts";
import type { FieldError, KubeObject } from "../../served-kind.ts";
import { cidrRule, isDualStack } from "../networking/ip-rules.ts";
import { each, type ObjectRule } from "../rule.ts";

const effects = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

/** A kube-apiserver tells of taints as if they were metadata. */
const taintsPath = "metadata.taints";

function taintsErrors(node: KubeObject): readonly FieldError[] {
  const seen = new Set<string>();
  return errorsOfItems(arrayOf(at(node, "spec", "taints")), (taint, index) => {
    if (!isObject(taint)) return [];
    const path = `${taintsPath}[${index}]`;
    const id = JSON.stringify([textOf(taint["key"]) ?? "", textOf(taint["effect"]) ?? ""]);
    const isTwice = seen.has(id);
    seen.add(id);
    return [...taintErrors(taint, path), ...(isTwice ? [duplicateTaint(taint, path)] : [])];
  });
}

function taintErrors(taint: Json, path: string): readonly FieldError[] {
  const [key = "", value = ""] = [textOf(at(taint, "key")), textOf(at(taint, "value"))];
  const wrongValue = labelValueErrors(value);
  return [
    ...qualifiedNameErrors(key).map((because) => invalidValue(`${path}.key`, key, because)),
    ...(wrongValue.length > 0 ? [invalidValue(`${path}.value`, value, wrongValue.join(";"))] : []),
    ...effectErrors(at(taint, "effect") ?? "", `${path}.effect`),
  ];
}

function effectErrors(effect: Json, path: string): readonly FieldError[] {
  if (effect === "") return [requiredValue(path)];
  return !isString(effect) || effects.includes(effect)
    ? []
    : [unsupportedValue(path, effect, effects)];
}

function duplicateTaint(taint: Json, field: string): FieldError {
  const because = "taints must be unique by key and effect pair";
  const message = `Duplicate value: ${JSON.stringify(taint)}: ${because}`;
  return { field, reason: "FieldValueDuplicate", message };
}

/** What a node is once it is known: its machine, and the addresses of its pods. */
function fixedErrors(node: KubeObject, before: KubeObject): readonly FieldError[] {
  const [ranges, old] = [podRanges(node), podRanges(before)];
  const machine = textOf(at(node, "spec", "providerID")) ?? "";
  const oldMachine = textOf(at(before, "spec", "providerID")) ?? "";
  const once = (name: string): string =>
    `node updates may not change ${name} except from "" to valid`;
  return [
    ...(old.length > 0 && !jsonEquals(ranges, old)
      ? [forbiddenField("spec.podCIDRs", once("podCIDR"))]
      : []),
    ...(oldMachine !== "" && machine !== oldMachine
      ? [forbiddenField("spec.providerID", once("providerID"))]
      : []),
  ];
}

function podRangeErrors(node: KubeObject): readonly FieldError[] {
  const field = "spec.podCIDRs";
  const ranges = podRanges(node).filter(isString);
  const errors = each(cidrRule)(ranges, field);
  if (errors.length > 0 || ranges.length < 2 || isDualStack(ranges)) return errors;
  return [invalidValue(field, ranges, "may specify no more than one CIDR for each IP family")];
}

/** `podCIDR` is the first of `podCIDRs`, which may stand alone. */
function podRanges(node: KubeObject): readonly Json[] {
  const ranges = arrayOf(at(node, "spec", "podCIDRs"));
  const first = textOf(at(node, "spec", "podCIDR")) ?? "";
  return ranges.length === 0 && first !== "" ? [first] : ranges;
}

/**
 * What a Node must be: its taints, the addresses of its pods, and what stays.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/node-v1/
 */
export const nodeRules: ObjectRule = (node, before) => [
  ...(before === undefined ? [] : fixedErrors(node, before)),
  ...taintsErrors(node),
  ...podRangeErrors(node),
];
