import { parseQuantity } from "../../cel/quantity.ts";
import { invalidValue, requiredValue, unsupportedValue } from "../../field-errors.ts";
import { at, textOf } from "../../json.ts";
import { qualifiedNameErrors } from "../../object/name-rules.ts";
import type { FieldError } from "../../served-kind.ts";
import { canonicalQuantity } from "../canonical-quantity.ts";
import { all, type Rule, whole } from "../rule.ts";

/** The fields of a pod that can be named to tell it of itself. */
const podFields = [
  "metadata.annotations",
  "metadata.labels",
  "metadata.name",
  "metadata.namespace",
  "metadata.uid",
  "spec.nodeName",
  "spec.restartPolicy",
  "spec.schedulerName",
  "spec.serviceAccountName",
  "status.hostIP",
  "status.hostIPs",
  "status.phase",
  "status.podIP",
  "status.podIPs",
];

/**
 * A field of the pod: "metadata.name", "metadata.labels['app']". `told` are those that a variable
 * or a file can hold, in the order of the sentence.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/pods/downward-api/
 */
export function fieldRefRule(told: readonly string[]): Rule {
  return whole((value, path) => {
    const field = textOf(value["fieldPath"]) ?? "";
    const where = `${path}.fieldPath`;
    if (field === "") return [requiredValue(where)];
    const version = textOf(value["apiVersion"]) || "v1";
    if (version !== "v1") return [unusable(field, where, `unsupported pod version: ${version}`)];
    const [, key] = subscripted(field);
    return key === undefined ? fieldErrors(field, where, told) : keyErrors(field, path);
  });
}

function unusable(field: string, path: string, because: string): FieldError {
  return invalidValue(path, field, `error converting fieldPath: ${because}`);
}

function fieldErrors(field: string, path: string, told: readonly string[]): readonly FieldError[] {
  if (told.includes(field)) return [];
  const known = field === "spec.host" ? "spec.nodeName" : field;
  return podFields.includes(known)
    ? [unsupportedValue(path, known, told)]
    : [unusable(field, path, `field label not supported: ${field}`)];
}

const keyedFields = ["metadata.annotations", "metadata.labels"];

/** A wrong key is told at the path of the reference. */
function keyErrors(field: string, path: string): readonly FieldError[] {
  const [name, key = ""] = subscripted(field);
  if (!keyedFields.includes(name)) {
    const because = `field label does not support subscript: ${field}`;
    return [unusable(field, `${path}.fieldPath`, because)];
  }
  const checked = name === "metadata.labels" ? key : key.toLowerCase();
  return qualifiedNameErrors(checked).map((because) => invalidValue(path, checked, because));
}

/** "metadata.labels['app']" is the key "app" of "metadata.labels". */
function subscripted(field: string): readonly [name: string, key?: string] {
  const start = field.indexOf("['");
  if (start < 1 || !field.endsWith("']") || field.length < start + 4) return [field];
  return [field.slice(0, start), field.slice(start + 2, -2)];
}

const toldResources = [
  "limits.cpu",
  "limits.ephemeral-storage",
  "limits.memory",
  "requests.cpu",
  "requests.ephemeral-storage",
  "requests.memory",
];

const hugePages = /^(requests|limits)\.hugepages-/;

const cpuUnits = ["1m", "1"];
const decimalUnits = ["1", "1k", "1M", "1G", "1T", "1P", "1E"];
const binaryUnits = ["1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei"];
const byteUnits = [...decimalUnits, ...binaryUnits];

/** In which unit a resource can be told, and how the resource is called. */
function unitsOf(resource: string): readonly [units: readonly string[], called: string] {
  if (resource.endsWith(".cpu")) return [cpuUnits, "cpu"];
  if (resource.endsWith(".memory")) return [byteUnits, "memory"];
  if (hugePages.test(resource)) return [byteUnits, "hugepages"];
  return [byteUnits, "local ephemeral storage"];
}

function isTold(resource: string): boolean {
  return toldResources.includes(resource) || hugePages.test(resource);
}

const resource: Rule = (value, path) => {
  const name = textOf(at(value, "resource")) ?? "";
  if (name === "") return [requiredValue(`${path}.resource`)];
  return isTold(name) ? [] : [unsupportedValue(`${path}.resource`, name, toldResources)];
};

/** The unit that a resource is told in: "1Mi". */
const divisor: Rule = (value, path) => {
  const name = textOf(at(value, "resource")) ?? "";
  if (!isTold(name)) return [];
  const given = canonicalQuantity(at(value, "divisor"))?.nanos ?? 0n;
  const [units, called] = unitsOf(name);
  if (given === 0n || units.some((unit) => parseQuantity(unit)?.nanos === given)) return [];
  const names = called === "cpu" ? units.join(" and ") : units.join(", ");
  const because = `only divisor's values ${names} are supported with the ${called} resource`;
  return [invalidValue(`${path}.divisor`, name, because)];
};

/** What a container may use: "limits.memory". A variable is of its own container. */
export const resourceFieldRefRule: Rule = whole(all(resource, divisor));

/** The same of a container that is named: a volume is of all of them. */
export const containerResourceFieldRefRule: Rule = whole((value, path) =>
  textOf(value["containerName"])
    ? resourceFieldRefRule(value, path)
    : [requiredValue(`${path}.containerName`), ...divisor(value, path)],
);
