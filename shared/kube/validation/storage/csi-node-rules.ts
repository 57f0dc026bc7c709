import type { Json } from "../../../lib/kube-object.ts";
import { duplicateValue, invalidValue, requiredValue } from "../../field-errors.ts";
import { arrayOf, at, isObject, omit, textOf } from "../../json.ts";
import { qualifiedNameErrors } from "../../object/name-rules.ts";
import type { FieldError, KubeObject } from "../../served-kind.ts";
import { nonNegative } from "../number-rules.ts";
import { fields, type ObjectRule, objectRule, type Rule, required, text, unique } from "../rule.ts";
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
  const repeated = unique("name")(value, path);
  return arrayOf(value).flatMap((each, index) => {
    const where = `${path}[${index}]`;
    return [
      ...driver(each, where),
      ...repeated.filter(({ field }) => field === `${where}.name`),
      ...topologyErrors(arrayOf(at(each, "topologyKeys")), where),
    ];
  });
};

/** The labels by which a driver knows where a node is, told at the path of the driver. */
function topologyErrors(keys: readonly Json[], path: string): readonly FieldError[] {
  const seen = new Set<string>();
  return keys.flatMap((each) => {
    const key = textOf(each) ?? "";
    const isRepeated = seen.has(key);
    seen.add(key);
    return [
      ...(key === "" ? [requiredValue(path)] : []),
      ...(isRepeated ? [duplicateValue(path, JSON.stringify(key))] : []),
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
