/**
 * A Service with its defaults, as a kube-apiserver sets them before it looks at it, so that its
 * messages speak of them: the type has its default, `clusterIPs` follows `clusterIP`, what an
 * update leaves out of them is kept, and what only the former type of the Service could use is
 * dropped.
 *
 * Only that last is stored, as a member would refuse it: a Service in the hub is a template, and
 * stays as it was written otherwise.
 */
import type { Json, JsonObject } from "../../../lib/kube-object.ts";
import { arrayOf, at, isArray, isObject, jsonEquals, omit, textOf } from "../../json.ts";
import type { KubeObject } from "../../served-kind.ts";

/** The Service as it is stored: without what only its former type could use. */
export function preparedService(service: KubeObject, before?: KubeObject): KubeObject {
  const { spec } = service;
  const old = before?.["spec"];
  return isObject(spec) && isObject(old)
    ? { ...service, spec: withoutLeftovers(spec, old) }
    : service;
}

/** Undefined where there is no spec: `before` is that of the Service that is replaced. */
export function defaultedSpec(spec: Json | undefined, before?: Json): JsonObject | undefined {
  if (!isObject(spec)) return undefined;
  const typed = { ...spec, type: serviceType(spec) };
  const old = defaultedSpec(before);
  if (old === undefined) return withClusterIps(typed, clusterIpOf(spec), clusterIpsOf(spec));
  return withoutLeftovers(withClusterIps(typed, ...keptClusterIps(typed, old)), old);
}

/** "ClusterIP" when it is left out. */
export function serviceType(spec: JsonObject): string {
  return textOf(spec["type"]) || "ClusterIP";
}

export function isHeadless(spec: JsonObject): boolean {
  const [ip, ...others] = clusterIpsOf(spec);
  return ip === "None" && others.length === 0;
}

/** Clients reach it from outside of the cluster, so that their addresses matter. */
export function isReachedFromOutside(spec: JsonObject): boolean {
  const type = serviceType(spec);
  if (type === "ClusterIP") return arrayOf(spec["externalIPs"]).length > 0;
  return type === "NodePort" || type === "LoadBalancer";
}

/** A load balancer asks its nodes which of them have endpoints. */
export function needsHealthCheck(spec: JsonObject): boolean {
  return serviceType(spec) === "LoadBalancer" && spec["externalTrafficPolicy"] === "Local";
}

function clusterIpOf(spec: JsonObject): string {
  return textOf(spec["clusterIP"]) ?? "";
}

/** "None" alone, or an address of each family. */
export function clusterIpsOf(spec: JsonObject): readonly Json[] {
  return arrayOf(spec["clusterIPs"]);
}

/** Clients that know only `clusterIP` leave the other to us. */
function withClusterIps(spec: JsonObject, ip: string, ips: readonly Json[]): JsonObject {
  const clusterIPs = ips.length === 0 && ip !== "" ? [ip] : ips;
  return { ...spec, clusterIP: ip, clusterIPs };
}

/**
 * An update that is silent about the addresses keeps them, and one that changes `clusterIP` alone
 * means both.
 */
function keptClusterIps(spec: JsonObject, old: JsonObject): [ip: string, ips: readonly Json[]] {
  const former = clusterIpOf(old);
  const isKept = hasClusterIp(spec) && hasClusterIp(old);
  const ip = clusterIpOf(spec) || (isKept ? former : "");
  const ips = clusterIpsOf(spec);
  if (ip === former) return [ip, ips.length === 0 && isKept ? clusterIpsOf(old) : ips];
  return [ip, jsonEquals(ips, clusterIpsOf(old)) ? [] : ips];
}

/** An ExternalName is only a name. */
export function hasClusterIp(spec: JsonObject): boolean {
  return serviceType(spec) !== "ExternalName";
}

export function isLoadBalancer(spec: JsonObject): boolean {
  return serviceType(spec) === "LoadBalancer";
}

function hasNodePorts(spec: JsonObject): boolean {
  return isLoadBalancer(spec) || serviceType(spec) === "NodePort";
}

/** The fields that not each Service can have. */
const fieldUses: readonly (readonly [field: string, canUse: (spec: JsonObject) => boolean])[] = [
  ["clusterIP", hasClusterIp],
  ["clusterIPs", hasClusterIp],
  ["ipFamilies", hasClusterIp],
  ["ipFamilyPolicy", hasClusterIp],
  ["healthCheckNodePort", needsHealthCheck],
  ["externalTrafficPolicy", isReachedFromOutside],
  ["allocateLoadBalancerNodePorts", isLoadBalancer],
  ["loadBalancerClass", isLoadBalancer],
];

/** Who changes the type of a Service need not clear what belonged to the former one. */
function withoutLeftovers(spec: JsonObject, old: JsonObject): JsonObject {
  const leftovers = fieldUses
    .filter(([, canUse]) => canUse(old) && !canUse(spec))
    .map(([field]) => field)
    .filter((field) => jsonEquals(spec[field], old[field]));
  const rest = omit(spec, leftovers);
  const { ports } = spec;
  if (!isArray(ports) || !hasNodePorts(old) || hasNodePorts(spec)) return rest;
  const former = new Set(arrayOf(old["ports"]).map((port) => at(port, "nodePort")));
  return { ...rest, ports: ports.map((port) => withoutNodePort(port, former)) };
}

function withoutNodePort(port: Json, former: ReadonlySet<Json | undefined>): Json {
  return isObject(port) && former.has(port["nodePort"]) ? omit(port, ["nodePort"]) : port;
}
