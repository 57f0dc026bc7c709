import { NetworkManagementClient } from "@azure/arm-network";
import type { TokenCredential } from "@azure/identity";
import type { BalancerAnswer, Balancers } from "../effects/balancers.ts";
import { type ArmId, parseArmId } from "../lib/arm-id.ts";
import { answerOf } from "./arm-balancers/answer.ts";
import { frontendFinder } from "./arm-balancers/frontends.ts";
import {
  formatLoadBalancer,
  formatPublicIp,
  parseLoadBalancer,
  parsePublicIp,
} from "./arm-balancers/load-balancer.ts";
import { notThere } from "./arm-errors.ts";

export interface ArmBalancersOptions {
  readonly credential: TokenCredential;
  /** "https://management.azure.com" when left out. */
  readonly endpoint?: string;
  readonly scopes?: readonly string[];
}

/** No answer of ARM takes longer; what was asked may still happen, as the next look sees. */
const timeoutMilliseconds = 30_000;

/**
 * Load balancers through ARM's network API, 2026-01-01. The SDK never retries and never polls: a
 * busy ARM is an answer, or an error that says when to ask again, and the engine does.
 */
export function armBalancers(options: ArmBalancersOptions): Balancers {
  const clientOf = clients(options);
  const findFrontend = frontendFinder();
  const requestOptions = { timeout: timeoutMilliseconds };
  return {
    async see({ loadBalancerId, publicIpId }) {
      const balancer = idOf(loadBalancerId);
      const address = idOf(publicIpId);
      const [loadBalancer, publicIp] = await Promise.all([
        clientOf(balancer.subscriptionId)
          .loadBalancers.get(balancer.resourceGroup, balancer.name, { requestOptions })
          .then(parseLoadBalancer, notThere),
        clientOf(address.subscriptionId)
          .publicIPAddresses.get(address.resourceGroup, address.name, { requestOptions })
          .then(parsePublicIp, notThere),
      ]);
      return {
        ...(loadBalancer !== undefined && { loadBalancer }),
        ...(publicIp !== undefined && { publicIp }),
      };
    },

    async ensurePublicIp(id, wanted) {
      const { subscriptionId, resourceGroup, name } = idOf(id);
      const { publicIPAddresses } = clientOf(subscriptionId);
      return await submit(() =>
        publicIPAddresses.createOrUpdate(resourceGroup, name, formatPublicIp(wanted), {
          requestOptions,
        }),
      );
    },

    async ensureLoadBalancer(id, wanted, etag) {
      const { subscriptionId, resourceGroup, name } = idOf(id);
      const { loadBalancers } = clientOf(subscriptionId);
      return await submit(() =>
        loadBalancers.createOrUpdate(resourceGroup, name, formatLoadBalancer(id, wanted), {
          requestOptions: { ...requestOptions, ...ifMatch(etag) },
        }),
      );
    },

    async remove(id, etag) {
      const { subscriptionId, resourceGroup, name, type } = idOf(id);
      const client = clientOf(subscriptionId);
      const resources = type.endsWith("/loadbalancers")
        ? client.loadBalancers
        : client.publicIPAddresses;
      return await submit(() =>
        resources.delete(resourceGroup, name, {
          requestOptions: { ...requestOptions, ...ifMatch(etag) },
        }),
      );
    },

    async frontendOf(group, address) {
      return await findFrontend(clientOf(group.subscriptionId), group, address);
    },
  };
}

/** A client serves one subscription. */
function clients({
  credential,
  endpoint,
  scopes,
}: ArmBalancersOptions): (subscriptionId: string) => NetworkManagementClient {
  const bySubscription = new Map<string, NetworkManagementClient>();
  return (subscriptionId) => {
    const known = bySubscription.get(subscriptionId);
    if (known !== undefined) return known;
    const client = new NetworkManagementClient(credential, subscriptionId, {
      retryOptions: { maxRetries: 0 },
      ...(endpoint !== undefined && { endpoint }),
      ...(scopes !== undefined && { credentials: { scopes: [...scopes] } }),
    });
    bySubscription.set(subscriptionId, client);
    return client;
  };
}

/** Resolves with ARM's first answer to a write; the poller is dropped, not awaited. */
async function submit(send: () => { submitted(): Promise<void> }): Promise<BalancerAnswer> {
  try {
    await send().submitted();
    return { kind: "accepted" };
  } catch (error) {
    return answerOf(error);
  }
}

const ifMatch = (etag: string | undefined) =>
  etag === undefined ? {} : { headers: { "If-Match": etag } };

function idOf(id: string): ArmId {
  const parsed = parseArmId(id);
  if (parsed === undefined) throw new RangeError(`Cannot read "${id}": must be an ARM id`);
  return parsed;
}
