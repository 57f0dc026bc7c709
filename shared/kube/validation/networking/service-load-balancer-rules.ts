/** How a Service is reached from outside of its cluster. */
import type { Json, JsonObject } from "../../../lib/kube-object.ts";
import { errorsOfItems } from "../../errors-of-items.ts";
import { forbiddenField, invalidValue } from "../../field-errors.ts";
import { arrayOf, isString, textOf } from "../../json.ts";
import { qualifiedNameErrors } from "../../object/name-rules.ts";
import type { FieldError } from "../../served-kind.ts";
import { between } from "../number-rules.ts";
import { oneOf, type Rule, whole } from "../rule.ts";
import { anyText } from "../zero-values.ts";
import { isLoadBalancer, isReachedFromOutside, needsHealthCheck } from "./defaulted-service.ts";
import { cidrRule } from "./ip-rules.ts";

const rangesAnnotation = "service.beta.kubernetes.io/load-balancer-source-ranges";
const loadBalancersOnly = "may only be used when `type` is 'LoadBalancer'";
const outsideOnly = "may only be set for externally-accessible services";
const healthChecksOnly =
  "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'";

/** Who may call; Kubernetes' messages name the field so, with a capital letter. */
export const sourceRangesRule: Rule = whole((spec, path) => {
  const ranges = arrayOf(spec["loadBalancerSourceRanges"]);
  if (ranges.length === 0) return [];
  const where = `${path}.LoadBalancerSourceRanges`;
  return [
    ...onlyOfLoadBalancers(spec, where),
    ...errorsOfItems(ranges, (range, index) => cidrRule(trimmed(range), `${where}[${index}]`)),
  ];
});

/** The older place of the ranges, read only where the field has none. */
export function annotatedRangeErrors(
  annotations: JsonObject,
  spec: JsonObject,
): readonly FieldError[] {
  const value = annotations[rangesAnnotation];
  if (!isString(value) || arrayOf(spec["loadBalancerSourceRanges"]).length > 0) return [];
  const where = `metadata.annotations[${rangesAnnotation}]`;
  const ranges = value.trim() === "" ? [] : value.split(",");
  return [
    ...onlyOfLoadBalancers(spec, where),
    ...errorsOfItems(ranges, (range) => cidrRule(range.trim(), where)),
  ];
}

function trimmed(value: Json): Json {
  return isString(value) ? value.trim() : value;
}

function onlyOfLoadBalancers(spec: JsonObject, path: string): readonly FieldError[] {
  return isLoadBalancer(spec) ? [] : [forbiddenField(path, loadBalancersOnly)];
}

const loadBalancerClassRule = anyText(qualifiedNameErrors);

/** Fields that only a load balancer has. */
export const loadBalancerRule: Rule = whole((spec, path) => {
  const { allocateLoadBalancerNodePorts: allocates, loadBalancerClass } = spec;
  const where = `${path}.loadBalancerClass`;
  return [
    ...(typeof allocates === "boolean"
      ? onlyOfLoadBalancers(spec, `${path}.allocateLoadBalancerNodePorts`)
      : []),
    ...(isString(loadBalancerClass) ? onlyOfLoadBalancers(spec, where) : []),
    ...(isLoadBalancer(spec) ? loadBalancerClassRule(loadBalancerClass, where) : []),
  ];
});

const trafficPolicy = oneOf("Cluster", "Local");

/** Which nodes pass on what comes from outside, and where a load balancer asks them. */
export const externalTrafficRule: Rule = whole((spec, path) => {
  const policy = textOf(spec["externalTrafficPolicy"]) ?? "";
  const where = `${path}.externalTrafficPolicy`;
  const isOutside = isReachedFromOutside(spec);
  return [
    ...(isOutside ? trafficPolicy(policy, where) : []),
    ...(isOutside || policy === "" ? [] : [invalidValue(where, policy, outsideOnly)]),
    ...healthCheckErrors(spec, `${path}.healthCheckNodePort`),
  ];
});

const healthCheckPort = between(1, 65_535);

function healthCheckErrors(spec: JsonObject, path: string): readonly FieldError[] {
  const { healthCheckNodePort: port } = spec;
  if (typeof port !== "number" || port === 0) return [];
  if (needsHealthCheck(spec)) return healthCheckPort(port, path);
  return [invalidValue(path, port, healthChecksOnly)];
}

/** A load balancer keeps its class, and the port of its health checks once there is one. */
export function keptLoadBalancerErrors(spec: JsonObject, old: JsonObject): readonly FieldError[] {
  const { loadBalancerClass, healthCheckNodePort: port } = spec;
  const { loadBalancerClass: formerClass, healthCheckNodePort: formerPort } = old;
  const areBalanced = isLoadBalancer(spec) && isLoadBalancer(old);
  const areChecked = needsHealthCheck(spec) && needsHealthCheck(old);
  const isMoved = Boolean(port) && Boolean(formerPort) && port !== formerPort;
  return [
    ...(areBalanced && (loadBalancerClass ?? null) !== (formerClass ?? null)
      ? [changedClass(loadBalancerClass)]
      : []),
    ...(areChecked && isMoved
      ? [forbiddenField("spec.healthCheckNodePort", "field is immutable")]
      : []),
  ];
}

/** Kubernetes shows a class that is taken away as the text "null". */
function changedClass(value: Json | undefined): FieldError {
  return invalidValue("spec.loadBalancerClass", value ?? "null", "may not change once set");
}
