import type { Json } from "../../../lib/kube-object.ts";
import { errorsOfItems } from "../../errors-of-items.ts";
import { duplicateValue, forbiddenField } from "../../field-errors.ts";
import { arrayOf, at, textOf } from "../../json.ts";
import type { FieldError } from "../../served-kind.ts";
import { all, fields, oneOf, type Rule, required, whole } from "../rule.ts";
import { dnsLabel } from "../text-rules.ts";
import { containerPortsRule, hostPortsRule } from "./container-ports-rule.ts";
import { envFromRule, envRule } from "./env-rules.ts";
import { lifecycleRule } from "./lifecycle-rule.ts";
import { livenessProbeRule, readinessProbeRule } from "./probe-rule.ts";
import { resizePolicyRule } from "./resize-policy-rule.ts";
import { resourcesRule } from "./resources-rule.ts";
import { containerSecurityContextRule } from "./security-context-rule.ts";

/** What containers of all sorts must be, but for what they mount. */
const beforeMounts: Rule = fields({
  name: required(dnsLabel),
  image: required(),
  terminationMessagePolicy: oneOf("File", "FallbackToLogsOnError"),
  ports: containerPortsRule,
  env: envRule,
  envFrom: envFromRule,
});

const afterMounts: Rule = fields({
  imagePullPolicy: oneOf("Always", "IfNotPresent", "Never"),
  resources: resourcesRule,
  resizePolicy: resizePolicyRule,
  securityContext: containerSecurityContextRule,
});

const life: Rule = fields({
  lifecycle: lifecycleRule,
  livenessProbe: livenessProbeRule,
  readinessProbe: readinessProbeRule,
  startupProbe: livenessProbeRule,
});

/** What runs until its end has nothing to be probed for. */
const lifeOfInit: Rule = whole((container, path) => {
  if (container["restartPolicy"] === "Always") return life(container, path);
  const because = "may not be set for init containers without restartPolicy=Always";
  return ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"]
    .filter((name) => container[name] !== undefined)
    .map((name) => forbiddenField(`${path}.${name}`, because));
});

/** The containers of a pod; `mounts` checks what each mounts of the pod's volumes. */
export function containersRule(mounts: Rule): Rule {
  const content = all(beforeMounts, mounts, afterMounts);
  return required(all(differentNames(content, life), hostPortsRule));
}

/** The init containers of a pod, whose names are none of its containers'. */
export function initContainersRule(mounts: Rule, containers: Json | undefined): Rule {
  const content = all(beforeMounts, mounts, afterMounts);
  return differentNames(content, lifeOfInit, arrayOf(containers).map(nameOf));
}

/** Each container by two rules, between which a name that is taken is told. */
function differentNames(
  content: Rule,
  more: Rule,
  taken: readonly (string | undefined)[] = [],
): Rule {
  return (value, path) => {
    const seen = new Set(taken);
    return errorsOfItems(arrayOf(value), (container, index): readonly FieldError[] => {
      const here = `${path}[${index}]`;
      const name = nameOf(container);
      const isTaken = name !== undefined && name !== "" && seen.has(name);
      seen.add(name);
      return [
        ...content(container, here),
        ...(isTaken ? [duplicateValue(`${here}.name`, JSON.stringify(name))] : []),
        ...more(container, here),
      ];
    });
  };
}

function nameOf(container: Json): string | undefined {
  return textOf(at(container, "name"));
}
