import type { Json, JsonObject } from "../../../lib/kube-object.ts";
import { fieldsOf, objectOf } from "../../json.ts";
import { canonicalQuantity } from "../canonical-quantity.ts";
import { withDefaults } from "../same-meaning.ts";

/** The spec of a claim with its default, where equal quantities look alike. */
export function comparedClaimSpec(spec: JsonObject): JsonObject {
  const { requests, limits } = objectOf(spec["resources"]);
  return {
    ...withDefaults(spec, { volumeMode: "Filesystem" }),
    resources: { requests: quantities(requests), limits: quantities(limits) },
  };
}

function quantities(resources: Json | undefined): JsonObject {
  return Object.fromEntries(
    fieldsOf(objectOf(resources)).map(([name, each]) => [
      name,
      canonicalQuantity(each)?.text ?? each,
    ]),
  );
}
