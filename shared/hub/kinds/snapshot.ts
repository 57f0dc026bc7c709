import { arrayOf, at, isObject, objectOf } from "../../kube/json.ts";
import type { KubeObject, OpenApiSchema, ServedKind } from "../../kube/served-kind.ts";
import type { Json, JsonObject } from "../../lib/kube-object.ts";
import { snapshotKind } from "../../rollout/model.ts";

const schema: OpenApiSchema = {
  type: "object",
  description: "What a placement placed at one moment. It never changes.",
  required: ["spec"],
  properties: {
    spec: {
      type: "object",
      description: "The content.",
      properties: {
        selectedResources: {
          type: "array",
          description: "The objects as they are applied; the values of Secrets are left out.",
          items: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
        },
      },
    },
  },
};

const columns = [
  { name: "Gen", type: "string", jsonPath: ".metadata.generation" },
  { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" },
  {
    name: "Index",
    type: "string",
    jsonPath: ".metadata.labels.kubernetes-fleet\\.io/resource-index",
    priority: 1,
  },
] as const;

/** `ClusterResourceSnapshot`: to be read, also by who may not read Secrets. */
export const snapshot: ServedKind = {
  group: "placement.kubernetes-fleet.io",
  kind: "ClusterResourceSnapshot",
  plural: "clusterresourcesnapshots",
  singular: "clusterresourcesnapshot",
  shortNames: ["crs"],
  categories: ["fleet", "fleet-placement"],
  namespaced: false,
  versions: [
    { name: "v1", schema, columns },
    { name: "v1beta1", schema, columns },
  ],
  documents: snapshotKind,
  hasStatus: false,
  hidden: ["content"],
  readOnly: true,
  expand: async (object) => withoutSecrets(object),
};

function withoutSecrets(object: KubeObject): KubeObject {
  const spec = objectOf(object["spec"]);
  const selectedResources = arrayOf(spec["selectedResources"]).map(withoutValues);
  return { ...object, spec: { ...spec, selectedResources } };
}

function withoutValues(manifest: Json): Json {
  const { data, stringData, ...rest } = objectOf(manifest);
  if (rest["apiVersion"] !== "v1" || rest["kind"] !== "Secret") return manifest;
  const { metadata } = rest;
  // kubectl keeps what it applied as an annotation, the values included.
  const annotations = at(metadata, "annotations");
  return {
    ...rest,
    ...(isObject(metadata) &&
      isObject(annotations) && {
        metadata: { ...metadata, annotations: emptied(annotations) },
      }),
    ...(isObject(data) && { data: emptied(data) }),
    ...(isObject(stringData) && { stringData: emptied(stringData) }),
  };
}

const emptied = (values: JsonObject): JsonObject =>
  Object.fromEntries(Object.keys(values).map((name) => [name, ""]));
