import { documentKind, type OpenApiSchema, type ServedKind } from "../../kube/served-kind.ts";
import { trafficGroup } from "../../traffic/model.ts";
import { conditionsSchema } from "./conditions-schema.ts";
import { nameLengthRule } from "./name-length-rule.ts";

const schema: OpenApiSchema = {
  type: "object",
  description: "Exports the Service of the same name and namespace to the fleet.",
  "x-kubernetes-validations": [nameLengthRule],
  properties: {
    status: {
      type: "object",
      description: "What became of the export.",
      properties: { conditions: conditionsSchema },
    },
  },
};

const columns = [
  {
    name: "Is-Valid",
    type: "string",
    jsonPath: ".status.conditions[?(@.type=='Valid')].status",
  },
  {
    name: "Is-Conflicted",
    type: "string",
    jsonPath: ".status.conditions[?(@.type=='Conflict')].status",
  },
  { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" },
] as const;

/** `ServiceExport`: on the hub a template that placements put into members, where it exports. */
export const serviceExport: ServedKind = {
  group: trafficGroup,
  kind: "ServiceExport",
  plural: "serviceexports",
  singular: "serviceexport",
  shortNames: ["svcexport"],
  categories: ["fleet-networking"],
  namespaced: true,
  versions: [
    { name: "v1beta1", schema, columns },
    { name: "v1alpha1", schema, columns },
  ],
  documents: documentKind(trafficGroup, "serviceexports"),
  hasStatus: true,
};
