import type { Json } from "../../../lib/kube-object.ts";
import { errorsOfItems } from "../../errors-of-items.ts";
import { duplicateValue, invalidValue, unsupportedValue } from "../../field-errors.ts";
import { arrayOf, at, isString, textOf } from "../../json.ts";
import { fields, number, type ObjectRule, objectRule, oneOf, type Rule, struct } from "../rule.ts";
import { meansTheSame } from "../same-meaning.ts";
import { tokenSeconds } from "./projected-source.ts";

/** The audiences of tokens differ; that of the API server itself is "". */
const tokenRequests: Rule = (value, path) => {
  const audiences = new Set<string>();
  return errorsOfItems(arrayOf(value), (request, index) => {
    const audience = textOf(at(request, "audience")) ?? "";
    const where = `${path}[${index}]`;
    if (audiences.has(audience)) {
      return [duplicateValue(`${where}.audience`, JSON.stringify(audience))];
    }
    audiences.add(audience);
    return tokenSeconds(at(request, "expirationSeconds"), `${where}.expirationSeconds`);
  });
};

const lifecycleModes = ["Persistent", "Ephemeral"];

const volumeLifecycleModes: Rule = (value, path) =>
  errorsOfItems(arrayOf(value), (mode) =>
    isString(mode) && !lifecycleModes.includes(mode)
      ? [unsupportedValue(path, mode, lifecycleModes)]
      : [],
  );

const updatePeriod = number((value) =>
  value < 10 ? ["must be greater than or equal to 10 seconds"] : [],
);

/** A field of the spec that stays as it was; `shown` is what a kube-apiserver calls it. */
function fixed(field: string, shown: string, otherwise: Json): ObjectRule {
  return (driver, before) => {
    const [now, then] = [driver, before].map((each) => at(each, "spec", field) ?? otherwise);
    if (now === undefined || meansTheSame(now, then)) return [];
    return [invalidValue(`spec.${shown}`, now, "field is immutable")];
  };
}

/**
 * A `storage.k8s.io/v1 CSIDriver`: what Kubernetes must know to use a driver.
 *
 * @see https://kubernetes-csi.github.io/docs/csi-driver-object.html
 */
export const csiDriverRules: ObjectRule = objectRule(
  struct({
    spec: fields({
      fsGroupPolicy: oneOf("File", "None", "ReadWriteOnceWithFSType"),
      tokenRequests,
      volumeLifecycleModes,
      nodeAllocatableUpdatePeriodSeconds: updatePeriod,
    }),
  }),
  fixed("attachRequired", "attachedRequired", true),
  fixed("volumeLifecycleModes", "volumeLifecycleModes", ["Persistent"]),
);
