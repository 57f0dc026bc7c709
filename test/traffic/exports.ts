/** Small makers of exports and what follows from them. */
import { type Member, type MemberName, memberRef } from "../../shared/fleet/model.ts";
import { type Document, keyOf } from "../../shared/lib/document.ts";
import { type Instant, plusSeconds } from "../../shared/lib/instant.ts";
import type { Exporter } from "../../shared/traffic/backends.ts";
import {
  type BalancerIds,
  type ExportedService,
  type ExportSeen,
  type ExportSnapshot,
  exportRef,
  exportSnapshotKey,
  type GlobalBalancer,
  type LoadBalancerSeen,
  type MultiClusterService,
  multiClusterServiceKind,
  type PublicIpSeen,
  type ServiceImport,
  type ServicePort,
} from "../../shared/traffic/model.ts";
import { balancerIds, balancerTags } from "../../shared/traffic/names.ts";
import type { ServiceToDecide } from "../../shared/traffic/verdict.ts";
import { documentOf, fleetArmId, fleetId, memberDocument, noon } from "../builders.ts";

export const http: ServicePort = { name: "http", protocol: "TCP", port: 80 };
export const https: ServicePort = { name: "https", protocol: "TCP", port: 443 };

export const service = (more: Partial<ExportedService> = {}): ExportedService => ({
  uid: "service-1",
  type: "LoadBalancer",
  ports: [http],
  ingress: ["203.0.113.1"],
  internal: false,
  sessionAffinity: "None",
  ...more,
});

export const exported = (more: Partial<ExportSeen> = {}): ExportSeen => ({
  uid: "export-1",
  createdAt: noon,
  validity: "ServiceIsValid",
  weight: 1,
  readyEndpoints: 2,
  service: service(),
  ...more,
});

export const frontendId = (member: string): string =>
  `/subscriptions/s-1/resourceGroups/MC_${member}/providers/Microsoft.Network` +
  `/loadBalancers/kubernetes/frontendIPConfigurations/a-${member}`;

export const snapshot = (member: string, more: Partial<ExportSnapshot> = {}): ExportSnapshot => ({
  member: member as MemberName,
  namespace: "demo",
  name: "web",
  epoch: 1,
  sequence: 1,
  observedAt: noon,
  receivedAt: noon,
  export: exported(),
  frontend: {
    kind: "found",
    serviceUid: "service-1",
    address: "203.0.113.1",
    id: frontendId(member),
  },
  conditions: [],
  ...more,
});

export const snapshotDocument = (
  member: string,
  more: Partial<ExportSnapshot> = {},
): Document<ExportSnapshot> => {
  const body = snapshot(member, more);
  const refs = [memberRef(member), exportRef(body.namespace, body.name)];
  return documentOf(exportSnapshotKey(fleetId, body), body, { refs });
};

export const healthy = (name: string): Member => memberDocument(name).body;

export const memberWith = (name: string, reason: string): Member => {
  const body = healthy(name);
  const condition = {
    type: "Healthy",
    status: "False",
    reason,
    message: "as told",
    lastTransitionTime: noon,
  } as const;
  return { ...body, status: { ...body.status, conditions: [condition] } };
};

export const exporter = (name: string, more: Partial<ExportSnapshot> = {}): Exporter => ({
  snapshot: snapshot(name, more),
  member: healthy(name),
});

export const importOf = (
  clusters: readonly string[],
  ports: readonly ServicePort[] = [http],
): ServiceImport => ({
  metadata: {},
  status: {
    type: "ClusterSetIP",
    ports,
    sessionAffinity: "None",
    clusters: clusters.map((cluster) => ({ cluster })),
  },
});

export const mcsKey = keyOf(multiClusterServiceKind, fleetId, "web", "demo");
export const ids: BalancerIds = balancerIds(fleetArmId, "demo", "web");
export const tags = balancerTags(fleetId, "demo", "web");

export const mcs = (more: Partial<MultiClusterService> = {}): Document<MultiClusterService> =>
  documentOf(mcsKey, { metadata: {}, spec: { serviceImport: { name: "web" } }, ...more });

export const publicIp = (more: Partial<PublicIpSeen> = {}): PublicIpSeen => ({
  id: ids.publicIpId,
  etag: '"1"',
  provisioningState: "Succeeded",
  location: "westeurope",
  tags,
  address: "198.51.100.1",
  ...more,
});

export const globalBalancer = (
  members: readonly string[],
  more: Partial<GlobalBalancer> = {},
): GlobalBalancer => ({
  location: "westeurope",
  tags,
  publicIpId: ids.publicIpId,
  pools: [
    {
      name: "tcp-80",
      backends: members.map((name) => ({ name, frontendId: frontendId(name) })),
    },
  ],
  rules: [{ name: "tcp-80", protocol: "Tcp", port: 80, pool: "tcp-80" }],
  ...more,
});

export const loadBalancer = (
  members: readonly string[],
  more: Partial<LoadBalancerSeen> = {},
): LoadBalancerSeen => ({
  id: ids.loadBalancerId,
  etag: '"7"',
  provisioningState: "Succeeded",
  balancer: globalBalancer(members),
  hasForeignParts: false,
  ...more,
});

/** A look at a service that aks-1 and aks-2 export, before anything was made for it. */
export const toDecide = (more: Partial<ServiceToDecide> = {}): ServiceToDecide => ({
  document: mcs(),
  import: importOf(["aks-1", "aks-2"]),
  exporters: [exporter("aks-1"), exporter("aks-2")],
  balancer: {},
  ids,
  location: "westeurope",
  now: noon,
  ...more,
});

export const after = (seconds: number): Instant => plusSeconds(noon, seconds);
