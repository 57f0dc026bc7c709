/**
 * What the network provider refuses in a load balancer: references that lead nowhere, tiers and
 * SKUs that do not fit, rules that meet, pools over their limit. Codes are Azure's where they are
 * known; `LoadBalancer...` codes about tiers, backends of Global ones and parts in use are ours.
 *
 * @see https://learn.microsoft.com/troubleshoot/azure/load-balancer/welcome-load-balancer
 */
import { type ArmError, badRequest } from "../arm-error.ts";
import type { Cloud } from "../cloud.ts";
import { parentIdOf } from "../path.ts";
import { sameText } from "../state.ts";
import type { BackendPool, Frontend, Rule } from "./load-balancer-input.ts";
import {
  findLoadBalancer,
  type LoadBalancer,
  partKinds,
  poolIdsOf,
  usersOfFrontend,
} from "./load-balancer-model.ts";
import { homeRegions, skuOf } from "./network-model.ts";
import { findPublicIp } from "./public-ip-address.ts";

const addressesMax = { Regional: 5_000, Global: 300 } as const;

type Wanted = Omit<LoadBalancer, "etag">;

/** @throws ArmError 400 */
export function checkLoadBalancer(
  cloud: Pick<Cloud, "state">,
  wanted: Wanted,
  before: LoadBalancer | undefined,
): void {
  checkTier(wanted, before);
  checkNames(wanted);
  for (const frontend of wanted.properties.frontendIPConfigurations) {
    checkFrontend(cloud, wanted, frontend);
  }
  for (const pool of wanted.properties.backendAddressPools) {
    const [old] =
      before?.properties.backendAddressPools.filter(({ name }) => name === pool.name) ?? [];
    checkPool(cloud, { wanted, pool, before: old });
  }
  for (const rule of wanted.properties.loadBalancingRules) checkReferences(wanted, rule);
  checkConflicts(wanted.properties.loadBalancingRules);
  checkDroppedFrontends(cloud, wanted.properties.frontendIPConfigurations, before);
}

function tierOf(wanted: Wanted): "Regional" | "Global" {
  return skuOf({ ...wanted, etag: "" }).tier;
}

function checkTier(wanted: Wanted, before: LoadBalancer | undefined): void {
  const tier = tierOf(wanted);
  if (tier === "Global" && !homeRegions.includes(wanted.location ?? "")) {
    throw badRequest(
      "LoadBalancerGlobalTierRegionNotSupported",
      `Global tier load balancer ${wanted.id} must be in a home region: ${homeRegions.join(", ")}.`,
      "location",
    );
  }
  if (before === undefined || skuOf(before).tier === tier) return;
  throw badRequest(
    "LoadBalancerSkuTierCannotBeChanged",
    `The tier of load balancer ${wanted.id} cannot be changed from ${skuOf(before).tier}.`,
    "sku.tier",
  );
}

function checkNames({ id, properties }: Wanted): void {
  for (const kind of partKinds) {
    const names = properties[kind].map(({ name }) => name.toLowerCase());
    if (new Set(names).size === names.length) continue;
    throw badRequest("DuplicateResourceName", `Names of ${kind} of ${id} must be unique.`, kind);
  }
}

function checkFrontend(cloud: Pick<Cloud, "state">, wanted: Wanted, frontend: Frontend): void {
  const { publicIPAddress, subnet } = frontend.properties;
  if ((publicIPAddress === undefined) === (subnet === undefined)) {
    throw badRequest(
      "LoadBalancerFrontendIPConfigMustHaveOneAddress",
      `Frontend ${frontend.id} must reference a public IP address or a subnet, and not both.`,
    );
  }
  if (publicIPAddress === undefined) {
    if (tierOf(wanted) === "Regional") return;
    throw badRequest(
      "LoadBalancerGlobalTierMustBePublic",
      `Frontend ${frontend.id} of a Global tier load balancer must reference a public IP address.`,
    );
  }
  const address = findPublicIp(cloud, publicIPAddress.id);
  if (address === undefined) throw danglingReference(publicIPAddress.id, frontend.id);
  const sku = skuOf({ ...wanted, etag: "" });
  if (skuOf(address).name !== sku.name) {
    throw badRequest(
      "PublicIPAndLBSkuDoNotMatch",
      `${sku.name} sku load balancer ${wanted.id} cannot reference ${skuOf(address).name} sku ` +
        `publicIP ${address.id}.`,
    );
  }
  if (skuOf(address).tier !== sku.tier) {
    throw badRequest(
      "LoadBalancerAndPublicIPAddressTierMismatch",
      `${sku.tier} tier load balancer ${wanted.id} cannot reference ${skuOf(address).tier} tier ` +
        `publicIP ${address.id}.`,
    );
  }
  const user = address.properties.ipConfiguration?.id;
  if (user === undefined || sameText(user, frontend.id)) return;
  throw badRequest(
    "PublicIPAddressInUse",
    `Resource ${frontend.id} is referencing public IP address ${address.id} that is already ` +
      `allocated to resource ${user}.`,
  );
}

function danglingReference(referenced: string, by: string): ArmError {
  return badRequest(
    "InvalidResourceReference",
    `Resource ${referenced} referenced by resource ${by} was not found. Please make sure that ` +
      "the referenced resource exists, and that both resources are in the same region.",
  );
}

