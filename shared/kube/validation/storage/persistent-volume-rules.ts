import { posix } from "node:path";
import {
  forbiddenField,
  invalidValue,
  requiredValue,
  unsupportedValue,
} from "../../field-errors.ts";
import { at, fieldsOf, isObject, textOf } from "../../json.ts";
import { canonicalQuantity, nanosPerUnit } from "../canonical-quantity.ts";
import { nodeTermsRule } from "../pod/node-affinity-rule.ts";
import { positiveQuantity } from "../quantity-rules.ts";
import {
  all,
  eachValue,
  fields,
  type ObjectRule,
  objectRule,
  oneOf,
  type Rule,
  required,
  whole,
} from "../rule.ts";
import { dnsSubdomain } from "../text-rules.ts";
import { isThere } from "../zero-values.ts";
import { accessModes } from "./access-modes.ts";
import { hasLongInterfaceName, longInterfaceName } from "./iscsi-source.ts";
import { persistentVolumeSource } from "./persistent-volume-source.ts";
import { fixedNodeAffinity, fixedSource } from "./persistent-volume-updates.ts";
import { fixedVolumeMode, volumeMode } from "./volume-mode.ts";

/** No size is a debt; it is told in whole units, rounded away from zero. */
const noDebt: Rule = (value, path) => {
  const nanos = canonicalQuantity(value)?.nanos ?? 0n;
  if (nanos >= 0n) return [];
  const whole = Number((nanos - nanosPerUnit + 1n) / nanosPerUnit);
  return [invalidValue(path, whole, "must be a valid resource quantity")];
};

/** A volume has a size, and nothing else that is counted. */
const capacity: Rule = (value, path) => {
  const given = value ?? {};
  if (!isObject(given)) return [];
  const names = fieldsOf(given).map(([name]) => name);
  const isSize = names.length === 1 && names[0] === "storage";
  return [
    ...(names.length === 0 ? [requiredValue(path)] : []),
    ...(isSize ? [] : [unsupportedValue(path, value ?? null, ["storage"])]),
    ...eachValue(all(noDebt, positiveQuantity("must be greater than zero")))(given, path),
  ];
};

const nodeAffinity: Rule = whole((value, path) =>
  isThere(value, "required")
    ? nodeTermsRule(value["required"], `${path}.required`)
    : [requiredValue(`${path}.required`, "must specify required node constraints")],
);

/** What a source asks of the rest of the spec. */
const besidesSource: Rule = whole((value, path) => {
  const isLocal = isThere(value, "local") && !isThere(value, "nodeAffinity");
  const root = textOf(at(value, "hostPath", "path")) ?? "";
  const isRecycled = value["persistentVolumeReclaimPolicy"] === "Recycle";
  const wipesNode = isRecycled && root !== "" && posix.normalize(root) === "/";
  const policy = `${path}.persistentVolumeReclaimPolicy`;
  return [
    ...(isLocal
      ? [requiredValue(`${path}.nodeAffinity`, "Local volume requires node affinity")]
      : []),
    ...(wipesNode
      ? [forbiddenField(policy, "may not be 'recycle' for a hostPath mount of '/'")]
      : []),
  ];
});

const attributesClass: Rule = whole((value, path) => {
  const name = value["volumeAttributesClassName"];
  if (name === undefined || name === null) return [];
  const needsDriver = "has to be specified when using volumeAttributesClassName";
  return [
    ...required(dnsSubdomain, "an empty string is disallowed")(
      name,
      `${path}.volumeAttributesClassName`,
    ),
    ...(isThere(value, "csi") ? [] : [requiredValue(`${path}.csi`, needsDriver)]),
  ];
});

const spec: Rule = all(
  fields({
    accessModes: required(accessModes),
    capacity,
    persistentVolumeReclaimPolicy: oneOf("Delete", "Recycle", "Retain"),
    nodeAffinity,
  }),
  persistentVolumeSource,
  besidesSource,
  fields({ storageClassName: dnsSubdomain, volumeMode }),
  attributesClass,
);

/** A node names an interface after the volume, so only the object as a whole shows it. */
const interfaceName: Rule = (object, path) => {
  const iscsi = at(object, "spec", "iscsi");
  const name = textOf(at(object, "metadata", "name")) ?? "";
  if (!hasLongInterfaceName(name, iscsi)) return [];
  const portal = textOf(at(iscsi, "targetPortal")) ?? "";
  return [invalidValue(`${path}spec.iscsi.targetportal`, portal, longInterfaceName)];
};

/**
 * A `core/v1 PersistentVolume`: its size, its modes, exactly one source, and the nodes that reach
 * it. Its source, its mode and, once told, its nodes stay as they are.
 *
 * @see https://kubernetes.io/docs/concepts/storage/persistent-volumes/#persistent-volumes
 */
export const persistentVolumeRules: ObjectRule = objectRule(
  all((object, path) => spec(at(object, "spec") ?? {}, `${path}spec`), interfaceName),
  fixedSource,
  fixedVolumeMode,
  fixedNodeAffinity,
);
