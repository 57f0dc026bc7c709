/**
 * Decides the load balancer of a MultiClusterService: one Global-tier load balancer and one public
 * address, whose backends are the load balancers that the members already have.
 *
 * T1. Nothing is asked of Azure before the names of what it makes are saved.
 * T2. A load balancer is written only when it differs from what is wanted, with the ETag that was
 *     seen, and never while Azure still carries out an earlier write.
 * T3. Nothing is made before there is a backend; what was made, and its address, stays until the
 *     MultiClusterService is deleted.
 * T4. What does not carry the fleet's tags is neither changed nor deleted.
 * T5. What Azure refused is asked again when something else is wanted, or after a while.
 * T6. Deciding again, with nothing new to see, saves nothing.
 */
import { counted } from "../lib/counted.ts";
import type { Plan } from "../reconcile/plan.ts";
import { type Candidates, candidatesOf } from "./backends.ts";
import { decideRemoval } from "./decide-removal.ts";
import type { GlobalBalancer, LoadBalancerSeen, PublicIpSeen } from "./model.ts";
import { balancerTags, hasTags } from "./names.ts";
import { savePlan } from "./report.ts";
import {
  ask,
  type BalancerAction,
  type ServiceToDecide,
  settled,
  type Verdict,
  waiting,
} from "./verdict.ts";
import { isAsWanted, isBalanced, wantedBalancer } from "./wanted-balancer.ts";

/** Asks for an internal load balancer; a Global one is public. */
const internalAnnotation = "networking.fleet.azure.com/azure-load-balancer-internal";

export function decideService(seen: ServiceToDecide): Plan<BalancerAction> {
  return seen.document.body.metadata.deletionTimestamp === undefined
    ? savePlan(seen, verdictOf(seen))
    : decideRemoval(seen);
}

function verdictOf(seen: ServiceToDecide): Verdict {
  const { document, balancer, exporters } = seen;
  if (document.body.metadata.annotations?.[internalAnnotation] === "true") {
    const message = "Internal load balancers are not supported: remove the annotation";
    return settled({ status: "False", reason: "InternalUnsupported", message });
  }
  const candidates = candidatesOf(seen.import?.status, exporters);
  const exists = balancer.loadBalancer !== undefined || balancer.publicIp !== undefined;
  if (!exists && (candidates.eligible.length === 0 || hasNoPort(seen))) {
    return noTraffic(seen, candidates);
  }
  const foreign = foreignOf(seen);
  if (foreign !== undefined) {
    const message = `"${foreign}" lacks the fleet's tags: it must be removed, or given the tags`;
    return settled({ status: "False", reason: "NameTaken", message });
  }
  return balance(seen, candidates);
}

const hasNoPort = (seen: ServiceToDecide): boolean =>
  seen.import !== undefined && !seen.import.status.ports.some(isBalanced);

function noTraffic(seen: ServiceToDecide, { left }: Candidates): Verdict {
  if (hasNoPort(seen)) {
    const message = "No port of the service is TCP or UDP";
    return settled({ status: "False", reason: "InvalidPorts", message });
  }
  const message = left.length === 0 ? "No cluster exports the service" : left.join("; ");
  return settled({ status: "False", reason: "NoBackends", message });
}

/** The id of a resource that has our name and not our tags. */
function foreignOf({ document, balancer }: ServiceToDecide): string | undefined {
  const { fleet, namespace = "", name } = document.key;
  const tags = balancerTags(fleet, namespace, name);
  const { loadBalancer, publicIp } = balancer;
  if (loadBalancer && !hasTags(loadBalancer.balancer.tags, tags)) return loadBalancer.id;
  return publicIp && !hasTags(publicIp.tags, tags) ? publicIp.id : undefined;
}

function balance(seen: ServiceToDecide, candidates: Candidates): Verdict {
  const { document, ids, balancer } = seen;
  const { fleet, namespace = "", name } = document.key;
  const { loadBalancer, publicIp } = balancer;
  const tags = balancerTags(fleet, namespace, name);
  const location = loadBalancer?.balancer.location ?? publicIp?.location ?? seen.location;
  if (publicIp === undefined || publicIp.provisioningState === "Failed") {
    const wanted = { location, tags: { ...publicIp?.tags, ...tags } };
    return ask(seen, { kind: "ensure-public-ip", id: ids.publicIpId, wanted });
  }
  if (!isSettled(publicIp) || (loadBalancer !== undefined && !isSettled(loadBalancer))) {
    return waiting("Azure carries out an earlier change");
  }
  const wanted = wantedBalancer({
    location,
    tags,
    publicIpId: ids.publicIpId,
    status: seen.import?.status,
    candidates,
    seen: loadBalancer,
  });
  if (loadBalancer !== undefined && isDone(loadBalancer, wanted)) {
    return programmed(seen, wanted, candidates);
  }
  const etag = loadBalancer && { etag: loadBalancer.etag };
  return ask(seen, { kind: "ensure-load-balancer", id: ids.loadBalancerId, wanted, ...etag });
}

/** Azure is neither changing nor deleting it. */
const isSettled = ({ provisioningState }: LoadBalancerSeen | PublicIpSeen): boolean =>
  provisioningState === "Succeeded" || provisioningState === "Failed";

const isDone = (seen: LoadBalancerSeen, wanted: GlobalBalancer): boolean =>
  seen.provisioningState === "Succeeded" && isAsWanted(seen, wanted);

function programmed(
  seen: ServiceToDecide,
  { pools }: GlobalBalancer,
  candidates: Candidates,
): Verdict {
  const members = new Set(pools.flatMap(({ backends }) => backends.map(({ name }) => name)));
  if (members.size === 0) return noTraffic(seen, candidates);
  const ports = seen.import?.status.ports ?? [];
  const notes = [
    `Traffic goes to ${counted(members.size, "cluster")}`,
    ...candidates.eligible
      .filter(({ backend }) => !members.has(backend.name))
      .map(({ backend, unhealthy }) => `"${backend.name}": ${unhealthy ?? "offers no such port"}`),
    ...candidates.left,
    ...ports
      .filter((port) => !isBalanced(port))
      .map(({ port, protocol }) => `port ${port}/${protocol} is left out: must be TCP or UDP`),
  ];
  return settled({ status: "True", reason: "Programmed", message: notes.join("; ") });
}
