import { isEqual } from "../lib/equal.ts";
import { backendsOf, type Candidate, type Candidates } from "./backends.ts";
import type {
  BalancerPool,
  BalancerRule,
  GlobalBalancer,
  LoadBalancerSeen,
  ServiceImport,
  ServicePort,
} from "./model.ts";
import { hasTags } from "./names.ts";

export interface BalancerToWant {
  readonly location: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly publicIpId: string;
  /** Undefined: nobody exports the service. */
  readonly status: ServiceImport["status"] | undefined;
  readonly candidates: Candidates;
  readonly seen: LoadBalancerSeen | undefined;
}

/** Azure load balancers carry TCP and UDP. */
export const isBalanced = ({ protocol }: ServicePort): boolean => protocol !== "SCTP";

/**
 * The load balancer as it should be: a rule and a pool for each port. A pool of each port's own
 * lets a port go only to the members that offer it, and keeps its name while members come and go.
 * Tags of others stay.
 */
export function wantedBalancer(from: BalancerToWant): GlobalBalancer {
  const ports = (from.status?.ports ?? []).filter(isBalanced);
  return {
    location: from.location,
    tags: { ...from.seen?.balancer.tags, ...from.tags },
    publicIpId: from.publicIpId,
    pools: ports.map((port) => poolOf(port, from.candidates.eligible, from.seen)),
    rules: ports.map(ruleOf),
  };
}

/** "tcp-80" */
const partName = ({ protocol, port }: ServicePort): string => `${protocol.toLowerCase()}-${port}`;

function poolOf(
  port: ServicePort,
  eligible: readonly Candidate[],
  seen: LoadBalancerSeen | undefined,
): BalancerPool {
  const name = partName(port);
  const pool = seen?.balancer.pools.find((each) => each.name === name);
  const current = new Set(pool?.backends.map((backend) => backend.name));
  return { name, backends: backendsOf(port, eligible, current) };
}

const ruleOf = (port: ServicePort): BalancerRule => ({
  name: partName(port),
  protocol: port.protocol === "UDP" ? "Udp" : "Tcp",
  port: port.port,
  pool: partName(port),
});

/** Whether a load balancer is as wanted, in whatever order and case Azure tells its parts. */
export function isAsWanted(seen: LoadBalancerSeen, wanted: GlobalBalancer): boolean {
  return (
    !seen.hasForeignParts &&
    hasTags(seen.balancer.tags, wanted.tags) &&
    isEqual(normal(seen.balancer), normal(wanted))
  );
}

const normal = ({ publicIpId, pools, rules }: GlobalBalancer): unknown => ({
  publicIpId: publicIpId.toLowerCase(),
  pools: pools.toSorted(byName).map(({ name, backends }) => ({
    name,
    backends: backends
      .toSorted(byName)
      .map((each) => ({ name: each.name, frontendId: each.frontendId.toLowerCase() })),
  })),
  rules: rules.toSorted(byName),
});

const byName = (one: { readonly name: string }, other: { readonly name: string }): number =>
  one.name < other.name ? -1 : one.name > other.name ? 1 : 0;
