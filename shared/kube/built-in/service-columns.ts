import { arrayOf, at, isString, objectOf, printed, textOf } from "../json.ts";
import type { KubeObject, PrinterColumn } from "../served-kind.ts";
import { ageColumn, fieldColumn, textColumn, wide } from "./basic-columns.ts";
import { labelsText } from "./selector-texts.ts";

/** Columns of Services and of what is behind them, as a kube-apiserver 1.34 has them. */

export const serviceColumns: readonly PrinterColumn[] = [
  fieldColumn("Type", "spec.type", { unset: "ClusterIP" }),
  textColumn("Cluster-IP", clusterIp),
  textColumn("External-IP", externalIp),
  textColumn("Port(s)", servicePorts),
  ageColumn,
  textColumn("Selector", (object) => labelsText(at(object, "spec", "selector")), wide),
];

function clusterIp(object: KubeObject): string {
  const [first] = arrayOf(at(object, "spec", "clusterIPs"));
  const address = textOf(first) ?? textOf(at(object, "spec", "clusterIP")) ?? "";
  return address === "" ? "<none>" : address;
}

function externalIp(object: KubeObject): string {
  const given = arrayOf(at(object, "spec", "externalIPs")).filter(isString);
  const type = at(object, "spec", "type");
  if (type === "ExternalName") return textOf(at(object, "spec", "externalName")) ?? "";
  const isBalanced = type === "LoadBalancer";
  const found = isBalanced ? [...balancerAddresses(object), ...given] : given;
  if (found.length > 0) return found.join(",");
  return isBalanced ? "<pending>" : "<none>";
}

/** What a load balancer answers to, each once. */
export function balancerAddresses(object: KubeObject): readonly string[] {
  const addresses = arrayOf(at(object, "status", "loadBalancer", "ingress"))
    .map(objectOf)
    .map(({ ip, hostname }) => (isString(ip) && ip !== "" ? ip : hostname))
    .filter(isString);
  return [...new Set(addresses)].toSorted();
}

function servicePorts(object: KubeObject): string {
  const ports = arrayOf(at(object, "spec", "ports")).map((each) => {
    const { port, nodePort, protocol } = objectOf(each);
    const node = typeof nodePort === "number" && nodePort > 0 ? `:${nodePort}` : "";
    return `${printed(port)}${node}/${textOf(protocol) ?? "TCP"}`;
  });
  return ports.length === 0 ? "<none>" : ports.join(",");
}

export const endpointsColumns: readonly PrinterColumn[] = [
  textColumn("Endpoints", (object) => {
    const subsets = arrayOf(object["subsets"]).map(objectOf);
    if (subsets.length === 0) return "<none>";
    return shortened(subsets.flatMap(({ addresses, ports }) => addressesOf(addresses, ports)));
  }),
  ageColumn,
];

function addressesOf(addresses: KubeObject[string], ports: KubeObject[string]): readonly string[] {
  const ips = arrayOf(addresses).map((each) => textOf(at(each, "ip")) ?? "");
  const numbers = arrayOf(ports).map((each) => printed(at(each, "port") ?? 0));
  const before = (port: string) => (ip: string) =>
    ip.includes(":") ? `[${ip}]:${port}` : `${ip}:${port}`;
  return numbers.length === 0 ? ips : numbers.flatMap((port) => ips.map(before(port)));
}

export const endpointSliceColumns: readonly PrinterColumn[] = [
  fieldColumn("AddressType", "addressType"),
  textColumn("Ports", (object) => {
    const ports = arrayOf(object["ports"]).map(objectOf);
    return shortened(ports.map(({ port, name }) => printed(port ?? name ?? "*"))) || "<unset>";
  }),
  textColumn("Endpoints", (object) => {
    const addresses = arrayOf(object["endpoints"]).flatMap((each) =>
      arrayOf(objectOf(each)["addresses"]).filter(isString),
    );
    return shortened(addresses) || "<unset>";
  }),
  ageColumn,
];

/** Three, and how many more there are. */
function shortened(values: readonly string[]): string {
  const more = values.length > 3 ? ` + ${values.length - 3} more...` : "";
  return `${values.slice(0, 3).join(",")}${more}`;
}
