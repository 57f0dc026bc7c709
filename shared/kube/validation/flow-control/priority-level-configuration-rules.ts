import type { JsonObject } from "../../../lib/kube-object.ts";
import {
  forbiddenField,
  invalidValue,
  requiredValue,
  unsupportedValue,
} from "../../field-errors.ts";
import { isObject, objectOf, omit } from "../../json.ts";
import type { FieldError, KubeObject } from "../../served-kind.ts";
import { fields, number, type ObjectRule, type Rule, struct, whole } from "../rule.ts";
import { meansTheSame, withDefaults } from "../same-meaning.ts";
import { isSet, textOrEmpty } from "../zero-values.ts";
import { catchAllLevel } from "./mandatory-flow.ts";
import { priorityLevelQueuingRule } from "./priority-level-queuing-rule.ts";

const defaultShares = 30;

const shares = number((value) => (value >= 0 ? [] : ["must be a non-negative integer"]));
const lendablePercent = number((value) =>
  value >= 0 && value <= 100 ? [] : ["must be between 0 and 100, inclusive"],
);
const borrowingLimitPercent = number((value) =>
  value >= 0 ? [] : ["if specified, must be a non-negative integer"],
);

const exemptRule: Rule = fields({ nominalConcurrencyShares: shares, lendablePercent });

/** A request that finds no seat waits, or is refused. */
const limitResponse: Rule = whole(({ type, queuing }, path) => {
  const where = `${path}.queuing`;
  switch (textOrEmpty(type)) {
    case undefined:
      return [];
    case "Reject": {
      const because = "must be nil if limited.limitResponse.type is not Limited";
      return isSet(queuing) ? [forbiddenField(where, because)] : [];
    }
    case "Queue": {
      const because = "must not be empty if limited.limitResponse.type is Limited";
      if (!isSet(queuing)) return [requiredValue(where, because)];
      return priorityLevelQueuingRule(queuing, where);
    }
    default:
      return [unsupportedValue(`${path}.type`, type ?? "", ["Queue", "Reject"])];
  }
});

const limitedRule: Rule = fields({
  nominalConcurrencyShares: shares,
  limitResponse: (value, path) => limitResponse(value ?? {}, path),
  lendablePercent,
  borrowingLimitPercent,
});

const typeRule: Rule = whole(({ type, limited, exempt }, path) => {
  const [limitedPath, exemptPath] = [`${path}.limited`, `${path}.exempt`];
  const notLimited = forbiddenField(limitedPath, "must be nil if the type is not Limited");
  const isLimited = forbiddenField(exemptPath, "must be nil if the type is Limited");
  const missing = requiredValue(limitedPath, "must not be empty when type is Limited");
  switch (textOrEmpty(type)) {
    case undefined:
      return [];
    case "Exempt":
      return [...(isSet(limited) ? [notLimited] : []), ...exemptRule(exempt, exemptPath)];
    case "Limited":
      return [
        ...(isSet(exempt) ? [isLimited] : []),
        ...(isSet(limited) ? limitedRule(limited, limitedPath) : [missing]),
      ];
    default:
      return [unsupportedValue(`${path}.type`, type ?? "", ["Exempt", "Limited"])];
  }
});

const content: Rule = struct({ spec: (value, path) => typeRule(value ?? {}, path) });

/** One level alone is without limits. */
function exemptNameErrors({ metadata, spec }: KubeObject): readonly FieldError[] {
  const type = textOrEmpty(objectOf(spec)["type"]);
  const isExempt = metadata["name"] === "exempt";
  if (type === undefined || isExempt === (type === "Exempt")) return [];
  const because = "type must be 'Exempt' if and only if name is 'exempt'";
  return [invalidValue("spec.type", type, because)];
}

function changedMandatory({ metadata: { name }, spec }: KubeObject): readonly FieldError[] {
  const given = objectOf(spec);
  const told = (because: string) => [invalidValue("spec", spec ?? null, because)];
  if (name === "exempt" && !meansTheSame(omit(given, ["exempt"]), { type: "Exempt" })) {
    return told("spec of 'exempt' except the 'spec.exempt' field must equal the fixed value");
  }
  if (name === "catch-all" && !meansTheSame(defaulted(given), catchAllLevel)) {
    return told("spec of 'catch-all' must equal the fixed value");
  }
  return [];
}

function defaulted(spec: JsonObject): JsonObject {
  const { limited } = spec;
  if (!isObject(limited)) return spec;
  return { ...spec, limited: withDefaults(limited, { nominalConcurrencyShares: defaultShares }) };
}

/**
 * What a PriorityLevelConfiguration must be. Those that each server keeps cannot be changed, but
 * for how much the one without limits lends.
 *
 * @see https://kubernetes.io/docs/concepts/cluster-administration/flow-control/
 */
export const priorityLevelConfigurationRules: ObjectRule = (level) => [
  ...exemptNameErrors(level),
  ...content(level, ""),
  ...changedMandatory(level),
];
