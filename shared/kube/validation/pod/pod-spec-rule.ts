import { objectOf } from "../../json.ts";
import { between } from "../number-rules.ts";
import { all, fields, oneOf, type Rule } from "../rule.ts";
import { volumeMountsRule } from "../storage/volume-mounts-rule.ts";
import { checkVolumes } from "../storage/volumes-rule.ts";
import { dnsLabel, dnsSubdomain } from "../text-rules.ts";
import { affinityRule } from "./affinity-rule.ts";
import { containersRule, initContainersRule } from "./container-rules.ts";
import { dnsConfigByPolicyRule, dnsPolicyRule } from "./dns-rule.ts";
import { readinessGatesRule, schedulingGatesRule } from "./gates-rules.ts";
import { hostAliasesRule } from "./host-aliases-rule.ts";
import { hostNamespacesRule } from "./host-namespaces-rule.ts";
import { sleepsRule } from "./lifecycle-rule.ts";
import { nodeSelectorRule } from "./node-selector-rule.ts";
import { podOsRule } from "./pod-os-rule.ts";
import { podSecurityContextRule } from "./security-context-rule.ts";
import { tolerationsRule } from "./tolerations-rule.ts";
import { topologySpreadConstraintsRule } from "./topology-spread-rule.ts";
import { windowsHostProcessRule } from "./windows-host-process-rule.ts";

const int32Max = 2 ** 31 - 1;

/** All but the containers and what they mount. */
const surroundings: Rule = all(
  sleepsRule,
  fields({
    restartPolicy: oneOf("Always", "OnFailure", "Never"),
    dnsPolicy: dnsPolicyRule,
    nodeSelector: nodeSelectorRule,
    securityContext: podSecurityContextRule,
  }),
  hostNamespacesRule,
  fields({ affinity: affinityRule }),
  dnsConfigByPolicyRule,
  fields({
    readinessGates: readinessGatesRule,
    schedulingGates: schedulingGatesRule,
    topologySpreadConstraints: topologySpreadConstraintsRule,
  }),
  windowsHostProcessRule,
  fields({
    serviceAccountName: dnsSubdomain,
    nodeName: dnsSubdomain,
    activeDeadlineSeconds: between(1, int32Max),
    hostname: dnsLabel,
    subdomain: dnsLabel,
    tolerations: tolerationsRule,
    hostAliases: hostAliasesRule,
    priorityClassName: dnsSubdomain,
    runtimeClassName: dnsSubdomain,
    preemptionPolicy: oneOf("PreemptLowerPriority", "Never"),
  }),
  podOsRule,
);

/** What the spec of the pods that are made from a template must be: "spec.template.spec". */
export const podSpecRule: Rule = podSpecRuleFor();

/**
 * What the spec of a pod must be. `podName` is that of a pod that is made as it stands, whose
 * claims have names; a template's pods have none yet.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#PodSpec
 */
export function podSpecRuleFor(podName?: string): Rule {
  return (value = {}, path) => {
    const { volumes, containers } = objectOf(value);
    const { errors, mountable } = checkVolumes(volumes, `${path}.volumes`, podName);
    const mounts = volumeMountsRule(mountable);
    const inside = fields({
      containers: containersRule(mounts),
      initContainers: initContainersRule(mounts, containers),
    });
    return [...errors, ...inside(value, path), ...surroundings(value, path)];
  };
}
