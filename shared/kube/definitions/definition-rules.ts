import type { Json, JsonObject } from "../../lib/kube-object.ts";
import { invalidValue, requiredValue, unsupportedValue } from "../field-errors.ts";
import { arrayOf, at, isObject, isString, objectOf, textOf } from "../json.ts";
import type { FieldError, KubeObject } from "../served-kind.ts";

/** What a definition must say before anything can be served by it. */
export function definitionErrors(definition: KubeObject): readonly FieldError[] {
  const spec = objectOf(definition["spec"]);
  const names = objectOf(spec["names"]);
  const scopes = ["Cluster", "Namespaced"];
  const scope = spec["scope"] ?? "";
  return [
    ...requiredTexts(spec, ["group"], "spec"),
    ...requiredTexts(names, ["plural", "kind"], "spec.names"),
    ...(scopes.includes(String(scope)) ? [] : [unsupportedValue("spec.scope", scope, scopes)]),
    ...nameErrors(definition),
    ...versionErrors(arrayOf(spec["versions"])),
  ];
}

function requiredTexts(
  object: JsonObject,
  fields: readonly string[],
  path: string,
): readonly FieldError[] {
  return fields
    .filter((field) => !isString(object[field]) || object[field] === "")
    .map((field) => requiredValue(`${path}.${field}`));
}

function nameErrors({ metadata, ...definition }: KubeObject): readonly FieldError[] {
  const plural = textOf(at(definition, "spec", "names", "plural")) ?? "";
  const group = textOf(at(definition, "spec", "group")) ?? "";
  const name = metadata["name"] ?? "";
  const because = 'must be spec.names.plural+"."+spec.group';
  return name === `${plural}.${group}` ? [] : [invalidValue("metadata.name", name, because)];
}

function versionErrors(versions: readonly Json[]): readonly FieldError[] {
  const stored = versions.filter((version) => isObject(version) && version["storage"] === true);
  const because = "must have exactly one version marked as storage version";
  return [
    ...(stored.length === 1 ? [] : [invalidValue("spec.versions", versions.length, because)]),
    ...versions.flatMap((version, index) => {
      const path = `spec.versions[${index}]`;
      const schema = at(version, "schema", "openAPIV3Schema");
      return [
        ...requiredTexts(objectOf(version), ["name"], path),
        ...(isObject(schema) ? [] : [requiredValue(`${path}.schema.openAPIV3Schema`)]),
      ];
    }),
  ];
}

/** A definition is served as soon as it is kept, so it is established from the start. */
export function preparedDefinition(definition: KubeObject): KubeObject {
  const spec = objectOf(definition["spec"]);
  const names = objectOf(spec["names"]);
  const kind = textOf(names["kind"]) ?? "";
  const acceptedNames = {
    singular: kind.toLowerCase(),
    listKind: `${kind}List`,
    ...names,
  };
  const stored = arrayOf(spec["versions"])
    .filter((version) => isObject(version) && version["storage"] === true)
    .map((version) => objectOf(version)["name"])
    .filter(isString);
  return {
    ...definition,
    spec: { ...spec, names: acceptedNames },
    status: {
      ...objectOf(definition["status"]),
      acceptedNames,
      conditions: [
        condition("NamesAccepted", "NoConflicts", "no conflicts found"),
        condition("Established", "InitialNamesAccepted", "the initial names have been accepted"),
      ],
      storedVersions: stored,
    },
  };
}

function condition(type: string, reason: string, message: string): JsonObject {
  return { type, status: "True", reason, message };
}
