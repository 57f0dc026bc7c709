import type { OpenApiSchema, ServedKind } from "../../kube/served-kind.ts";
import type { KubeBody } from "../../lib/kube-object.ts";
import {
  balancerFinalizer,
  type MultiClusterService,
  multiClusterServiceKind,
  multiClusterServiceRefs,
  trafficGroup,
} from "../../traffic/model.ts";
import { conditionsSchema } from "./conditions-schema.ts";
import { nameLengthRule } from "./name-length-rule.ts";

const schema: OpenApiSchema = {
  type: "object",
  description: "Gives a service that clusters export one public address in front of all of them.",
  required: ["spec"],
  "x-kubernetes-validations": [nameLengthRule],
  properties: {
    spec: {
      type: "object",
      description: "What is wanted.",
      required: ["serviceImport"],
      properties: {
        serviceImport: {
          type: "object",
          description: "The ServiceImport, of the same namespace, to give an address to.",
          required: ["name"],
          properties: {
            name: {
              type: "string",
              description: "Its name: that of the exported Services.",
              maxLength: 63,
              pattern: "^([a-z]([-a-z0-9]*[a-z0-9])?)$",
            },
          },
        },
      },
    },
    status: {
      type: "object",
      description: "What is so.",
      properties: {
        loadBalancer: {
          type: "object",
          description: "Where clients find the service.",
          properties: {
            ingress: {
              type: "array",
              description: "One public address, once traffic can reach it.",
              "x-kubernetes-list-type": "atomic",
              items: {
                type: "object",
                properties: { ip: { type: "string", description: "An IPv4 address." } },
              },
            },
          },
        },
        conditions: conditionsSchema,
      },
    },
  },
};

/**
 * `MultiClusterService`: on the hub, since it is the fleet that owns the load balancer. Its
 * backends are the public frontends that members already have, so an exported Service must be of
 * type LoadBalancer; `Programmed` says which member is left out, and why.
 */
export const multiClusterService: ServedKind = {
  group: trafficGroup,
  kind: "MultiClusterService",
  plural: "multiclusterservices",
  singular: "multiclusterservice",
  shortNames: ["mcs"],
  categories: ["fleet-networking"],
  namespaced: true,
  versions: [
    {
      name: "v1alpha1",
      schema,
      columns: [
        { name: "Service-Import", type: "string", jsonPath: ".spec.serviceImport.name" },
        { name: "External-IP", type: "string", jsonPath: ".status.loadBalancer.ingress[0].ip" },
        {
          name: "Is-Valid",
          type: "string",
          jsonPath: ".status.conditions[?(@.type=='Valid')].status",
        },
        { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" },
      ],
    },
  ],
  documents: multiClusterServiceKind,
  hasStatus: true,
  hidden: ["balancer"],
  finalizers: [balancerFinalizer],
  refsOf: (body: KubeBody, _name, namespace = "") =>
    multiClusterServiceRefs(body as MultiClusterService, namespace),
};
