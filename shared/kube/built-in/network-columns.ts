import { arrayOf, at, isObject, isString, objectOf, textOf } from "../json.ts";
import type { KubeObject, PrinterColumn } from "../served-kind.ts";
import { ageColumn, fieldColumn, textColumn } from "./basic-columns.ts";
import { selectorText } from "./selector-texts.ts";
import { balancerAddresses } from "./service-columns.ts";

/** Columns of how traffic gets to Services, as a kube-apiserver 1.34 has them. */

export const ingressColumns: readonly PrinterColumn[] = [
  fieldColumn("Class", "spec.ingressClassName", {
    unset: "<none>",
    description:
      "The name of the IngressClass resource that should be used for additional configuration",
  }),
  textColumn("Hosts", hostsText, {
    description: "Hosts that incoming requests are matched against before the ingress rule",
  }),
  textColumn("Address", (object) => balancerAddresses(object).join(","), {
    description: "Address is a list containing ingress points for the load-balancer",
  }),
  textColumn("Ports", (object) => (hasTls(object) ? "80, 443" : "80"), {
    description: "Ports of TLS configurations that open",
  }),
  ageColumn,
];

function hasTls(object: KubeObject): boolean {
  return arrayOf(at(object, "spec", "tls")).length > 0;
}

/** "a.example,b.example": three, and how many more rules there are. */
function hostsText(object: KubeObject): string {
  const hosts = arrayOf(at(object, "spec", "rules")).map((rule) => textOf(at(rule, "host")) ?? "");
  const named = hosts.filter((host) => host !== "");
  if (named.length === 0) return "*";
  const isMore = named[2] !== undefined && hosts.indexOf(named[2]) < hosts.length - 1;
  return isMore ? `${named.slice(0, 3).join(",")} + ${hosts.length - 3} more...` : named.join(",");
}

export const ingressClassColumns: readonly PrinterColumn[] = [
  fieldColumn("Controller", "spec.controller", {
    description: "Controller that is responsible for handling this class",
  }),
  textColumn("Parameters", parametersText, {
    description: "A reference to a resource with additional parameters",
  }),
  ageColumn,
];

/** "IngressParameters.example.com/external" */
function parametersText(object: KubeObject): string {
  const parameters = at(object, "spec", "parameters");
  if (!isObject(parameters)) return "<none>";
  const { kind, apiGroup, name } = parameters;
  const type = isString(apiGroup) ? `${textOf(kind) ?? ""}.${apiGroup}` : (textOf(kind) ?? "");
  return `${type}/${textOf(name) ?? ""}`;
}

export const networkPolicyColumns: readonly PrinterColumn[] = [
  textColumn("Pod-Selector", (object) => selectorText(at(object, "spec", "podSelector"))),
  ageColumn,
];

export const ipAddressColumns: readonly PrinterColumn[] = [
  textColumn("ParentRef", (object) => {
    const { group, resource, namespace, name } = objectOf(at(object, "spec", "parentRef"));
    if (!isString(resource)) return "<none>";
    const kind = isString(group) && group !== "" ? `${resource}.${group}` : resource;
    const owner = [namespace, name].filter((part) => (textOf(part) ?? "") !== "");
    return [kind.toLowerCase(), ...owner].join("/");
  }),
];

export const serviceCidrColumns: readonly PrinterColumn[] = [
  textColumn("CIDRs", (object) =>
    arrayOf(at(object, "spec", "cidrs"))
      .filter(isString)
      .join(","),
  ),
  ageColumn,
];
