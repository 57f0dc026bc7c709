import { forbiddenField, requiredValue } from "../field-errors.ts";
import { jsonEquals } from "../json.ts";
import type { FieldError, OpenApiSchema } from "../served-kind.ts";
import { keywordErrors } from "./keyword-rules.ts";

/** What a schema may say only by itself, and not in a combination, with how that is refused. */
const forbidden: readonly (readonly [keyof OpenApiSchema, string])[] = [
  ["type", "must be empty to be structural"],
  ["additionalProperties", "must be undefined to be structural"],
  ["default", "must be undefined to be structural"],
  ["title", "must be empty to be structural"],
  ["description", "must be empty to be structural"],
  ["nullable", "must be false to be structural"],
  ["x-kubernetes-preserve-unknown-fields", "must be false to be structural"],
  ["x-kubernetes-embedded-resource", "must be false to be structural"],
  ["x-kubernetes-int-or-string", "must be false to be structural"],
  ["x-kubernetes-list-map-keys", "must be empty to be structural"],
  ["x-kubernetes-list-type", "must be undefined to be structural"],
  ["x-kubernetes-map-type", "must be undefined to be structural"],
  ["x-kubernetes-validations", "must be empty to be structural"],
];

const intOrString = [{ type: "integer" }, { type: "string" }];

/**
 * What is wrong with `allOf`, `anyOf`, `oneOf` and `not` of a schema: they only say more of fields
 * that the structure around them (`spine`) has.
 */
export function combinationErrors(
  schema: OpenApiSchema,
  spine: OpenApiSchema,
  path: string,
): readonly FieldError[] {
  const { allOf = [], anyOf = [], oneOf = [], not } = schema;
  const isEither = spine["x-kubernetes-int-or-string"] === true;
  const typed = (schemas: readonly OpenApiSchema[]): boolean =>
    isEither && jsonEquals(schemas as never, intOrString);
  return [
    ...(typed(anyOf) ? [] : listErrors(anyOf, spine, `${path}.anyOf`)),
    ...allOf.flatMap((each, index) =>
      index === 0 && typed(each.anyOf ?? [])
        ? nestedErrors({ ...each, anyOf: [] }, spine, `${path}.allOf[0]`)
        : nestedErrors(each, spine, `${path}.allOf[${index}]`),
    ),
    ...listErrors(oneOf, spine, `${path}.oneOf`),
    ...(not === undefined ? [] : nestedErrors(not, spine, `${path}.not`)),
  ];
}

function listErrors(
  schemas: readonly OpenApiSchema[],
  spine: OpenApiSchema,
  path: string,
): readonly FieldError[] {
  return schemas.flatMap((each, index) => nestedErrors(each, spine, `${path}[${index}]`));
}

function nestedErrors(
  schema: OpenApiSchema,
  spine: OpenApiSchema,
  path: string,
): readonly FieldError[] {
  const { items, properties = {} } = schema;
  const errors: FieldError[] = forbidden
    .filter(([name]) => schema[name] !== undefined && schema[name] !== false)
    .map(([name, because]) => forbiddenField(`${path}.${name}`, because));
  if (Object.hasOwn(properties, "metadata")) {
    const because = "must not be specified in a nested context";
    errors.push(forbiddenField(`${path}.properties[metadata]`, because));
  }
  if (items !== undefined) errors.push(...belowErrors(items, spine.items, `${path}.items`));
  for (const [name, property] of Object.entries(properties)) {
    const known = Object.hasOwn(spine.properties ?? {}, name)
      ? spine.properties?.[name]
      : undefined;
    errors.push(...belowErrors(property, known, `${path}.properties[${name}]`));
  }
  const { type: _type, ...untyped } = schema;
  return [...errors, ...keywordErrors(untyped, path), ...combinationErrors(schema, spine, path)];
}

function belowErrors(
  schema: OpenApiSchema,
  spine: OpenApiSchema | undefined,
  path: string,
): readonly FieldError[] {
  if (spine !== undefined) return nestedErrors(schema, spine, path);
  const place = path.replace(/\.(allOf|anyOf|oneOf)\[\d+\]|\.not/g, "");
  return [requiredValue(place, `because it is defined in ${path}`)];
}
