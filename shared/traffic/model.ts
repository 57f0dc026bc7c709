/** One service across clusters: what members export, what that imports to, who wants an address. */
import type { MemberName } from "../fleet/model.ts";
import { type FleetId, type Key, keyOf, kind } from "../lib/document.ts";
import type { Instant } from "../lib/instant.ts";
import type { Condition, KubeBody } from "../lib/kube-object.ts";

/** The API group of ServiceExport, ServiceImport and MultiClusterService. */
export const trafficGroup = "networking.fleet.azure.com";

export interface ServicePort {
  /** "" for the only port of a Service. */
  readonly name: string;
  readonly protocol: "TCP" | "UDP" | "SCTP";
  readonly port: number;
  readonly appProtocol?: string;
}

/** What the relay read of a Service. */
export interface ExportedService {
  readonly uid: string;
  readonly type: "ClusterIP" | "NodePort" | "LoadBalancer";
  readonly ports: readonly ServicePort[];
  /** The addresses of `status.loadBalancer.ingress`. */
  readonly ingress: readonly string[];
  /** Asks for an internal Azure load balancer: the world cannot reach its address. */
  readonly internal: boolean;
  readonly sessionAffinity: "None" | "ClientIP";
}

/** Why an export counts or not: the reason of its condition `Valid`. */
export type Validity =
  | "ServiceIsValid"
  | "ServiceNotFound"
  | "ServiceIneligible"
  | "ServiceExportInvalidWeightAnnotation";

/** A ServiceExport in a member, and its Service, as the member's relay saw them. */
export interface ExportSeen {
  readonly uid: string;
  readonly createdAt: Instant;
  readonly validity: Validity;
  /** 0 to 1000; 0 takes the export out, any other number takes it in. */
  readonly weight: number;
  readonly readyEndpoints: number;
  /** Left out when there is no such Service, or one that cannot be exported. */
  readonly service?: ExportedService;
}

/** What a relay tells. The token says who tells it; nothing of an event is believed before. */
interface ToldByRelay {
  /** The ARM id of the member's cluster. */
  readonly cluster: string;
  /** Grows each time that the relay starts. */
  readonly epoch: number;
  readonly observedAt: Instant;
  readonly token: string;
}

/** One export as it is now; null when it was withdrawn. */
export interface SnapshotEvent extends ToldByRelay {
  readonly kind: "snapshot";
  /** Grows with each change of this export within an epoch; a repetition carries the same one. */
  readonly sequence: number;
  readonly namespace: string;
  readonly name: string;
  readonly export: ExportSeen | null;
}

/**
 * The names of all exports of the member: what an earlier epoch told of any other is over. Without
 * it, an export that was deleted while no relay ran would stay for ever.
 */
export interface ListingEvent extends ToldByRelay {
  readonly kind: "listing";
  /** "demo/web" */
  readonly exports: readonly string[];
}

export type MemberEvent = SnapshotEvent | ListingEvent;

/** The types of the CloudEvents that carry them. */
export const snapshotType = "Hubless.Member.ServiceExportChanged";
export const listingType = "Hubless.Member.ServiceExportsListed";

/** A member cannot fill its fleet's partition: what it exports beyond this is left out. */
export const exportsPerMemberMax = 500;

/** The frontend of the member's own load balancer that has the exported Service's address. */
export type Frontend = FrontendOf &
  (
    | { readonly kind: "found"; readonly id: string }
    | { readonly kind: "missing"; readonly since: Instant }
  );

/** Another Service, or another address, has another frontend. */
export interface FrontendOf {
  readonly serviceUid: string;
  readonly address: string;
}

/**
 * What a relay last told of one export. Only its relay's events write `export`; `frontend` and
 * `conditions` are ours.
 */
export interface ExportSnapshot {
  readonly member: MemberName;
  /** Of the ServiceExport. */
  readonly namespace: string;
  readonly name: string;
  readonly epoch: number;
  readonly sequence: number;
  readonly observedAt: Instant;
  readonly receivedAt: Instant;
  /** Null once it was withdrawn: it stays a while, so that an older event cannot bring it back. */
  readonly export: ExportSeen | null;
  readonly frontend?: Frontend;
  /** `Conflict`, as the ServiceExport would show it; none for an export that takes no part. */
  readonly conditions: readonly Condition[];
}
export const exportSnapshotKind = kind<ExportSnapshot>("hubless/exportsnapshots");

