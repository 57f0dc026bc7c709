/**
 * What the schema of a placement cannot say: KubeFleet's webhook and CEL rules, and what is not
 * supported here. A field that is accepted means what KubeFleet's documentation says it means.
 */
import {
  duplicateValue,
  forbiddenField,
  invalidValue,
  requiredValue,
} from "../../kube/field-errors.ts";
import { arrayOf, at, isObject, jsonEquals, objectOf, printed, textOf } from "../../kube/json.ts";
import { wrongLabelValue, wrongName, wrongQualifiedName } from "../../kube/object/name-rules.ts";
import type { FieldError, KubeObject } from "../../kube/served-kind.ts";
import { labelSelectorErrors } from "../../kube/validation/label-selector-rules.ts";
import type { Json, JsonObject } from "../../lib/kube-object.ts";
import { builtInResources } from "../../placement/hub-resources.ts";
import { unsupportedFields } from "./placement-unsupported.ts";

/** A placement's name is the value of a label. */
const nameCharactersMax = 63;

type Errors = readonly FieldError[];

export function validatePlacement(object: KubeObject, before?: KubeObject): Errors {
  // Whoever lets go of a placement that is being deleted must not be kept by an older rule.
  if (before?.metadata["deletionTimestamp"] !== undefined) return [];
  const spec = objectOf(object["spec"]);
  const policy = objectOf(spec["policy"]);
  return [
    ...nameErrors(object),
    ...arrayOf(spec["resourceSelectors"]).flatMap(selectorErrors),
    ...policyErrors(policy),
    ...affinityErrors(policy),
    ...tolerationErrors(policy),
    ...unsupportedFields(object),
    ...(before === undefined ? [] : changeErrors(policy, before)),
  ];
}

function nameErrors({ metadata }: KubeObject): Errors {
  const name = textOf(metadata["name"]) ?? "";
  return name.length <= nameCharactersMax
    ? []
    : [invalidValue("metadata.name", name, `must be no more than ${nameCharactersMax} characters`)];
}

function selectorErrors(item: Json, index: number): Errors {
  const path = `spec.resourceSelectors[${index}]`;
  const selector = objectOf(item);
  const { name, labelSelector, group, version, kind } = selector;
  const errors: FieldError[] = [];
  if (name !== undefined && labelSelector !== undefined) {
    const because = "the labelSelector and name fields are mutually exclusive";
    errors.push(invalidValue(path, selector, because));
  }
  const known = builtInResources.find((each) => each.group === group && each.kind === kind);
  if (known?.namespaced === true) {
    const text = `${printed(kind)}.${printed(version)}${group === "" ? "" : `.${printed(group)}`}`;
    const because = "must be a cluster-scoped kind; select the namespace of the objects instead";
    errors.push(invalidValue(`${path}.kind`, text, because));
  }
  return [...errors, ...labelSelectorErrors(labelSelector, `${path}.labelSelector`)];
}

const path = "spec.policy";

/** Fields that only some placement types have. */
const ownFields = [
  { field: "clusterNames", types: ["PickFixed"] },
  { field: "numberOfClusters", types: ["PickN"] },
  { field: "affinity", types: ["PickAll", "PickN"] },
  { field: "tolerations", types: ["PickAll", "PickN"] },
] as const;

function policyErrors(policy: JsonObject): Errors {
  const type = typeOf(policy);
  const misplaced = ownFields
    .filter(({ field, types }) => isFilled(policy[field]) && !types.some((each) => each === type))
    .map(({ field, types }) =>
      forbiddenField(
        `${path}.${field}`,
        `only valid for policy type ${types.join(" or ")}, not for ${type}`,
      ),
    );
  const missing =
    type === "PickN" && policy["numberOfClusters"] === undefined
      ? [requiredValue(`${path}.numberOfClusters`, "must be set for policy type PickN")]
      : [];
  const names = arrayOf(policy["clusterNames"]);
  return [
    ...misplaced,
    ...missing,
    ...names.flatMap((name, at) => clusterNameErrors(name, at, names)),
  ];
}

