import { objectMeta } from "../../../../shared/kube/built-in/merge-markers.ts";
import type { OpenApiSchema } from "../../../../shared/kube/served-kind.ts";
import type { JsonObject } from "../../../../shared/lib/kube-object.ts";
import type { ClientModel } from "./client-model.ts";
import { type FieldType, fieldTypeOf } from "./field-type.ts";

/** How fields merge ("V1PodSpec.containers"), and models as a whole ("V1LabelSelector"). */
export type MergeOverlay = ReadonlyMap<string, JsonObject>;

const ofFields = [
  "x-kubernetes-list-type",
  "x-kubernetes-list-map-keys",
  "x-kubernetes-patch-merge-key",
  "x-kubernetes-patch-strategy",
  "default",
] as const;
const ofMaps = "x-kubernetes-map-type";

interface Walk {
  readonly modelOf: (name: string) => ClientModel | undefined;
  readonly overlay: Map<string, JsonObject>;
}

/**
 * What the merge shapes of kinds say, told of the models that the shapes go through: a shape is of
 * a kind, and upstream's markers are of types.
 */
export function mergeOverlay(
  shapes: readonly (readonly [model: string, shape: OpenApiSchema])[],
  modelOf: Walk["modelOf"],
): MergeOverlay {
  const walk: Walk = { modelOf, overlay: new Map() };
  for (const [model, shape] of shapes) walkModel(model, shape, walk);
  walkModel("V1ObjectMeta", objectMeta, walk);
  return walk.overlay;
}

function walkModel(name: string, shape: OpenApiSchema, walk: Walk): void {
  const model = walk.modelOf(name);
  for (const field of model?.fields ?? []) {
    const { properties = {} } = shape;
    const below = Object.hasOwn(properties, field.name) ? properties[field.name] : undefined;
    if (below === undefined) continue;
    const type = fieldTypeOf(field.type);
    mark(`${name}.${field.name}`, fieldMarkers(below, type), walk);
    walkValue(type, below, walk);
  }
}

function walkValue(type: FieldType, shape: OpenApiSchema, walk: Walk): void {
  if (type.kind === "list") walkValue(type.of, shape.items ?? {}, walk);
  if (type.kind !== "model") return;
  if (shape[ofMaps] === "atomic") mark(type.name, { [ofMaps]: "atomic" }, walk);
  walkModel(type.name, shape, walk);
}

/** That a type is atomic is said of the type; all else is said of the field. */
function fieldMarkers(shape: OpenApiSchema, type: FieldType): JsonObject {
  const told = Object.entries(shape as unknown as JsonObject);
  const names: readonly string[] = ofFields;
  const isOfType = type.kind === "model" && shape[ofMaps] === "atomic";
  return Object.fromEntries(
    told.filter(([name]) => names.includes(name) || (name === ofMaps && !isOfType)),
  );
}

function mark(name: string, markers: JsonObject, { overlay }: Walk): void {
  if (Object.keys(markers).length === 0) return;
  overlay.set(name, { ...overlay.get(name), ...markers });
}
