import type { JsonObject } from "../../lib/kube-object.ts";

/** What references in OpenAPI v3 documents begin with. */
export const schemaPrefix = "#/components/schemas/";

/** `{ $ref: "#/components/schemas/io.k8s.api.core.v1.PodSpec" }` */
export function schemaReference(name: string): JsonObject {
  return { $ref: `${schemaPrefix}${name}` };
}