const typeOf = (policy: JsonObject): string => textOf(policy["placementType"]) ?? "PickAll";

/** An empty list or object is as good as none. */
function isFilled(value: Json | undefined): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return isObject(value) ? Object.keys(value).length > 0 : value !== undefined;
}

function clusterNameErrors(item: Json, index: number, all: readonly Json[]): Errors {
  const name = printed(item);
  const field = `${path}.clusterNames[${index}]`;
  const wrong =
    name.length > 63 ? "must be no more than 63 characters" : wrongName("dns-subdomain", name);
  if (wrong !== undefined) return [invalidValue(field, name, wrong)];
  return all.indexOf(item) < index ? [duplicateValue(field, JSON.stringify(name))] : [];
}

function affinityErrors(policy: JsonObject): Errors {
  const affinity = `${path}.affinity.clusterAffinity`;
  const required = "requiredDuringSchedulingIgnoredDuringExecution";
  const preferred = "preferredDuringSchedulingIgnoredDuringExecution";
  const of = objectOf(at(policy, "affinity", "clusterAffinity"));
  const terms = arrayOf(at(of, required, "clusterSelectorTerms"));
  const preferences = arrayOf(of[preferred]);
  const misplaced =
    preferences.length > 0 && typeOf(policy) === "PickAll"
      ? [forbiddenField(`${affinity}.${preferred}`, "only valid for policy type PickN")]
      : [];
  const termErrors = (term: Json | undefined, field: string) =>
    labelSelectorErrors(objectOf(term)["labelSelector"], `${field}.labelSelector`);
  return [
    ...misplaced,
    ...terms.flatMap((term, index) =>
      termErrors(term, `${affinity}.${required}.clusterSelectorTerms[${index}]`),
    ),
    ...preferences.flatMap((each, index) =>
      termErrors(objectOf(each)["preference"], `${affinity}.${preferred}[${index}].preference`),
    ),
  ];
}

function tolerationErrors(policy: JsonObject): Errors {
  const all = arrayOf(policy["tolerations"]).map(objectOf);
  return all.flatMap((each, index) => {
    const field = `${path}.tolerations[${index}]`;
    const isDouble = all.findIndex((other) => jsonEquals(other, each)) < index;
    return [
      ...tolerationError(each, field),
      ...(isDouble ? [duplicateValue(field, JSON.stringify(each))] : []),
    ];
  });
}

function tolerationError(toleration: JsonObject, field: string): Errors {
  const key = textOf(toleration["key"]) ?? "";
  const value = textOf(toleration["value"]) ?? "";
  const exists = toleration["operator"] === "Exists";
  if (exists && value !== "") {
    return [invalidValue(`${field}.value`, value, "must be empty when the operator is Exists")];
  }
  if (key === "") {
    const because = "must be Exists when the key is empty";
    return exists ? [] : [invalidValue(`${field}.operator`, "Equal", because)];
  }
  const wrongKey = wrongQualifiedName(key);
  const wrongValue = wrongLabelValue(value);
  return [
    ...(wrongKey === undefined ? [] : [invalidValue(`${field}.key`, key, wrongKey)]),
    ...(wrongValue === undefined ? [] : [invalidValue(`${field}.value`, value, wrongValue)]),
  ];
}

function changeErrors(policy: JsonObject, before: KubeObject): Errors {
  const old = objectOf(at(before, "spec", "policy"));
  const errors: FieldError[] = [];
  if (typeOf(old) !== typeOf(policy)) {
    const field = `${path}.placementType`;
    errors.push(invalidValue(field, typeOf(policy), "placement type is immutable"));
  }
  const tolerations = arrayOf(policy["tolerations"]);
  const isLost = (each: Json) => !tolerations.some((kept) => jsonEquals(kept, each));
  if (arrayOf(old["tolerations"]).some(isLost)) {
    const because = "tolerations can be added, but not changed or removed";
    errors.push(forbiddenField(`${path}.tolerations`, because));
  }
  return errors;
}
