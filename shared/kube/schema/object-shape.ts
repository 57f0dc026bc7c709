import type { OpenApiSchema, ServedVersion } from "../served-kind.ts";

const text: OpenApiSchema = { type: "string" };
const textMap: OpenApiSchema = { type: "object", additionalProperties: text };

/** `metav1.ObjectMeta`, with how its lists merge. */
export const objectMetaSchema: OpenApiSchema = {
  type: "object",
  description: "ObjectMeta is metadata that all persisted resources must have.",
  properties: {
    name: { type: "string", description: "Name must be unique within a namespace." },
    generateName: {
      type: "string",
      description: "GenerateName is a prefix of a unique name that the server makes.",
    },
    namespace: {
      type: "string",
      description: "Namespace defines the space within which each name must be unique.",
    },
    uid: { type: "string", description: "UID is unique in time and space." },
    resourceVersion: {
      type: "string",
      description: "An opaque value that tells when the object has changed.",
    },
    generation: {
      type: "integer",
      format: "int64",
      description: "A number that grows with each change of the desired state.",
    },
    creationTimestamp: {
      type: "string",
      format: "date-time",
      description: "When the object was created.",
    },
    deletionTimestamp: {
      type: "string",
      format: "date-time",
      description: "When the deletion of the object was asked for.",
    },
    deletionGracePeriodSeconds: {
      type: "integer",
      format: "int64",
      description: "Seconds until the object is deleted for good.",
    },
    selfLink: { type: "string", description: "Where older servers said that the object was." },
    labels: { ...textMap, description: "What selectors select objects by." },
    annotations: { ...textMap, description: "What tools keep beside an object." },
    ownerReferences: {
      type: "array",
      description: "The objects that this one is deleted with.",
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["uid"],
      "x-kubernetes-patch-merge-key": "uid",
      "x-kubernetes-patch-strategy": "merge",
      items: {
        type: "object",
        required: ["apiVersion", "kind", "name", "uid"],
        properties: {
          apiVersion: text,
          kind: text,
          name: text,
          uid: text,
          controller: { type: "boolean" },
          blockOwnerDeletion: { type: "boolean" },
        },
        "x-kubernetes-map-type": "atomic",
      },
    },
    finalizers: {
      type: "array",
      description: "Must be empty before the object is deleted for good.",
      items: text,
      "x-kubernetes-list-type": "set",
      "x-kubernetes-patch-strategy": "merge",
    },
    managedFields: {
      type: "array",
      description: "Which manager owns which fields.",
      items: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
      "x-kubernetes-list-type": "atomic",
    },
  },
};

/** What says of each object what it is. */
export const typeProperties: Readonly<Record<string, OpenApiSchema>> = {
  apiVersion: {
    type: "string",
    description: "APIVersion defines the versioned schema of this representation of an object.",
  },
  kind: {
    type: "string",
    description: "Kind is a string value representing the REST resource this object represents.",
  },
};

const shapes = new WeakMap<ServedVersion, OpenApiSchema>();

/**
 * The schema of whole objects of a version, metadata included: what merging, ownership and
 * validation follow. Without a schema of the version, any field may be in it.
 */
export function objectShape(version: ServedVersion): OpenApiSchema {
  const known = shapes.get(version);
  if (known !== undefined) return known;
  const described = version.schema ?? version.learnt?.structure();
  const own = described ?? version.mergeShape ?? {};
  const shape: OpenApiSchema = {
    ...own,
    type: "object",
    properties: { ...typeProperties, ...own.properties, metadata: objectMetaSchema },
    ...(described === undefined && { "x-kubernetes-preserve-unknown-fields": true as const }),
  };
  shapes.set(version, shape);
  return shape;
}
