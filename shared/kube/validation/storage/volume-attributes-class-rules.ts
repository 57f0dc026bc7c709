import { requiredValue } from "../../field-errors.ts";
import { fieldsOf, objectOf } from "../../json.ts";
import { fields, type ObjectRule, type Rule } from "../rule.ts";
import { noUpdates, parameters, provisioner } from "./storage-class-rules.ts";

/** A class says something of its volumes. */
const anyParameters: Rule = (value, path) =>
  fieldsOf(objectOf(value)).length === 0
    ? [requiredValue(path, "must contain at least one key/value pair")]
    : parameters(value, path);

const content = fields({ driverName: provisioner, parameters: anyParameters });
const sameDriver = noUpdates("driverName", "");
const sameParameters = noUpdates("parameters", {});

/**
 * A `storage.k8s.io/v1 VolumeAttributesClass`: what volumes of a driver can be changed to. It stays
 * as it was, so that volumes of a class are alike.
 *
 * @see https://kubernetes.io/docs/concepts/storage/volume-attributes-classes/
 */
export const volumeAttributesClassRules: ObjectRule = (object, before) => [
  ...(before === undefined
    ? []
    : [...sameDriver(object, before), ...sameParameters(object, before)]),
  ...content(object, ""),
];
