import type { JsonObject } from "../../../lib/kube-object.ts";
import { forbiddenField, invalidValue } from "../../field-errors.ts";
import { arrayOf, at, isString, objectOf } from "../../json.ts";
import { labelErrors } from "../../object/label-rules.ts";
import type { FieldError } from "../../served-kind.ts";
import {
  all,
  each,
  fields,
  first,
  number,
  type ObjectRule,
  oneOf,
  type Rule,
  required,
  whole,
} from "../rule.ts";
import { dnsSubdomain } from "../text-rules.ts";
import { strictlyOneOf } from "../zero-values.ts";
import { clusterIpRules, keptClusterIpErrors, newClusterIpRules } from "./cluster-ip-rules.ts";
import { clusterIpsOf, defaultedSpec, isHeadless, serviceType } from "./defaulted-service.ts";
import { endpointIpRule, ipRule } from "./ip-rules.ts";
import {
  annotatedRangeErrors,
  externalTrafficRule,
  keptLoadBalancerErrors,
  loadBalancerRule,
  sourceRangesRule,
} from "./service-load-balancer-rules.ts";
import {
  distinctNodePorts,
  distinctPorts,
  servicePortsRule,
  unusedNodePorts,
} from "./service-port-rules.ts";

const affinitySecondsMax = 86_400;
const topologyMode = "service.kubernetes.io/topology-mode";
const topologyHints = "service.kubernetes.io/topology-aware-hints";

const somePorts = fields({ ports: required() });

const requiredPorts: Rule = whole((spec, path) =>
  isHeadless(spec) || serviceType(spec) === "ExternalName" ? [] : somePorts(spec, path),
);

/** What only some types of a Service can have. */
const typeRules: Rule = whole((spec, path) => {
  const type = serviceType(spec);
  if (type === "ExternalName") return externalNameErrors(spec, path);
  if (!isHeadless(spec) || (type !== "LoadBalancer" && type !== "NodePort")) return [];
  const because = `may not be set to 'None' for ${type} services`;
  return [invalidValue(`${path}.clusterIPs[0]`, "None", because)];
});

const requiredHost = required(dnsSubdomain);

function externalNameErrors(spec: JsonObject, path: string): readonly FieldError[] {
  const because = "may not be set for ExternalName services";
  const { ipFamilies, ipFamilyPolicy, externalName } = spec;
  const name = isString(externalName) ? externalName.replace(/\.$/, "") : externalName;
  return [
    ...(clusterIpsOf(spec).length > 0 ? [forbiddenField(`${path}.clusterIPs`, because)] : []),
    ...(arrayOf(ipFamilies).length > 0 ? [forbiddenField(`${path}.ipFamilies`, because)] : []),
    ...(isString(ipFamilyPolicy) ? [forbiddenField(`${path}.ipFamilyPolicy`, because)] : []),
    ...requiredHost(name, `${path}.externalName`),
  ];
}

const timeoutSeconds = number((value) =>
  value > 0 && value <= affinitySecondsMax
    ? []
    : [`must be greater than 0 and less than ${affinitySecondsMax}`],
);
const affinityConfigRule = fields({
  sessionAffinityConfig: fields({ clientIP: fields({ timeoutSeconds }) }),
});

/** Without affinity nobody reads its configuration. */
const affinityRule: Rule = whole((spec, path) =>
  spec["sessionAffinity"] === "ClientIP" ? affinityConfigRule(spec, path) : [],
);

/** The spec of a Service, as it is completed. */
function specRule(clusterIps: Rule): Rule {
  return all(
    requiredPorts,
    typeRules,
    fields({
      ports: servicePortsRule,
      selector: labelErrors,
      sessionAffinity: oneOf("ClientIP", "None"),
    }),
    affinityRule,
    clusterIps,
    fields({
      externalIPs: each(first(ipRule, endpointIpRule)),
      type: oneOf("ClusterIP", "ExternalName", "LoadBalancer", "NodePort"),
    }),
    unusedNodePorts,
    fields({ ports: all(distinctNodePorts, distinctPorts) }),
    sourceRangesRule,
  );
}

const createdSpecRule = specRule(newClusterIpRules);
const updatedSpecRule = specRule(clusterIpRules);
const trafficRule: Rule = all(
  loadBalancerRule,
  externalTrafficRule,
  fields({ internalTrafficPolicy: strictlyOneOf("Cluster", "Local") }),
);

function topologyErrors(annotations: JsonObject): readonly FieldError[] {
  const { [topologyMode]: mode, [topologyHints]: hints } = annotations;
  if (!isString(mode) || !isString(hints) || mode === hints) return [];
  const because = `must match annotations[${topologyHints}] when both are specified`;
  return [invalidValue(`metadata.annotations[${topologyMode}]`, mode, because)];
}

/**
 * What a Service must be: its ports, its addresses, and what only some types of it can have. Which
 * addresses and ports of nodes there are is for the cluster that it is placed on to say.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/
 */
export const serviceRules: ObjectRule = (service, before) => {
  const annotations = objectOf(at(service, "metadata", "annotations"));
  const old = defaultedSpec(at(before, "spec"));
  const spec = defaultedSpec(at(service, "spec") ?? {}, at(before, "spec"));
  if (spec === undefined) return [];
  return [
    ...(old === undefined
      ? []
      : [...keptClusterIpErrors(spec, old), ...keptLoadBalancerErrors(spec, old)]),
    ...topologyErrors(annotations),
    ...(before === undefined ? createdSpecRule : updatedSpecRule)(spec, "spec"),
    ...annotatedRangeErrors(annotations, spec),
    ...trafficRule(spec, "spec"),
  ];
};
