import type { Json } from "../../../lib/kube-object.ts";
import {
  forbiddenField,
  invalidValue,
  requiredValue,
  unsupportedValue,
} from "../../field-errors.ts";
import { isObject } from "../../json.ts";
import { atMostAll, countOrPercent } from "../number-rules.ts";
import { all, fields, first, type Rule, whole } from "../rule.ts";

/** 0 and "0%": no pod at all. */
export function isNone(count: Json | undefined): boolean {
  return count === 0 || (typeof count === "string" && /^0+%$/.test(count));
}

/** Of a strategy that nobody knows, all is told. */
function strategyOf(...types: readonly string[]): Rule {
  return whole((strategy, path) => {
    const { type } = strategy;
    const isKnown = typeof type !== "string" || type === "" || types.includes(type);
    return isKnown ? [] : [unsupportedValue(path, strategy, types)];
  });
}

/** How a Deployment replaces its pods: "spec.strategy". */
export const deploymentStrategyRule: Rule = first(
  strategyOf("Recreate", "RollingUpdate"),
  whole((value, path) => {
    const { type, rollingUpdate } = value;
    const field = `${path}.rollingUpdate`;
    if (type !== "Recreate") return rollingUpdateRule(rollingUpdate, field);
    const because = "may not be specified when strategy `type` is 'Recreate'";
    return rollingUpdate === undefined ? [] : [forbiddenField(field, because)];
  }),
);

/** Absent counts are a quarter of the pods, so both are none only when they say so. */
const rollingUpdateRule: Rule = all(
  fields({ maxUnavailable: countOrPercent, maxSurge: countOrPercent }),
  whole((value, path) =>
    isNone(value["maxUnavailable"]) && isNone(value["maxSurge"])
      ? [
          invalidValue(
            `${path}.maxUnavailable`,
            value["maxUnavailable"] ?? 0,
            "may not be 0 when `maxSurge` is 0",
          ),
        ]
      : [],
  ),
  fields({ maxUnavailable: atMostAll }),
);

/** How a DaemonSet replaces its pods: without a surge, one at a time unless it says more. */
export const daemonSetStrategyRule: Rule = first(
  strategyOf("RollingUpdate", "OnDelete"),
  whole((value, path) => {
    const { type, rollingUpdate } = value;
    if (type === "OnDelete" || !isObject(rollingUpdate)) return [];
    return daemonSetRollingUpdateRule(rollingUpdate, `${path}.rollingUpdate`);
  }),
);

const daemonSetRollingUpdateRule: Rule = all(
  fields({
    maxUnavailable: all(countOrPercent, atMostAll),
    maxSurge: all(countOrPercent, atMostAll),
  }),
  whole((value, path) => {
    const { maxUnavailable = 1, maxSurge = 0 } = value;
    const field = `${path}.maxSurge`;
    if (isNone(maxSurge) && isNone(maxUnavailable)) {
      return [requiredValue(`${path}.maxUnavailable`, "cannot be 0 when maxSurge is 0")];
    }
    if (isNone(maxSurge) || isNone(maxUnavailable)) return [];
    return [invalidValue(field, maxSurge, "may not be set when maxUnavailable is non-zero")];
  }),
);