/** One pool, also when it is written alone. */
export function checkPool(
  cloud: Pick<Cloud, "state">,
  { wanted, pool, before }: { wanted: Wanted; pool: BackendPool; before: BackendPool | undefined },
): void {
  const tier = tierOf(wanted);
  const addresses = pool.properties.loadBalancerBackendAddresses ?? [];
  const max = addressesMax[tier];
  if (addresses.length > max) {
    throw badRequest(
      "LoadBalancerBackendAddressPoolLimitReached",
      `Backend address pool ${pool.id} has ${addresses.length} addresses: at most ${max} are ` +
        "allowed.",
    );
  }
  if (new Set(addresses.map(({ name }) => name)).size !== addresses.length) {
    throw badRequest("DuplicateResourceName", `Names of addresses of ${pool.id} must be unique.`);
  }
  for (const { properties } of addresses) {
    const frontendId = properties?.loadBalancerFrontendIPConfiguration?.id;
    if (tier === "Global") checkRegionalFrontend(cloud, pool, frontendId);
    else if (frontendId !== undefined || properties?.ipAddress === undefined) {
      throw badRequest(
        "LoadBalancerBackendAddressMustHaveIPAddress",
        `An address of ${pool.id} of a Regional tier load balancer must have an ipAddress.`,
      );
    }
  }
  checkUnchangeable(pool, before);
}

/** A Global load balancer sends traffic to public frontends of regional Standard ones alone. */
function checkRegionalFrontend(
  cloud: Pick<Cloud, "state">,
  pool: BackendPool,
  frontendId: string | undefined,
): void {
  if (frontendId === undefined) {
    throw badRequest(
      "LoadBalancerGlobalTierBackendMustBeFrontend",
      `An address of ${pool.id} must reference a frontend of a regional load balancer.`,
    );
  }
  const regional = findLoadBalancer(cloud, parentIdOf(frontendId));
  const frontend = regional?.properties.frontendIPConfigurations.find(({ id }) =>
    sameText(id, frontendId),
  );
  if (regional === undefined || frontend === undefined)
    throw danglingReference(frontendId, pool.id);
  const isPublic = frontend.properties.publicIPAddress !== undefined;
  const sku = skuOf(regional);
  if (isPublic && sku.tier === "Regional" && sku.name === "Standard") return;
  throw badRequest(
    "LoadBalancerGlobalTierBackendNotSupported",
    `Frontend ${frontendId} must be a public frontend of a Standard load balancer of Regional ` +
      "tier.",
  );
}

function checkUnchangeable(pool: BackendPool, before: BackendPool | undefined): void {
  if (before === undefined) return;
  const { virtualNetwork: network, syncMode } = before.properties;
  const isSameNetwork =
    network === undefined || sameText(network.id, pool.properties.virtualNetwork?.id ?? network.id);
  const isSameMode = syncMode === undefined || syncMode === (pool.properties.syncMode ?? syncMode);
  if (isSameNetwork && isSameMode) return;
  throw badRequest(
    "PropertyChangeNotAllowed",
    `Changing property '${isSameNetwork ? "syncMode" : "virtualNetwork"}' of ${pool.id} is not ` +
      "allowed.",
  );
}

function checkReferences(wanted: Wanted, rule: Rule): void {
  const { frontendIPConfiguration, probe } = rule.properties;
  const known = partKinds.flatMap((kind) =>
    wanted.properties[kind].map(({ id }) => id.toLowerCase()),
  );
  const references = [frontendIPConfiguration?.id, probe?.id, ...poolIdsOf(rule)];
  for (const id of references) {
    if (id === undefined || known.includes(id.toLowerCase())) continue;
    throw danglingReference(id, rule.id);
  }
  if (frontendIPConfiguration !== undefined) return;
  throw badRequest(
    "LoadBalancingRuleMustHaveFrontendIPConfiguration",
    `Load balancing rule ${rule.id} must reference a frontend IP configuration.`,
  );
}

function checkConflicts(rules: readonly Rule[]): void {
  const frontends = new Map<string, string>();
  const backends = new Map<string, string>();
  for (const rule of rules) {
    const {
      protocol,
      frontendPort,
      backendPort = frontendPort,
      enableFloatingIP,
    } = rule.properties;
    const frontendId = rule.properties.frontendIPConfiguration?.id.toLowerCase() ?? "";
    const front = `${protocol} ${frontendPort} ${frontendId}`;
    const other = frontends.get(front);
    if (other !== undefined) {
      throw badRequest(
        "RulesUseSameFrontendPortProtocolAndIPConfig",
        `Load balancing rules ${other} and ${rule.id} use the same protocol ${protocol}, ` +
          `frontend port ${frontendPort} and frontend IP configuration.`,
      );
    }
    frontends.set(front, rule.id);
    if (enableFloatingIP === true) continue;
    for (const pool of poolIdsOf(rule)) {
      const back = `${protocol} ${backendPort} ${pool.toLowerCase()}`;
      const same = backends.get(back);
      if (same !== undefined) {
        throw badRequest(
          "RulesUseSameBackendPortProtocolAndPool",
          `Load balancing rules ${same} and ${rule.id} with floating IP disabled use the same ` +
            `protocol ${protocol} and backend port ${backendPort}, and must not be used with the ` +
            `same backend address pool ${pool}.`,
        );
      }
      backends.set(back, rule.id);
    }
  }
}

/** A frontend that a Global load balancer sends traffic to has to stay. */
export function checkDroppedFrontends(
  cloud: Pick<Cloud, "state">,
  kept: readonly Frontend[],
  before: LoadBalancer | undefined,
): void {
  for (const { id } of before?.properties.frontendIPConfigurations ?? []) {
    if (kept.some((frontend) => sameText(frontend.id, id))) continue;
    const [user] = usersOfFrontend(cloud, id);
    if (user === undefined) continue;
    throw badRequest(
      "LoadBalancerFrontendIPConfigurationInUse",
      `Frontend ${id} cannot be removed since it is a backend of load balancer ${user}.`,
    );
  }
}
