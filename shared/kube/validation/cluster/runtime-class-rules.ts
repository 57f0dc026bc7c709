import { at } from "../../json.ts";
import { labelErrors } from "../../object/label-rules.ts";
import { nameErrors } from "../../object/name-rules.ts";
import { resourcesRule } from "../pod/resources-rule.ts";
import { tolerationsRule } from "../pod/tolerations-rule.ts";
import { fields, immutable, type ObjectRule, type Rule } from "../rule.ts";
import { anyText, orEmpty } from "../zero-values.ts";

/** Empty text is a name too, and a wrong one. */
const handler = orEmpty(anyText((value) => nameErrors("dns-label", value)));

/** What each pod costs beside its containers is told like their limits. */
const overhead: Rule = (value, path) => {
  const podFixed = at(value, "podFixed");
  return podFixed === undefined ? [] : resourcesRule({ limits: podFixed }, path);
};

const content: Rule = fields({
  handler,
  overhead,
  scheduling: fields({ nodeSelector: labelErrors, tolerations: tolerationsRule }),
});

const fixedHandler = immutable("handler");

/**
 * What a RuntimeClass must be. An update is asked for the handler alone, which stays.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/runtime-class-v1/
 */
export const runtimeClassRules: ObjectRule = (object, before) =>
  before === undefined ? content(object, "") : fixedHandler(object, before);
