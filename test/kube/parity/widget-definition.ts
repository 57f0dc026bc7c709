import type { JsonObject } from "../../../shared/lib/kube-object.ts";

const part: JsonObject = {
  type: "object",
  required: ["name"],
  properties: {
    name: { type: "string" },
    weight: { type: "integer", default: 1 },
    port: { "x-kubernetes-int-or-string": true },
  },
};

const spec: JsonObject = {
  type: "object",
  required: ["size"],
  "x-kubernetes-validations": [
    {
      rule: "!has(self.label) || self.label.startsWith('w')",
      message: "label must start with w",
      fieldPath: ".label",
    },
  ],
  properties: {
    size: { type: "integer", minimum: 0, maximum: 10 },
    ratio: { type: "number" },
    color: { type: "string", enum: ["red", "blue"], default: "red" },
    name: { type: "string", maxLength: 5, minLength: 2, pattern: "^[a-z]+$" },
    label: { type: "string" },
    on: { type: "boolean" },
    maybe: { type: "string", nullable: true },
    tags: {
      type: "array",
      maxItems: 3,
      items: { type: "string" },
      "x-kubernetes-list-type": "set",
    },
    parts: {
      type: "array",
      items: part,
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["name"],
    },
    free: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
    limits: { type: "object", additionalProperties: { type: "integer" } },
    at: { type: "string", format: "date-time" },
  },
};

/** The custom resource of the corpus: what a structural schema can say, a status and a scale. */
export const widgetDefinition: JsonObject = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "widgets.parity.example.com" },
  spec: {
    group: "parity.example.com",
    scope: "Namespaced",
    names: { plural: "widgets", singular: "widget", kind: "Widget", shortNames: ["wd"] },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        subresources: {
          status: {},
          scale: {
            specReplicasPath: ".spec.size",
            statusReplicasPath: ".status.size",
            labelSelectorPath: ".status.selector",
          },
        },
        additionalPrinterColumns: [
          { name: "Size", type: "integer", jsonPath: ".spec.size", description: "How large." },
          { name: "Color", type: "string", jsonPath: ".spec.color", priority: 1 },
        ],
        selectableFields: [{ jsonPath: ".spec.color" }],
        schema: {
          openAPIV3Schema: {
            type: "object",
            properties: {
              spec,
              status: {
                type: "object",
                properties: { size: { type: "integer" }, selector: { type: "string" } },
              },
            },
          },
        },
      },
    ],
  },
};
