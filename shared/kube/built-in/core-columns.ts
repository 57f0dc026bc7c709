import type { Json } from "../../lib/kube-object.ts";
import { arrayOf, at, isString, objectOf, printed, textOf } from "../json.ts";
import type { KubeObject, PrinterColumn } from "../served-kind.ts";
import { ageColumn, pathColumn, selectorText } from "./workload-columns.ts";

/** Columns of all but workloads, as kubectl prints them of a kube-apiserver 1.34. */

export function textColumn(
  name: string,
  cell: (object: KubeObject) => string,
  priority = 0,
): PrinterColumn {
  return { name, type: "string", cell, priority };
}

function entriesAt(object: KubeObject, name: string): number {
  return Object.keys(objectOf(object[name])).length;
}

export const namespaceColumns: readonly PrinterColumn[] = [
  pathColumn("Status", ".status.phase"),
  ageColumn,
];

export const configMapColumns: readonly PrinterColumn[] = [
  {
    name: "Data",
    type: "integer",
    cell: (object) => entriesAt(object, "data") + entriesAt(object, "binaryData"),
  },
  ageColumn,
];

export const secretColumns: readonly PrinterColumn[] = [
  pathColumn("Type", ".type"),
  { name: "Data", type: "integer", cell: (object) => entriesAt(object, "data") },
  ageColumn,
];

export const serviceAccountColumns: readonly PrinterColumn[] = [
  { name: "Secrets", type: "integer", cell: (object) => arrayOf(object["secrets"]).length },
  ageColumn,
];

export const serviceColumns: readonly PrinterColumn[] = [
  textColumn("Type", (object) => textOf(at(object, "spec", "type")) ?? "ClusterIP"),
  textColumn("Cluster-IP", (object) => textOf(at(object, "spec", "clusterIP")) ?? "<none>"),
  textColumn("External-IP", externalIp),
  textColumn("Port(s)", servicePorts),
  ageColumn,
  textColumn("Selector", (object) => selectorText(at(object, "spec", "selector")), 1),
];

function externalIp(object: KubeObject): string {
  const given = arrayOf(at(object, "spec", "externalIPs")).filter(isString);
  const type = at(object, "spec", "type");
  if (type === "ExternalName") return textOf(at(object, "spec", "externalName")) ?? "<none>";
  const isBalanced = type === "LoadBalancer";
  const found = isBalanced ? [...loadBalancerAddresses(object), ...given] : given;
  if (found.length > 0) return found.join(",");
  return isBalanced ? "<pending>" : "<none>";
}

function loadBalancerAddresses(object: KubeObject): readonly string[] {
  return arrayOf(at(object, "status", "loadBalancer", "ingress"))
    .map((each) => textOf(objectOf(each)["ip"]) ?? textOf(objectOf(each)["hostname"]))
    .filter(isString);
}

function servicePorts(object: KubeObject): string {
  const ports = arrayOf(at(object, "spec", "ports")).map((each) => {
    const { port, nodePort, protocol } = objectOf(each);
    const node = typeof nodePort === "number" && nodePort > 0 ? `:${nodePort}` : "";
    return `${JSON.stringify(port)}${node}/${textOf(protocol) ?? "TCP"}`;
  });
  return ports.length === 0 ? "<none>" : ports.join(",");
}

export const nodeColumns: readonly PrinterColumn[] = [
  textColumn("Status", (object) => {
    const ready = arrayOf(at(object, "status", "conditions")).find(
      (each) => objectOf(each)["type"] === "Ready",
    );
    const isReady = objectOf(ready)["status"] === "True";
    const state = ready === undefined ? "Unknown" : isReady ? "Ready" : "NotReady";
    return at(object, "spec", "unschedulable") === true ? `${state},SchedulingDisabled` : state;
  }),
  textColumn("Roles", (object) => {
    const prefix = "node-role.kubernetes.io/";
    const roles = Object.keys(objectOf(object.metadata["labels"]))
      .filter((label) => label.startsWith(prefix))
      .map((label) => label.slice(prefix.length));
    return roles.length === 0 ? "<none>" : roles.join(",");
  }),
  ageColumn,
  pathColumn("Version", ".status.nodeInfo.kubeletVersion"),
  textColumn("Internal-IP", (object) => nodeAddress(object, "InternalIP"), 1),
  textColumn("External-IP", (object) => nodeAddress(object, "ExternalIP"), 1),
  textColumn("OS-Image", (object) => nodeFact(object, "osImage"), 1),
  textColumn("Kernel-Version", (object) => nodeFact(object, "kernelVersion"), 1),
  textColumn("Container-Runtime", (object) => nodeFact(object, "containerRuntimeVersion"), 1),
];

