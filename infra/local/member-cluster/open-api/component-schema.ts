import { schemaReference } from "../../../../shared/kube/openapi/schema-reference.ts";
import type { JsonObject } from "../../../../shared/lib/kube-object.ts";
import type { ClientField, ClientModel } from "./client-model.ts";
import { type FieldType, fieldTypeOf } from "./field-type.ts";
import type { MergeOverlay } from "./merge-overlay.ts";
import { quantityFields } from "./quantity-fields.ts";
import { plainNames } from "./schema-names.ts";

/** How models are named, and what the models do not say of them. */
export interface Describing {
  readonly nameOf: (model: string) => string;
  readonly overlay: MergeOverlay;
}

/** The schema of a model, as `components.schemas` of an OpenAPI v3 document has it. */
export function componentSchema(
  name: string,
  model: ClientModel,
  describing: Describing,
): JsonObject {
  const required = model.fields.filter(({ isRequired }) => isRequired).map((field) => field.name);
  return {
    ...(model.description !== undefined && { description: model.description }),
    ...(required.length > 0 && { required }),
    type: "object",
    properties: Object.fromEntries(
      model.fields.map((field) => [field.name, fieldSchema(name, field, describing)]),
    ),
    ...describing.overlay.get(name),
  };
}

function fieldSchema(model: string, field: ClientField, describing: Describing): JsonObject {
  const { description, format } = field;
  const type = fieldTypeOf(field.type);
  const place = `${model}.${field.name}`;
  // What can be anything is JSON in the schemas of definitions, and an object elsewhere.
  const anything = model === "V1JSONSchemaProps" ? "json" : "raw";
  const plain = quantityFields.has(place) ? "quantity" : anything;
  return {
    ...(description !== undefined && { description }),
    ...valueSchema(type, { plain, format, describing }),
    ...(type.kind === "list" && { "x-kubernetes-list-type": "atomic" }),
    ...describing.overlay.get(place),
  };
}

interface Valued {
  readonly plain: "quantity" | "json" | "raw";
  readonly format: string;
  readonly describing: Describing;
}

function valueSchema(type: FieldType, valued: Valued): JsonObject {
  switch (type.kind) {
    case "list":
      return { type: "array", items: valueSchema(type.of, valued) };
    case "map":
      return { type: "object", additionalProperties: valueSchema(type.of, valued) };
    case "model":
      return refer(valued.describing.nameOf(type.name));
    case "plain":
      return plainSchema(type.name, valued);
  }
}

function plainSchema(type: string, { plain, format }: Valued): JsonObject {
  switch (type) {
    case "string":
      if (plain === "quantity") return refer(plainNames.quantity);
      return { type: "string", ...(format === "byte" && { format }) };
    case "boolean":
      return { type };
    case "number":
      return format === "double" || format === ""
        ? { type: "number", format: "double" }
        : { type: "integer", format };
    case "Date":
      return refer(plainNames.time);
    case "V1MicroTime":
      return refer(plainNames.microTime);
    case "IntOrString":
      return refer(plainNames.intOrString);
    default:
      return plain === "json" ? {} : refer(plainNames.rawExtension);
  }
}

function refer(name: string): JsonObject {
  return { allOf: [schemaReference(name)] };
}

/** The schemas of values that are no objects, as upstream has them. */
export const plainSchemas: JsonObject = {
  [plainNames.intOrString]: {
    description: "IntOrString is a type that can hold an int32 or a string.",
    format: "int-or-string",
    oneOf: [{ type: "integer" }, { type: "string" }],
  },
  [plainNames.microTime]: {
    description: "MicroTime is version of Time with microsecond level precision.",
    format: "date-time",
    type: "string",
  },
  [plainNames.quantity]: {
    description: "Quantity is a fixed-point representation of a number.",
    oneOf: [{ type: "string" }, { type: "number" }],
  },
  [plainNames.rawExtension]: {
    description: "RawExtension is used to hold extensions in external versions.",
    type: "object",
  },
  [plainNames.time]: {
    description: "Time is a wrapper around time.Time which supports correct marshaling to JSON.",
    format: "date-time",
    type: "string",
  },
};
