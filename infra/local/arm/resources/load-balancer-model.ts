import type { Cloud } from "../cloud.ts";
import { nameOf } from "../path.ts";
import type { Json, Resource } from "../resource.ts";
import { sameText } from "../state.ts";
import type {
  BackendPool,
  Frontend,
  LoadBalancerInput,
  Probe,
  Rule,
} from "./load-balancer-input.ts";
import { loadBalancerType, networkBody, regionOf, skuOf } from "./network-model.ts";
import { findPublicIp, type PublicIpProperties } from "./public-ip-address.ts";

/** The parts of a load balancer, named as in its URLs. */
export const partKinds = [
  "frontendIPConfigurations",
  "backendAddressPools",
  "loadBalancingRules",
  "probes",
] as const;

export type PartKind = (typeof partKinds)[number];

export interface LoadBalancerProperties {
  readonly provisioningState: string;
  readonly frontendIPConfigurations: readonly Frontend[];
  readonly backendAddressPools: readonly BackendPool[];
  readonly loadBalancingRules: readonly Rule[];
  readonly probes: readonly Probe[];
  readonly [more: string]: unknown;
}

export type LoadBalancer = Resource<LoadBalancerProperties>;

export function findLoadBalancer(
  { state }: Pick<Cloud, "state">,
  id: string,
): LoadBalancer | undefined {
  return state.read(id) as LoadBalancer | undefined;
}

/** What is wanted, with the ids that its parts get. Parts that are not named are gone. */
export function assemble(id: string, input: LoadBalancerInput): Omit<LoadBalancer, "etag"> {
  const sku = { name: input.sku?.name ?? "Standard", tier: input.sku?.tier ?? "Regional" };
  const {
    frontendIPConfigurations = [],
    backendAddressPools = [],
    loadBalancingRules = [],
    probes = [],
    ...more
  } = input.properties ?? {};
  return {
    id,
    name: nameOf(id),
    type: loadBalancerType,
    location: regionOf(input.location),
    ...(input.tags === undefined ? {} : { tags: input.tags }),
    beside: { sku },
    properties: {
      inboundNatRules: [],
      outboundRules: [],
      inboundNatPools: [],
      resourceGuid: crypto.randomUUID(),
      ...more,
      provisioningState: "Updating",
      frontendIPConfigurations: frontendIPConfigurations.map((part) =>
        withId(id, "frontendIPConfigurations", part),
      ),
      backendAddressPools: backendAddressPools.map((part) =>
        withId(id, "backendAddressPools", part),
      ),
      loadBalancingRules: loadBalancingRules.map((part) =>
        withId(id, "loadBalancingRules", { ...part, properties: withBothPools(part.properties) }),
      ),
      probes: probes.map((part) => withId(id, "probes", part)),
    },
  };
}

export function withId<Input extends { name: string; properties?: object | undefined }>(
  loadBalancerId: string,
  kind: PartKind,
  part: Input,
) {
  return {
    ...part,
    id: `${loadBalancerId}/${kind}/${part.name}`,
    type: `${loadBalancerType}/${kind}`,
    properties: { ...part.properties, provisioningState: "Succeeded" } as NonNullable<
      Input["properties"]
    > & { readonly [more: string]: unknown },
  };
}

/** The service shows the pool of a rule both ways, whichever way it was given. */
function withBothPools(properties: Rule["properties"]): Rule["properties"] {
  const pools = properties.backendAddressPools ?? [];
  const [pool = properties.backendAddressPool] = pools;
  if (pool === undefined) return properties;
  return {
    ...properties,
    backendAddressPool: pool,
    backendAddressPools: pools.length > 0 ? pools : [pool],
  };
}

export function poolIdsOf({ properties }: Rule): readonly string[] {
  return (properties.backendAddressPools ?? []).map(({ id }) => id);
}

/** What callers see: each part with the etag of the whole and the rules that use it. */
export function loadBalancerBody(loadBalancer: LoadBalancer): Json {
  const { properties } = loadBalancer;
  const parts = partKinds.map((kind) => [
    kind,
    properties[kind].map((part) => partBody(loadBalancer, part)),
  ]);
  return {
    ...networkBody(loadBalancer),
    properties: { ...properties, ...Object.fromEntries(parts) },
  };
}

export function partBody(
  loadBalancer: LoadBalancer,
  part: Frontend | BackendPool | Rule | Probe,
): Json {
  const rules = loadBalancer.properties.loadBalancingRules
    .filter((rule) => uses(rule, part.id))
    .map(({ id }) => ({ id }));
  const usedBy =
    part.type.endsWith("/loadBalancingRules") || rules.length === 0
      ? {}
      : { loadBalancingRules: rules };
  return {
    ...part,
    etag: `W/"${loadBalancer.etag}"`,
    properties: { ...part.properties, ...usedBy },
  };
}

function uses(rule: Rule, partId: string): boolean {
  const { frontendIPConfiguration, probe } = rule.properties;
  return [frontendIPConfiguration?.id, probe?.id, ...poolIdsOf(rule)].some(
    (id) => id !== undefined && sameText(id, partId),
  );
}

/** Global load balancers that send traffic to this frontend of a regional one. */
export function usersOfFrontend(
  cloud: Pick<Cloud, "state">,
  frontendId: string,
): readonly string[] {
  const all = cloud.state.all(loadBalancerType) as unknown as readonly LoadBalancer[];
  return all
    .filter((each) => skuOf(each).tier === "Global")
    .filter(({ properties }) =>
      properties.backendAddressPools.some((pool) =>
        (pool.properties.loadBalancerBackendAddresses ?? []).some(({ properties: address }) =>
          sameText(address?.loadBalancerFrontendIPConfiguration?.id ?? "", frontendId),
        ),
      ),
    )
    .map(({ id }) => id);
}

/** Writes into each public address which frontend uses it, and frees those that none uses. */
export function linkAddresses(
  cloud: Pick<Cloud, "state">,
  before: LoadBalancer | undefined,
  after: LoadBalancer | undefined,
): void {
  const linked = addressesOf(after);
  for (const addressId of addressesOf(before).keys()) {
    if (!linked.has(addressId)) linkAddress(cloud, addressId, undefined);
  }
  for (const [addressId, frontendId] of linked) linkAddress(cloud, addressId, frontendId);
}

function addressesOf(loadBalancer: LoadBalancer | undefined): ReadonlyMap<string, string> {
  const frontends = loadBalancer?.properties.frontendIPConfigurations ?? [];
  return new Map(
    frontends.flatMap(({ id, properties }) => {
      const addressId = properties.publicIPAddress?.id;
      return addressId === undefined ? [] : [[addressId.toLowerCase(), id] as const];
    }),
  );
}

function linkAddress(
  cloud: Pick<Cloud, "state">,
  addressId: string,
  frontendId: string | undefined,
): void {
  const address = findPublicIp(cloud, addressId);
  if (address === undefined || address.properties.ipConfiguration?.id === frontendId) return;
  const { ipConfiguration: _before, ...properties } = address.properties;
  cloud.state.save<PublicIpProperties>({
    ...address,
    properties: {
      ...properties,
      ...(frontendId === undefined ? {} : { ipConfiguration: { id: frontendId } }),
    } as PublicIpProperties,
  });
}
