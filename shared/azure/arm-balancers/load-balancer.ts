import type { LoadBalancer, LoadBalancingRule, PublicIPAddress } from "@azure/arm-network";
import type {
  BalancerPool,
  BalancerRule,
  GlobalBalancer,
  LoadBalancerSeen,
  PublicIpSeen,
  PublicIpWanted,
} from "../../traffic/model.ts";

const frontendName = "public";

/** What a PUT sends: the whole load balancer, so what it does not name is gone. */
export function formatLoadBalancer(id: string, wanted: GlobalBalancer): LoadBalancer {
  const part = (kind: string, name: string) => ({ id: `${id}/${kind}/${name}` });
  return {
    location: wanted.location,
    tags: { ...wanted.tags },
    sku: { name: "Standard", tier: "Global" },
    frontendIPConfigurations: [{ name: frontendName, publicIPAddress: { id: wanted.publicIpId } }],
    backendAddressPools: wanted.pools.map(({ name, backends }) => ({
      name,
      loadBalancerBackendAddresses: backends.map((backend) => ({
        name: backend.name,
        loadBalancerFrontendIPConfiguration: { id: backend.frontendId },
      })),
    })),
    loadBalancingRules: wanted.rules.map((rule) => ({
      name: rule.name,
      protocol: rule.protocol,
      frontendPort: rule.port,
      backendPort: rule.port,
      enableFloatingIP: false,
      frontendIPConfiguration: part("frontendIPConfigurations", frontendName),
      backendAddressPool: part("backendAddressPools", rule.pool),
    })),
  };
}

/** Reads back what `formatLoadBalancer` says, and notices what it never says. */
export function parseLoadBalancer(from: LoadBalancer): LoadBalancerSeen {
  const frontends = from.frontendIPConfigurations ?? [];
  const rules = from.loadBalancingRules ?? [];
  return {
    id: from.id ?? "",
    etag: from.etag ?? "",
    provisioningState: from.provisioningState ?? "",
    balancer: {
      location: from.location ?? "",
      tags: from.tags ?? {},
      publicIpId: frontends[0]?.publicIPAddress?.id ?? "",
      pools: (from.backendAddressPools ?? []).map(parsePool),
      rules: rules.map(parseRule),
    },
    hasForeignParts:
      from.sku?.tier !== "Global" ||
      frontends.length !== 1 ||
      frontends[0]?.name !== frontendName ||
      rules.some(isForeign) ||
      hasAny(from.probes, from.inboundNatRules, from.inboundNatPools, from.outboundRules),
  };
}

const parsePool = (
  pool: NonNullable<LoadBalancer["backendAddressPools"]>[number],
): BalancerPool => ({
  name: pool.name ?? "",
  backends: (pool.loadBalancerBackendAddresses ?? []).map((address) => ({
    name: address.name ?? "",
    frontendId: address.loadBalancerFrontendIPConfiguration?.id ?? "",
  })),
});

const parseRule = (rule: LoadBalancingRule): BalancerRule => ({
  name: rule.name ?? "",
  protocol: rule.protocol === "Udp" ? "Udp" : "Tcp",
  port: rule.frontendPort ?? 0,
  pool: rule.backendAddressPool?.id?.split("/").at(-1) ?? "",
});

/** A setting that a fleet leaves to its default, changed by somebody else. */
const isForeign = (rule: LoadBalancingRule): boolean =>
  rule.frontendPort !== rule.backendPort ||
  rule.enableFloatingIP === true ||
  rule.probe !== undefined ||
  (rule.protocol !== "Udp" && rule.protocol !== "Tcp");

const hasAny = (...lists: readonly (readonly unknown[] | undefined)[]): boolean =>
  lists.some((list) => list !== undefined && list.length > 0);

/** Only a static Global-tier address may be in front of a Global-tier load balancer. */
export const formatPublicIp = ({ location, tags }: PublicIpWanted): PublicIPAddress => ({
  location,
  tags: { ...tags },
  sku: { name: "Standard", tier: "Global" },
  publicIPAllocationMethod: "Static",
  publicIPAddressVersion: "IPv4",
});

export const parsePublicIp = (from: PublicIPAddress): PublicIpSeen => ({
  id: from.id ?? "",
  etag: from.etag ?? "",
  provisioningState: from.provisioningState ?? "",
  location: from.location ?? "",
  tags: from.tags ?? {},
  ...(from.ipAddress !== undefined && { address: from.ipAddress }),
});
