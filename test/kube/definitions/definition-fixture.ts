import type { KubeObject } from "../../../shared/kube/served-kind.ts";
import type { Json, JsonObject } from "../../../shared/lib/kube-object.ts";

export interface GadgetParts {
  /** Instead of parts of the spec. */
  readonly spec?: JsonObject;
  /** Instead of parts of the version. */
  readonly version?: JsonObject;
  /** The schema of `spec.size`. */
  readonly size?: Json;
  /** More fields of the spec, by name. */
  readonly fields?: JsonObject;
  readonly root?: (schema: JsonObject) => JsonObject;
}

/** The definition of Gadget, in one version and with a status. */
export function gadgetDefinition(parts: GadgetParts = {}): KubeObject {
  const { spec, version, size = { type: "integer" }, fields, root = (schema) => schema } = parts;
  const schema: JsonObject = {
    type: "object",
    properties: {
      spec: { type: "object", properties: { size, ...fields } },
      status: { type: "object", properties: { size: { type: "integer" } } },
    },
  };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "gadgets.example.com" },
    spec: {
      group: "example.com",
      scope: "Namespaced",
      names: { plural: "gadgets", kind: "Gadget" },
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          subresources: { status: {} },
          schema: { openAPIV3Schema: root(schema) },
          ...version,
        },
      ],
      ...spec,
    },
  };
}
