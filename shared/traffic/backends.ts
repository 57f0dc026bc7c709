/**
 * Chooses the members that a load balancer sends a service's traffic to.
 *
 * B1. A backend is a member that the import lists, whose address has a frontend.
 * B2. A backend that is certainly unhealthy leaves, and returns when it is well. A relay that is
 *     silent says nothing of health.
 * B3. Health alone never takes the last backend of a port: then those stay that are there now.
 * B4. A port goes only to the members that offer it.
 */
import type { Member } from "../fleet/model.ts";
import type { Backend, ExportSnapshot, ServiceImport, ServicePort } from "./model.ts";

/** A Global load balancer takes so many backends. */
export const backendsMax = 300;

export interface Exporter {
  readonly snapshot: ExportSnapshot;
  /** Undefined: it left the fleet. */
  readonly member: Member | undefined;
}

export interface Candidate {
  readonly backend: Backend;
  readonly ports: readonly ServicePort[];
  /** Why no traffic should go there now. */
  readonly unhealthy?: string;
}

export interface Candidates {
  readonly eligible: readonly Candidate[];
  /** Who exports the service and can be no backend: `"aks-1": Service is of type ClusterIP: …`. */
  readonly left: readonly string[];
}

/** Those of an import's members that can be backends, in the order of the exporters. */
export function candidatesOf(
  status: ServiceImport["status"] | undefined,
  exporters: readonly Exporter[],
): Candidates {
  const listed = new Set(status?.clusters.map(({ cluster }) => cluster));
  const eligible: Candidate[] = [];
  const left: string[] = [];
  for (const exporter of exporters) {
    const { member } = exporter.snapshot;
    if (!listed.has(member)) continue;
    const candidate = candidateOf(exporter);
    if (typeof candidate === "string") left.push(`"${member}": ${candidate}`);
    else if (eligible.length === backendsMax)
      left.push(`"${member}": over ${backendsMax} backends`);
    else eligible.push(candidate);
  }
  return { eligible, left };
}

/** A candidate, or why it is none. */
function candidateOf({ snapshot, member }: Exporter): Candidate | string {
  const { export: seen, frontend } = snapshot;
  if (member === undefined) return "left the fleet";
  if (seen?.service === undefined) return "has no Service";
  const { type, internal, ingress, ports } = seen.service;
  if (type !== "LoadBalancer") return `Service is of type ${type}: must be LoadBalancer`;
  if (internal) return "Service asks for an internal load balancer: must be public";
  if (ingress.length === 0) return "Service has no address yet";
  if (frontend?.kind !== "found") return "no frontend has the Service's address yet";
  const unhealthy = troubleOf(member, seen.readyEndpoints);
  return {
    backend: { name: snapshot.member, frontendId: frontend.id },
    ports,
    ...(unhealthy !== undefined && { unhealthy }),
  };
}

/** Only what is certain counts: an API server that we cannot reach may serve its pods well. */
function troubleOf(member: Member, readyEndpoints: number): string | undefined {
  const { conditions, cluster } = member.status;
  if (readyEndpoints === 0) return "no endpoint is ready";
  if (cluster?.powerState === "Stopped") return "its cluster is stopped";
  const healthy = conditions.find(({ type }) => type === "Healthy");
  return healthy?.status === "False" && healthy.reason === "MemberClusterUnhealthy"
    ? "its cluster is unhealthy"
    : undefined;
}

/** The backends of one port; `current` names those that it has now. */
export function backendsOf(
  port: ServicePort,
  eligible: readonly Candidate[],
  current: ReadonlySet<string>,
): readonly Backend[] {
  const offering = eligible.filter(({ ports }) =>
    ports.some((each) => each.protocol === port.protocol && each.port === port.port),
  );
  const healthy = offering.filter(({ unhealthy }) => unhealthy === undefined);
  if (healthy.length > 0) return healthy.map(({ backend }) => backend);
  const staying = offering.filter(({ backend }) => current.has(backend.name));
  return (staying.length > 0 ? staying : offering).map(({ backend }) => backend);
}
