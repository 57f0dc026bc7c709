import { isDeepStrictEqual } from "node:util";
import { objectOf } from "../json.ts";
import { contentOf, withContent } from "../object/content-of.ts";
import { withDefaults } from "../schema/defaults.ts";
import { prune } from "../schema/prune.ts";
import type { KubeObject, OpenApiSchema, ServedKind, ServedVersion } from "../served-kind.ts";

/**
 * What is stored may be older than its definition: it is read without the fields that the schema of
 * the storage version no longer knows, and with the defaults that it has since.
 *
 * @see https://kubernetes.io/docs/concepts/extend-kubernetes/api-extension/custom-resources/
 */
export function coercionTo(storage: OpenApiSchema): NonNullable<ServedKind["coerce"]> {
  return (stored) => {
    const content = contentOf(stored);
    const complete = withDefaults(prune(content, storage, []), storage);
    return complete === content ? stored : withContent(stored, objectOf(complete));
  };
}

/**
 * How objects get from a version to the storage version and back where definitions convert nothing:
 * each sees the fields that its own schema knows.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/extend-resources/
 */
export function conversionOf(
  schema: OpenApiSchema,
  storage: OpenApiSchema,
): Pick<ServedVersion, "toStored" | "fromStored"> {
  if (isDeepStrictEqual(schema, storage)) return {};
  return {
    toStored: (object) => pruned(object, storage),
    fromStored: (stored) => pruned(stored, schema),
  };
}

function pruned(object: KubeObject, schema: OpenApiSchema): KubeObject {
  return withContent(object, objectOf(prune(contentOf(object), schema, [])));
}
