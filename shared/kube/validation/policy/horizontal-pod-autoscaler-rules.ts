import { forbiddenField, invalidValue, requiredValue } from "../../field-errors.ts";
import { arrayOf, at, isArray } from "../../json.ts";
import { atMost, positive } from "../number-rules.ts";
import {
  all,
  each,
  fields,
  number,
  type ObjectRule,
  objectRule,
  oneOf,
  type Rule,
  struct,
} from "../rule.ts";
import { orEmpty, orZero, strictlyOneOf } from "../zero-values.ts";
import { crossVersionObjectReferenceRule } from "./cross-version-object-reference-rule.ts";
import { metricRule } from "./metric-rule.ts";

const windowSecondsMax = 3_600;
const periodSecondsMax = 1_800;

/** None at all is for those clusters that can scale to zero. */
const minReplicas = number((value) => (value >= 0 ? [] : ["must be greater than or equal to 1"]));

/** A limit without a default: an absent one is none. */
const maxReplicas: Rule = (value = 0, path) =>
  typeof value === "number" && value < 1
    ? [invalidValue(path, value, "must be greater than 0")]
    : [];

const maxOfMin: Rule = (spec, path) => {
  const [least, most] = [at(spec, "minReplicas"), at(spec, "maxReplicas") ?? 0];
  if (typeof least !== "number" || typeof most !== "number" || most >= least) return [];
  const because = "must be greater than or equal to `minReplicas`";
  return [invalidValue(`${path}.maxReplicas`, most, because)];
};

/** What no pod is left to tell cannot wake the first one. */
const metricsOfNone: Rule = (spec, path) => {
  const types = arrayOf(at(spec, "metrics")).map((metric) => at(metric, "type"));
  const isSeenFromOutside = types.some((type) => type === "Object" || type === "External");
  if (at(spec, "minReplicas") !== 0 || isSeenFromOutside) return [];
  const because =
    "must specify at least one Object or External metric to support scaling to zero replicas";
  return [forbiddenField(`${path}.metrics`, because)];
};

const policyRule: Rule = fields({
  type: orEmpty(strictlyOneOf("Percent", "Pods")),
  value: orZero(positive),
  periodSeconds: all(orZero(positive), atMost(periodSecondsMax)),
});

const window: Rule = all(
  number((value) => (value >= 0 ? [] : ["must be greater than or equal to zero"])),
  atMost(windowSecondsMax),
);

/** Absent policies are the usual ones; an empty list is none. */
const policies: Rule = (value, path) =>
  isArray(value) && value.length === 0
    ? [requiredValue(path, "must specify at least one Policy")]
    : each(policyRule)(value, path);

const scalingRules: Rule = fields({
  stabilizationWindowSeconds: window,
  selectPolicy: oneOf("Disabled", "Max", "Min"),
  policies,
});

/**
 * What a HorizontalPodAutoscaler must be, in the form of autoscaling/v2.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale/
 */
export const horizontalPodAutoscalerRules: ObjectRule = objectRule(
  struct({
    spec: all(
      struct({ minReplicas, maxReplicas }),
      maxOfMin,
      struct({ scaleTargetRef: crossVersionObjectReferenceRule }),
      fields({ metrics: each(metricRule) }),
      metricsOfNone,
      fields({ behavior: fields({ scaleUp: scalingRules, scaleDown: scalingRules }) }),
    ),
  }),
);
