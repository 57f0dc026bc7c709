import type { Json } from "../../../lib/kube-object.ts";
import { invalidValue } from "../../field-errors.ts";
import { objectOf } from "../../json.ts";
import { annotationErrors, labelErrors } from "../../object/label-rules.ts";
import type { FieldError } from "../../served-kind.ts";
import { fields, type ObjectRule, type Rule } from "../rule.ts";
import { meansTheSame } from "../same-meaning.ts";
import { comparedClaimSpec } from "./compared-claim-spec.ts";
import { deviceClaimRule } from "./device-claim-rule.ts";

type Compared = (spec: Json | undefined) => Json;

/** An object by the rule, whose spec stays as it was created. */
function withFixedSpec(rule: Rule, compared: Compared): ObjectRule {
  return (object, before) => {
    const { spec } = object;
    const isSame = before === undefined || meansTheSame(compared(spec), compared(before["spec"]));
    const changed: readonly FieldError[] = isSame
      ? []
      : [invalidValue("spec", spec ?? null, "field is immutable")];
    return [...changed, ...rule(object, "")];
  };
}

const claimSpec: Rule = fields({ devices: deviceClaimRule });

/**
 * What a ResourceClaim must be. It stays as it was created.
 *
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/dynamic-resource-allocation/
 */
export const resourceClaimRules: ObjectRule = withFixedSpec(
  fields({ spec: claimSpec }),
  comparedClaimSpec,
);

function comparedTemplate(spec: Json | undefined): Json {
  const given = objectOf(spec);
  return { ...given, spec: comparedClaimSpec(given["spec"]) };
}

/**
 * What a ResourceClaimTemplate must be: claims are made from it as it was created.
 *
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/dynamic-resource-allocation/
 */
export const resourceClaimTemplateRules: ObjectRule = withFixedSpec(
  fields({
    spec: fields({
      metadata: fields({ annotations: annotationErrors, labels: labelErrors }),
      spec: claimSpec,
    }),
  }),
  comparedTemplate,
);
