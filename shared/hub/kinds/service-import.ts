import type { KubeObject, OpenApiSchema, ServedKind } from "../../kube/served-kind.ts";
import { type ServiceImport, serviceImportKind, trafficGroup } from "../../traffic/model.ts";

const schema: OpenApiSchema = {
  type: "object",
  description: "What the clusters that export a service together offer.",
  properties: {
    status: {
      type: "object",
      description: "Follows from the exports of the service.",
      properties: {
        type: {
          type: "string",
          description: "ClusterSetIP: one address stands for all clusters.",
          enum: ["ClusterSetIP", "Headless"],
        },
        ports: {
          type: "array",
          description: "The ports of all exports; where two disagree, those of the older one.",
          "x-kubernetes-list-type": "atomic",
          items: {
            type: "object",
            required: ["port"],
            properties: {
              name: { type: "string", description: "Empty for the only port of a Service." },
              protocol: { type: "string", description: "TCP, UDP or SCTP.", default: "TCP" },
              appProtocol: { type: "string", description: "The protocol above it." },
              port: { type: "integer", format: "int32", description: "Its number." },
            },
          },
        },
        sessionAffinity: { type: "string", description: "That of the oldest export." },
        clusters: {
          type: "array",
          description: "The members that export the service.",
          "x-kubernetes-list-type": "map",
          "x-kubernetes-list-map-keys": ["cluster"],
          items: {
            type: "object",
            required: ["cluster"],
            properties: { cluster: { type: "string", description: "The name of the member." } },
          },
        },
      },
    },
  },
};

/** `ServiceImport`: made by the fleet for each exported service, for people to read. */
export const serviceImport: ServedKind = {
  group: trafficGroup,
  kind: "ServiceImport",
  plural: "serviceimports",
  singular: "serviceimport",
  shortNames: ["svcimport"],
  categories: ["fleet-networking"],
  namespaced: true,
  versions: [
    {
      name: "v1alpha1",
      schema,
      columns: [
        { name: "Type", type: "string", jsonPath: ".status.type" },
        { name: "Clusters", type: "string", cell: clusterNames },
        { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" },
      ],
    },
  ],
  documents: serviceImportKind,
  hasStatus: true,
  readOnly: true,
};

/** A path would show the first one alone. */
function clusterNames(object: KubeObject): string {
  const { status } = object as { readonly status?: Partial<ServiceImport["status"]> };
  return (status?.clusters ?? []).map(({ cluster }) => cluster).join(",");
}
