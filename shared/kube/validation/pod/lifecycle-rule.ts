import { errorsOfItems } from "../../errors-of-items.ts";
import { invalidValue } from "../../field-errors.ts";
import { arrayOf, at, isObject } from "../../json.ts";
import type { FieldError } from "../../served-kind.ts";
import { fields, nothing, type Rule, whole } from "../rule.ts";
import { isSet } from "../zero-values.ts";
import { execRule, handlerRule, httpGetRule, tcpSocketRule } from "./handler-rule.ts";

const hookRule: Rule = handlerRule({
  exec: execRule,
  httpGet: httpGetRule,
  tcpSocket: tcpSocketRule,
  sleep: nothing,
});

/**
 * What happens when a container starts and stops: "lifecycle". How long it may sleep is told by
 * `sleepsRule`, which knows the pod.
 *
 * @see https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/
 */
export const lifecycleRule: Rule = fields({ postStart: hookRule, preStop: hookRule });

const defaultGraceSeconds = 30;

/** No container sleeps longer than its pod has to end; a rule for the whole spec of a pod. */
export const sleepsRule: Rule = whole((spec, path) => {
  const graceSeconds = spec["terminationGracePeriodSeconds"] ?? defaultGraceSeconds;
  if (typeof graceSeconds !== "number") return [];
  return ["containers", "initContainers"].flatMap((list) =>
    errorsOfItems(arrayOf(spec[list]), (container, index) =>
      ["postStart", "preStop"].flatMap((hook) => {
        const where = `${path}.${list}[${index}].lifecycle.${hook}.sleep`;
        const handler = at(container, "lifecycle", hook);
        return sleepErrors(handler, { where, graceSeconds });
      }),
    ),
  );
});

const waysBeforeSleep = ["exec", "httpGet", "tcpSocket"];

function sleepErrors(
  handler: Parameters<Rule>[0],
  { where, graceSeconds }: { readonly where: string; readonly graceSeconds: number },
): readonly FieldError[] {
  if (waysBeforeSleep.some((name) => isSet(at(handler, name)))) return [];
  const sleep = at(handler, "sleep");
  const seconds = isObject(sleep) ? (sleep["seconds"] ?? 0) : undefined;
  if (typeof seconds !== "number" || (seconds >= 0 && seconds <= graceSeconds)) return [];
  const limit = `terminationGracePeriodSeconds (${graceSeconds})`;
  return [invalidValue(where, seconds, `must be non-negative and less than ${limit}`)];
}
