import { forbiddenField } from "../../field-errors.ts";
import { nonNegative } from "../number-rules.ts";
import { all, fields, number, type ObjectRule, objectRule, type Rule, whole } from "../rule.ts";

const duration = number((value) => (value > 0 ? [] : ["must be greater than 0"]));

/** Who holds the lease next is for those to say who choose by a strategy. */
const preferredHolder: Rule = whole((spec, path) => {
  const [holder = "", strategy = ""] = [spec["preferredHolder"], spec["strategy"]];
  if (holder === "" || strategy !== "") return [];
  const because = "may only be specified if `strategy` is defined";
  return [forbiddenField(`${path}.preferredHolder`, because)];
});

/**
 * What a Lease must be.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/lease-v1/
 */
export const leaseRules: ObjectRule = objectRule(
  fields({
    spec: all(
      fields({ leaseDurationSeconds: duration, leaseTransitions: nonNegative }),
      preferredHolder,
    ),
  }),
);
