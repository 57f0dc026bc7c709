import type { Json, JsonObject } from "../../lib/kube-object.ts";
import { invalidValue, requiredValue } from "../field-errors.ts";
import { arrayOf, at, isObject, isString, jsonEquals, objectOf } from "../json.ts";
import { wrongName } from "../object/name-rules.ts";
import type { FieldError, OpenApiSchema } from "../served-kind.ts";
import { rootSchemaErrors } from "./schema-rules.ts";
import { checkDefinitionTypes } from "./schema-types.ts";
import { columnErrors, scaleErrors, selectableErrors } from "./served-field-rules.ts";

/**
 * What is wrong with the versions of a definition, and with what each of them serves. Throws 400
 * for a schema that cannot be read. `before` is the spec that is stored, if one is.
 */
export function versionErrors(spec: JsonObject, before: JsonObject = {}): readonly FieldError[] {
  const versions = arrayOf(spec["versions"]).map((each) => objectOf(each));
  checkDefinitionTypes(versions);
  const names = versions.map((version) => version["name"]);
  const stored = versions.filter((version) => version["storage"] === true);
  const wrong = (because: string): FieldError => invalidValue("spec.versions", versions, because);
  return [
    ...names.flatMap(nameErrors),
    ...(new Set(names).size === names.length ? [] : [wrong("must contain unique version names")]),
    ...(stored.length === 1
      ? []
      : [wrong("must have exactly one version marked as storage version")]),
    ...versions.flatMap(deprecationErrors),
    ...schemaErrors(versions, arrayOf(before["versions"])),
    ...partErrors(versions, "subresources", (part, path) => scaleErrors(at(part, "scale"), path)),
    ...partErrors(versions, "additionalPrinterColumns", columnErrors),
    ...partErrors(versions, "selectableFields", (part, path, version) =>
      selectableErrors(part, { path, schema: schemaOf(version) }),
    ),
  ];
}

function nameErrors(name: Json | undefined, index: number): readonly FieldError[] {
  const path = `spec.versions[${index}].name`;
  if (!isString(name) || name === "") return [requiredValue(path)];
  const wrong = wrongName("dns-1035-label", name);
  return wrong === undefined ? [] : [invalidValue(path, name, wrong)];
}

const warningCharactersMax = 256;

function deprecationErrors(version: JsonObject, index: number): readonly FieldError[] {
  const { deprecated, deprecationWarning } = version;
  if (!isString(deprecationWarning)) return [];
  const path = `spec.versions[${index}].deprecationWarning`;
  const wrong = (because: string): readonly FieldError[] => [
    invalidValue(path, deprecationWarning, because),
  ];
  if (deprecated !== true) return wrong("can only be set for deprecated versions");
  if (deprecationWarning === "") return wrong("must not be an empty string");
  if ([...deprecationWarning].length > warningCharactersMax) {
    return wrong(`must be <= ${warningCharactersMax} characters long`);
  }
  return /\p{Cc}/u.test(deprecationWarning)
    ? wrong("must only contain printable UTF-8 characters; non-printable characters found")
    : [];
}

type PartErrors = (part: Json, path: string, version: JsonObject) => readonly FieldError[];

/**
 * What is the same in all versions is one part of the whole definition to a kube-apiserver, and is
 * named so: `spec.subresources` instead of `spec.versions[0].subresources`.
 */
function partErrors(
  versions: readonly JsonObject[],
  name: string,
  errorsOf: PartErrors,
): readonly FieldError[] {
  const [first = {}] = versions;
  const part = first[name];
  if (versions.every((version) => jsonEquals(version[name], part))) {
    return part === undefined ? [] : errorsOf(part, `spec.${name}`, first);
  }
  return versions.flatMap((version, index) => {
    const own = version[name];
    return own === undefined ? [] : errorsOf(own, `spec.versions[${index}].${name}`, version);
  });
}

function schemaErrors(
  versions: readonly JsonObject[],
  before: readonly Json[],
): readonly FieldError[] {
  const missing = versions.flatMap((version, index) => {
    const path = `spec.versions[${index}].schema.openAPIV3Schema`;
    return schemaOf(version) === undefined ? [requiredValue(path, "schemas are required")] : [];
  });
  if (missing.length > 0) return missing;
  const hasStatus = (version: JsonObject): boolean =>
    at(version, "subresources", "status") !== undefined;
  // A kube-apiserver tells the costs of such a schema in one case only: where all of them together
  // are too much. Here it may stay as it is.
  const isUnchanged = (version: JsonObject): boolean => {
    const stored = before.find((each) => at(each, "name") === version["name"]);
    return stored !== undefined && jsonEquals(at(stored, "schema"), version["schema"]);
  };
  return partErrors(versions, "schema", (part, path, version) =>
    rootSchemaErrors(objectOf(at(part, "openAPIV3Schema")) as unknown as OpenApiSchema, {
      // Once more named otherwise where it is one for all versions.
      path: `${path === "spec.schema" ? "spec.validation" : path}.openAPIV3Schema`,
      hasStatus: hasStatus(version),
      isUnchanged: isUnchanged(version),
    }),
  );
}

function schemaOf(version: JsonObject): OpenApiSchema | undefined {
  const schema = at(version, "schema", "openAPIV3Schema");
  return isObject(schema) ? (schema as unknown as OpenApiSchema) : undefined;
}