/** No part can have a ".": member names, namespaces and names of Services are DNS labels. */
export const exportSnapshotKey = (
  fleet: FleetId,
  { member, namespace, name }: Pick<ExportSnapshot, "member" | "namespace" | "name">,
): Key<ExportSnapshot> =>
  keyOf(exportSnapshotKind, fleet, `${member}.${namespace}.${name}`, namespace);

/** Everything about one service of a fleet has this ref: its exports, and who wants it. */
export const exportRef = (namespace: string, name: string): string => `export:${namespace}/${name}`;

/** An event of an Azure resource finds the documents about it by this. */
export const resourceRef = (armId: string): string => `azure:${armId.toLowerCase()}`;

/** `ServiceImport`: what the exports of a service together offer. It follows from them alone. */
export interface ServiceImport extends KubeBody {
  readonly status: {
    readonly type: "ClusterSetIP";
    readonly ports: readonly ServicePort[];
    readonly sessionAffinity: "None" | "ClientIP";
    readonly clusters: readonly { readonly cluster: string }[];
  };
}
export const serviceImportKind = kind<ServiceImport>(`${trafficGroup}/serviceimports`);

/** `MultiClusterService`: asks for one public address in front of all clusters of an import. */
export interface MultiClusterService extends KubeBody {
  readonly spec: { readonly serviceImport: { readonly name: string } };
  readonly status?: {
    readonly loadBalancer?: { readonly ingress?: readonly { readonly ip: string }[] };
    readonly conditions?: readonly Condition[];
  };
  /** What we made for it. Kubernetes clients do not see it. */
  readonly balancer?: BalancerRecord;
}
export const multiClusterServiceKind = kind<MultiClusterService>(
  `${trafficGroup}/multiclusterservices`,
);

/** Held until the load balancer and its address are gone. */
export const balancerFinalizer = `${trafficGroup}/multi-cluster-service-cleanup`;

export interface BalancerRecord extends BalancerIds {
  /** Never changes: Azure cannot move a load balancer. */
  readonly location: string;
  /** Whose health decides: the members that export the service. */
  readonly members: readonly string[];
  /** When the load balancer was last seen to differ from what is wanted. */
  readonly pendingSince?: Instant;
  readonly refusal?: BalancerRefusal;
}

/** Azure said no, or not now. */
export interface BalancerRefusal {
  readonly reason: "Refused" | "Throttled";
  readonly message: string;
  /** The hash of what was refused: something else is asked for at once. Left out: nothing is. */
  readonly of?: string;
  readonly until: Instant;
}

export interface BalancerIds {
  readonly loadBalancerId: string;
  readonly publicIpId: string;
}

/** A MultiClusterService is found by its import, its Azure resources and its members. */
export function multiClusterServiceRefs(
  body: MultiClusterService,
  namespace: string,
): readonly string[] {
  const { balancer } = body;
  return [
    exportRef(namespace, body.spec.serviceImport.name),
    ...(balancer === undefined
      ? []
      : [resourceRef(balancer.loadBalancerId), resourceRef(balancer.publicIpId)]),
    ...(balancer?.members ?? []).map((member) => `member:${member}`),
  ];
}

/** A Global-tier load balancer as a fleet writes it: one frontend, a pool and a rule per port. */
export interface GlobalBalancer {
  readonly location: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly publicIpId: string;
  readonly pools: readonly BalancerPool[];
  readonly rules: readonly BalancerRule[];
}

export interface BalancerPool {
  readonly name: string;
  readonly backends: readonly Backend[];
}

/** A member's regional frontend. */
export interface Backend {
  /** The member's name. */
  readonly name: string;
  readonly frontendId: string;
}

export interface BalancerRule {
  readonly name: string;
  readonly protocol: "Tcp" | "Udp";
  /** The frontend's and the backend's: a Global load balancer cannot translate ports. */
  readonly port: number;
  readonly pool: string;
}

export interface LoadBalancerSeen {
  readonly id: string;
  readonly etag: string;
  /** "Succeeded", "Updating", "Deleting", "Failed". */
  readonly provisioningState: string;
  readonly balancer: GlobalBalancer;
  /** Has parts or settings that a fleet never writes: somebody else changed it. */
  readonly hasForeignParts: boolean;
}

export interface PublicIpWanted {
  readonly location: string;
  readonly tags: Readonly<Record<string, string>>;
}

export interface PublicIpSeen extends PublicIpWanted {
  readonly id: string;
  readonly etag: string;
  readonly provisioningState: string;
  /** Left out until Azure gave it one. */
  readonly address?: string;
}

export interface BalancerSeen {
  readonly loadBalancer?: LoadBalancerSeen;
  readonly publicIp?: PublicIpSeen;
}
