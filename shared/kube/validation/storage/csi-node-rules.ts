import type { Json } from "../../../lib/kube-object.ts";
import { errorsOfItems } from "../../errors-of-items.ts";
import { invalidValue, requiredValue } from "../../field-errors.ts";
import { arrayOf, at, isObject, omit, textOf } from "../../json.ts";
import { qualifiedNameErrors } from "../../object/name-rules.ts";
import type { FieldError, KubeObject } from "../../served-kind.ts";
import { duplicates } from "../duplicates.ts";
import { nonNegative } from "../number-rules.ts";
import { fields, type ObjectRule, objectRule, type Rule, required, text } from "../rule.ts";
import { meansTheSame } from "../same-meaning.ts";
import { csiDriverName } from "./csi-driver-name.ts";

const nodeIdBytesMax = 256;

const nodeId = text((value) =>
  Buffer.byteLength(value) > nodeIdBytesMax ? [`must be ${nodeIdBytesMax} characters or less`] : [],
);

const driver = fields({
  name: csiDriverName,
  nodeID: required(nodeId),
  allocatable: fields({ count: nonNegative }),
});

const drivers: Rule = (value, path) => {
  const duplicateOf = duplicates();
  return errorsOfItems(arrayOf(value), (each, index) => {
    const where = `${path}[${index}]`;
    const name = textOf(at(each, "name")) ?? "";
    return [
      ...driver(each, where),
      ...(name === "" ? [] : duplicateOf(name, `${where}.name`)),
      ...topologyErrors(arrayOf(at(each, "topologyKeys")), where),
    ];
  });
};

/** The labels by which a driver knows where a node is, told at the path of the driver. */
function topologyErrors(keys: readonly Json[], path: string): readonly FieldError[] {
  const duplicateOf = duplicates();
  return errorsOfItems(keys, (each) => {
    const key = textOf(each) ?? "";
    return [
      ...(key === "" ? [requiredValue(path)] : []),
      ...duplicateOf(key, path),
      ...qualifiedNameErrors(key).map((because) => invalidValue(path, key, because)),
    ];
  });
}

/** A driver on a node stays as it is, but for how many volumes it takes, until it is removed. */
function fixedDrivers(node: KubeObject, before?: KubeObject): readonly FieldError[] {
  const now = new Map(
    arrayOf(at(node, "spec", "drivers"))
      .filter(isObject)
      .map((each) => [textOf(each["name"]) ?? "", each]),
  );
  return arrayOf(at(before, "spec", "drivers")).flatMap((then) => {
    const found = now.get(textOf(at(then, "name")) ?? "");
    if (found === undefined || !isObject(then)) return [];
    const compared = omit(found, ["allocatable"]);
    if (meansTheSame(compared, omit(then, ["allocatable"]))) return [];
    return [invalidValue("spec.drivers", compared, "field is immutable")];
  });
}

/**
 * A `storage.k8s.io/v1 CSINode`: the drivers that are on a node.
 *
 * @see https://kubernetes-csi.github.io/docs/csi-node-object.html
 */
export const csiNodeRules: ObjectRule = objectRule(
  fields({ spec: fields({ drivers }) }),
  fixedDrivers,
);
