import type { Json, JsonObject } from "../../lib/kube-object.ts";
import { duplicateValue, invalidValue, requiredValue, tooMany } from "../field-errors.ts";
import { arrayOf, isObject, isString, objectOf, printed } from "../json.ts";
import type { FieldError, OpenApiSchema } from "../served-kind.ts";

const columnTypes = ["boolean", "date", "integer", "number", "string"];
const columnFormats = [
  "byte",
  "date",
  "date-time",
  "double",
  "float",
  "int32",
  "int64",
  "password",
];

/** What is wrong with the columns of `kubectl get`. */
export function columnErrors(columns: Json, path: string): readonly FieldError[] {
  return arrayOf(columns).flatMap((column, index) =>
    oneColumnErrors(objectOf(column), `${path}[${index}]`),
  );
}

function oneColumnErrors(column: JsonObject, path: string): readonly FieldError[] {
  const { name, type, format, jsonPath } = column;
  const errors: FieldError[] = [];
  if (!isString(name) || name === "") errors.push(requiredValue(`${path}.name`));
  const types = `must be one of ${columnTypes.join(",")}`;
  if (!isString(type) || type === "") errors.push(requiredValue(`${path}.type`, types));
  else if (!columnTypes.includes(type)) errors.push(invalidValue(`${path}.type`, type, types));
  if (isString(format) && format !== "" && !columnFormats.includes(format)) {
    const formats = `must be one of ${columnFormats.join(",")}`;
    errors.push(invalidValue(`${path}.format`, format, formats));
  }
  return [...errors, ...pathErrors(jsonPath, `${path}.jsonPath`)];
}

/** More is not asked of a path: what cannot be read is not shown. */
function pathErrors(jsonPath: Json | undefined, field: string): readonly FieldError[] {
  if (!isString(jsonPath) || jsonPath === "") return [requiredValue(field)];
  return jsonPath.startsWith(".")
    ? []
    : [invalidValue(field, jsonPath, "must be a simple json path starting with .")];
}

/** What is wrong with where `kubectl scale` finds its fields. */
export function scaleErrors(scale: Json | undefined, path: string): readonly FieldError[] {
  if (!isObject(scale)) return [];
  const below = (name: string, root: string, isRequired: boolean): readonly FieldError[] => {
    const field = `${path}.scale.${name}`;
    const value = scale[name];
    if (value === undefined || value === "") return isRequired ? [requiredValue(field)] : [];
    const errors = pathErrors(value, field);
    if (errors.length > 0) return errors;
    return printed(value).startsWith(`.${root}.`)
      ? []
      : [invalidValue(field, value, `should be a json path under .${root}`)];
  };
  const selector = scale["labelSelectorPath"];
  const selectorRoot = isString(selector) && selector.startsWith(".spec.") ? "spec" : "status";
  const selectorErrors = below("labelSelectorPath", selectorRoot, false).map((error) => ({
    ...error,
    message: error.message.replace("under .status", "under either .status or .spec"),
  }));
  return [
    ...below("specReplicasPath", "spec", true),
    ...below("statusReplicasPath", "status", true),
    ...selectorErrors,
  ];
}

const selectableFieldsMax = 8;

/** What is wrong with the fields that objects can be selected by. */
export function selectableErrors(
  fields: Json,
  { path, schema }: { readonly path: string; readonly schema: OpenApiSchema | undefined },
): readonly FieldError[] {
  const all = arrayOf(fields).map((each) => objectOf(each)["jsonPath"]);
  if (all.length > selectableFieldsMax) return [tooMany(path, all.length, selectableFieldsMax)];
  return all.flatMap((jsonPath, index): readonly FieldError[] => {
    const field = `${path}[${index}].jsonPath`;
    if (!isString(jsonPath) || jsonPath === "") return [requiredValue(field)];
    if (all.indexOf(jsonPath) < index) return [duplicateValue(field, JSON.stringify(jsonPath))];
    const because = wrongSelectable(jsonPath, schema);
    return because === undefined ? [] : [invalidValue(field, jsonPath, because)];
  });
}

function wrongSelectable(jsonPath: string, schema: OpenApiSchema | undefined): string | undefined {
  if (!/^(\.[^.[\]]+)+$/.test(jsonPath)) {
    return `is an invalid path: expected [ or . but got: ${jsonPath}`;
  }
  const names = jsonPath.slice(1).split(".");
  if (names[0] === "metadata") return "must not point to fields in metadata";
  const found = names.reduce<OpenApiSchema | undefined>(
    (current, name) => current?.properties?.[name],
    schema,
  );
  if (found === undefined) return "is an invalid path: does not refer to a valid field";
  return ["string", "boolean", "integer"].includes(found.type ?? "")
    ? undefined
    : "must point to a field of type string, boolean or integer. Enum string fields and strings " +
        "with formats are allowed.";
}
