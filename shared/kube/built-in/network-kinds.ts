import { endpointSliceRules } from "../validation/networking/endpoint-slice-rules.ts";
import { ingressClassRules } from "../validation/networking/ingress-class-rules.ts";
import { ingressRules } from "../validation/networking/ingress-rules.ts";
import { ipAddressRules } from "../validation/networking/ip-address-rules.ts";
import { networkPolicyRules } from "../validation/networking/network-policy-rules.ts";
import { serviceCidrRules } from "../validation/networking/service-cidr-rules.ts";
import type { BuiltIn } from "./built-in.ts";
import * as shapes from "./merge-shapes.ts";
import * as columns from "./network-columns.ts";
import { endpointSliceColumns } from "./service-columns.ts";
import * as shown from "./shown-defaults.ts";

const networking = { group: "networking.k8s.io" } as const;

/** How traffic gets to pods: networking, discovery. */
export const networkKinds: readonly BuiltIn[] = [
  {
    ...networking,
    kind: "Ingress",
    plural: "ingresses",
    shortNames: ["ing"],
    hasStatus: true,
    columns: columns.ingressColumns,
    mergeShape: shapes.ingress,
    validate: ingressRules,
  },
  {
    ...networking,
    kind: "IngressClass",
    plural: "ingressclasses",
    namespaced: false,
    columns: columns.ingressClassColumns,
    validate: ingressClassRules,
  },
  {
    ...networking,
    kind: "IPAddress",
    plural: "ipaddresses",
    shortNames: ["ip"],
    namespaced: false,
    hasGeneration: false,
    nameRule: "path-segment",
    columns: columns.ipAddressColumns,
    validate: ipAddressRules,
  },
  {
    ...networking,
    kind: "NetworkPolicy",
    plural: "networkpolicies",
    shortNames: ["netpol"],
    columns: columns.networkPolicyColumns,
    mergeShape: shapes.networkPolicy,
    validate: networkPolicyRules,
  },
  {
    ...networking,
    kind: "ServiceCIDR",
    plural: "servicecidrs",
    namespaced: false,
    hasGeneration: false,
    hasStatus: true,
    columns: columns.serviceCidrColumns,
    mergeShape: shapes.statusWithConditions,
    validate: serviceCidrRules,
  },
  {
    group: "discovery.k8s.io",
    kind: "EndpointSlice",
    plural: "endpointslices",
    columns: endpointSliceColumns,
    mergeShape: shapes.endpointSlice,
    shownDefaults: shown.endpointSlice,
    validate: endpointSliceRules,
  },
];
