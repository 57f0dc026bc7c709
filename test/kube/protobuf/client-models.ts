/** What a Kubernetes client's own models, made of OpenAPI documents, say of objects. */
import * as client from "@kubernetes/client-node";
import type { Json, JsonObject } from "../../../shared/lib/kube-object.ts";

export interface ModelField {
  readonly name: string;
  /** "string", "V1PodSpec", "Array<string>", "{ [key: string]: string; }", … */
  readonly type: string;
  readonly format: string;
}

interface Attribute {
  readonly baseName: string;
  readonly type: string;
  readonly format: string;
}

/** The client is of 1.36: what came after 1.34, by model. */
export const newerFields: Readonly<Record<string, readonly string[]>> = {
  V1CSIDriverSpec: ["preventPodSchedulingIfMissing", "serviceAccountTokenInSecrets"],
  V1CustomResourceDefinitionCondition: ["observedGeneration"],
  V1CustomResourceDefinitionStatus: ["observedGeneration"],
  V1Device: ["nodeAllocatableResourceMappings"],
  V1DeviceAttribute: ["bools", "ints", "strings", "versions"],
  V1NodeStatus: ["declaredFeatures"],
  V1PodCertificateProjection: ["userAnnotations"],
  V1PodSpec: ["schedulingGroup"],
  V1PodStatus: ["allocatedResources", "nodeAllocatableResourceClaimStatuses", "resources"],
  V1ResourceHealth: ["message"],
  V1VolumeMountStatus: ["volumeStatus"],
};

/**
 * The fields of a model in 1.34; undefined for what is no model. Protobuf tells the type of an
 * object around it, so that its own fields have none.
 */
export function fieldsOfModel(model: string): readonly ModelField[] | undefined {
  const found = (client as Readonly<Record<string, unknown>>)[model] as
    | { readonly getAttributeTypeMap?: () => readonly Attribute[] }
    | undefined;
  const fields = found
    ?.getAttributeTypeMap?.()
    .map(({ baseName, type, format }) => ({ name: baseName, type, format }));
  const isObject = fields?.some(({ name }) => name === "metadata") === true;
  const others = [...(newerFields[model] ?? []), ...(isObject ? ["apiVersion", "kind"] : [])];
  return fields?.filter(({ name }) => !others.includes(name));
}

/** The model of a kind: "V1Pod", or "EventsV1Event" where groups have a name in common. */
export function modelOfKind(group: string, version: string, kind: string): string {
  const owner = capitalized(group.split(".")[0] || "core");
  const names = [`${owner}${capitalized(version)}${kind}`, `${capitalized(version)}${kind}`];
  return names.find((name) => fieldsOfModel(name) !== undefined) ?? names[0] ?? kind;
}

function capitalized(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}

/** What lists and maps hold; the type itself for one value. */
export function itemType(type: string): string {
  return /^(?:Array<(.*)>|\{ \[key: string\]: (.*); \})$/.exec(type)?.slice(1).join("") ?? type;
}

/** An object with every field of a model, none of them zero. A model in itself is empty. */
export function fullObject(model: string, path: readonly string[] = []): JsonObject {
  if (path.includes(model)) return {};
  // Its status has no fields, which models cannot say.
  if (model === "V1CustomResourceSubresources") return { status: {} };
  const fields = fieldsOfModel(model) ?? [];
  const inside = [...path, model];
  return Object.fromEntries(fields.map((field) => [field.name, fullValue(field, inside)]));
}

function fullValue({ type, format }: Omit<ModelField, "name">, path: readonly string[]): Json {
  const item = itemType(type);
  if (type.startsWith("Array<")) return [fullValue({ type: item, format }, path)];
  if (type.startsWith("{")) return { "a.com/key": fullValue({ type: item, format }, path) };
  const plain = plainValues[type];
  if (type === "string" && format === "byte") return "aGk=";
  if (type === "number" && format === "double") return 0.5;
  return plain ?? fullObject(type, path);
}

/** Text that is a quantity, too, and any value that is an object or a schema, too. */
const plainValues: Readonly<Record<string, Json>> = {
  string: "1",
  boolean: true,
  number: 7,
  Date: "2026-11-21T12:00:00Z",
  V1MicroTime: "2026-11-21T12:00:00.123456Z",
  IntOrString: 8080,
  any: { description: "any" },
};
