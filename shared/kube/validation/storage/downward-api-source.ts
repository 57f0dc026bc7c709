import { parseQuantity } from "../../cel/quantity.ts";
import { errorsOfItems } from "../../errors-of-items.ts";
import { invalidValue, requiredValue, unsupportedValue } from "../../field-errors.ts";
import { arrayOf, at, textOf } from "../../json.ts";
import { qualifiedNameErrors } from "../../object/name-rules.ts";
import type { FieldError } from "../../served-kind.ts";
import { canonicalQuantity } from "../canonical-quantity.ts";
import { all, fields, type Rule, required, whole } from "../rule.ts";
import { isThere } from "../zero-values.ts";
import { fileMode, filePath } from "./file-rules.ts";

/** What files can tell of a pod, in the order of the sentence. */
const toldFields = [
  "metadata.annotations",
  "metadata.labels",
  "metadata.name",
  "metadata.namespace",
  "metadata.uid",
];

/** Fields of pods that can be named, though no file can hold them. */
const untoldFields = [
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

/** A field of the pod: "metadata.name", "metadata.labels['app']". */
const fieldRef: Rule = whole((value, path) => {
  const field = textOf(value["fieldPath"]) ?? "";
  const where = `${path}.fieldPath`;
  if (field === "") return [requiredValue(where)];
  const version = textOf(value["apiVersion"]) || "v1";
  const unusable = (because: string): readonly FieldError[] => [
    invalidValue(where, field, `error converting fieldPath: ${because}`),
  ];
  if (version !== "v1") return unusable(`unsupported pod version: ${version}`);
  const [name, key] = subscripted(field);
  if (key === undefined) {
    if (toldFields.includes(field)) return [];
    const told = field === "spec.host" ? "spec.nodeName" : field;
    if (untoldFields.includes(told)) return [unsupportedValue(where, told, toldFields)];
    return unusable(`field label not supported: ${field}`);
  }
  if (name === "metadata.annotations") return keyErrors(key.toLowerCase(), path);
  if (name === "metadata.labels") return keyErrors(key, path);
  return unusable(`field label does not support subscript: ${field}`);
});

/** "metadata.labels['app']" is the key "app" of "metadata.labels". */
function subscripted(field: string): readonly [name: string, key?: string] {
  const start = field.indexOf("['");
  if (start < 1 || !field.endsWith("']") || field.length < start + 4) return [field];
  return [field.slice(0, start), field.slice(start + 2, -2)];
}

function keyErrors(key: string, path: string): readonly FieldError[] {
  return qualifiedNameErrors(key).map((because) => invalidValue(path, key, because));
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
const byteUnits = ["1", "1k", "1M", "1G", "1T", "1P", "1E"].concat([
  "1Ki",
  "1Mi",
  "1Gi",
  "1Ti",
  "1Pi",
  "1Ei",
]);

/** In which unit a resource can be told, and how the resource is called. */
function unitsOf(resource: string): readonly [units: readonly string[], called: string] {
  if (resource.endsWith(".cpu")) return [cpuUnits, "cpu"];
  if (resource.endsWith(".memory")) return [byteUnits, "memory"];
  if (hugePages.test(resource)) return [byteUnits, "hugepages"];
  return [byteUnits, "local ephemeral storage"];
}

/** What a container may use: "limits.memory". */
const resource: Rule = whole((value, path) => {
  const name = textOf(value["resource"]) ?? "";
  if (!textOf(value["containerName"])) return [requiredValue(`${path}.containerName`)];
  if (name === "") return [requiredValue(`${path}.resource`)];
  if (toldResources.includes(name) || hugePages.test(name)) return [];
  return [unsupportedValue(`${path}.resource`, name, toldResources)];
});

/** The unit that a resource is told in: "1Mi". */
const divisor: Rule = whole((value, path) => {
  const name = textOf(value["resource"]) ?? "";
  if (!toldResources.includes(name) && !hugePages.test(name)) return [];
  const given = canonicalQuantity(value["divisor"])?.nanos ?? 0n;
  const [units, called] = unitsOf(name);
  if (given === 0n || units.some((unit) => parseQuantity(unit)?.nanos === given)) return [];
  const names = called === "cpu" ? units.join(" and ") : units.join(", ");
  const because = `only divisor's values ${names} are supported with the ${called} resource`;
  return [invalidValue(`${path}.divisor`, name, because)];
});

const resourceFieldRef = all(resource, divisor);

const origin: Rule = whole((value, path) => {
  const container = value["resourceFieldRef"];
  if (!isThere(value, "fieldRef")) {
    if (isThere(value, "resourceFieldRef")) {
      return resourceFieldRef(container, `${path}.resourceFieldRef`);
    }
    return [requiredValue(path, "one of fieldRef and resourceFieldRef is required")];
  }
  const both = "fieldRef and resourceFieldRef can not be specified simultaneously";
  return [
    ...fieldRef(value["fieldRef"], `${path}.fieldRef`),
    ...(isThere(value, "resourceFieldRef") ? [invalidValue(path, "resource", both)] : []),
  ];
});

/** One file about a pod, told at the path of its source: "volumes[0].downwardAPI.path". */
const downwardApiFile: Rule = all(
  fields({ path: required(filePath) }),
  origin,
  fields({ mode: fileMode }),
);

/** Files that tell a pod of itself, in a projected volume or one of their own. */
export const downwardApiFiles: Rule = (value, path) =>
  errorsOfItems(arrayOf(at(value, "items")), (file) => downwardApiFile(file, path));

export const downwardApiSource: Rule = all(fields({ defaultMode: fileMode }), downwardApiFiles);