function nodeAddress(object: KubeObject, type: string): string {
  const addresses = arrayOf(at(object, "status", "addresses")).map(objectOf);
  return textOf(addresses.find((each) => each["type"] === type)?.["address"]) ?? "<none>";
}

function nodeFact(object: KubeObject, name: string): string {
  return textOf(at(object, "status", "nodeInfo", name)) ?? "<unknown>";
}

export const endpointSliceColumns: readonly PrinterColumn[] = [
  pathColumn("AddressType", ".addressType"),
  textColumn("Ports", (object) =>
    shorten(arrayOf(object["ports"]).map((each) => JSON.stringify(objectOf(each)["port"] ?? "*"))),
  ),
  textColumn("Endpoints", (object) =>
    shorten(
      arrayOf(object["endpoints"]).flatMap((each) =>
        arrayOf(objectOf(each)["addresses"]).filter(isString),
      ),
    ),
  ),
  ageColumn,
];

/** Three, and how many more there are. */
function shorten(values: readonly string[]): string {
  if (values.length === 0) return "<unset>";
  const more = values.length > 3 ? ` + ${values.length - 3} more...` : "";
  return `${values.slice(0, 3).join(",")}${more}`;
}

export const ingressColumns: readonly PrinterColumn[] = [
  textColumn("Class", (object) => textOf(at(object, "spec", "ingressClassName")) ?? "<none>"),
  textColumn("Hosts", (object) => {
    const hosts = arrayOf(at(object, "spec", "rules")).map((rule) => objectOf(rule)["host"]);
    const named = hosts.filter(isString);
    return named.length === 0 ? "*" : named.join(",");
  }),
  textColumn("Address", (object) => loadBalancerAddresses(object).join(",")),
  textColumn("Ports", (object) =>
    arrayOf(at(object, "spec", "tls")).length > 0 ? "80, 443" : "80",
  ),
  ageColumn,
];

export const disruptionBudgetColumns: readonly PrinterColumn[] = [
  textColumn("Min Available", (object) => textOrNone(at(object, "spec", "minAvailable"))),
  textColumn("Max Unavailable", (object) => textOrNone(at(object, "spec", "maxUnavailable"))),
  pathColumn("Allowed Disruptions", ".status.disruptionsAllowed"),
  ageColumn,
];

function textOrNone(value: Json | undefined): string {
  return value === undefined || value === null ? "N/A" : printed(value);
}

export const networkPolicyColumns: readonly PrinterColumn[] = [
  textColumn("Pod-Selector", (object) => selectorText(at(object, "spec", "podSelector"))),
  ageColumn,
];

export const createdAtColumns: readonly PrinterColumn[] = [
  pathColumn("Created At", ".metadata.creationTimestamp"),
];

export const endpointsColumns: readonly PrinterColumn[] = [
  textColumn("Endpoints", (object) => {
    const addresses = arrayOf(object["subsets"]).flatMap((subset) => {
      const { addresses: of, ports } = objectOf(subset);
      const ips = arrayOf(of).map((each) => textOf(objectOf(each)["ip"]) ?? "");
      const numbers = arrayOf(ports).map((each) => JSON.stringify(objectOf(each)["port"]));
      return numbers.length === 0
        ? ips
        : numbers.flatMap((port) => ips.map((ip) => `${ip}:${port}`));
    });
    return addresses.length === 0 ? "<none>" : shorten(addresses);
  }),
  ageColumn,
];

export const resourceQuotaColumns: readonly PrinterColumn[] = [
  textColumn("Request", (object) => quotas(object, (name) => !name.startsWith("limits."))),
  textColumn("Limit", (object) => quotas(object, (name) => name.startsWith("limits."))),
  ageColumn,
];

/** "pods: 1/10, requests.cpu: 0/4" */
function quotas(object: KubeObject, isShown: (name: string) => boolean): string {
  const hard = objectOf(at(object, "status", "hard") ?? at(object, "spec", "hard"));
  const used = objectOf(at(object, "status", "used"));
  return Object.keys(hard)
    .filter(isShown)
    .toSorted()
    .map((name) => `${name}: ${printed(used[name] ?? 0)}/${printed(hard[name])}`)
    .join(", ");
}
