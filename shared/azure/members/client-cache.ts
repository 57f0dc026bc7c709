import type { ClusterId } from "../../fleet/model.ts";
import { FleetError } from "../../lib/fleet-error.ts";
import type { KubeClient } from "./kube-client.ts";
import { UnreachableError } from "./unreachable-error.ts";

/**
 * The kubeconfigs and connections of so many clusters are kept; those used last stay longest. More
 * than a fleet has members: AKS gives a subscription 60 kubeconfigs, then one a second.
 */
const clientsMax = 2_000;
/** A cluster that cannot be reached is asked about again no sooner: ARM counts the questions. */
const secondsBetweenKubeconfigsMin = 60;

export interface ClientCache {
  /** Calls with the cluster's client; an old access is renewed once. */
  readonly use: <Result>(
    cluster: ClusterId,
    call: (client: KubeClient) => Promise<Result>,
  ) => Promise<Result>;
}

interface Known {
  readonly client: Promise<KubeClient>;
  readonly sinceMilliseconds: number;
}

/** `open` asks ARM for the kubeconfig. */
export function clientCache(open: (cluster: ClusterId) => Promise<KubeClient>): ClientCache {
  const known = new Map<ClusterId, Known>();

  function clientOf(cluster: ClusterId): Known {
    const found = known.get(cluster) ?? {
      client: open(cluster),
      sinceMilliseconds: performance.now(),
    };
    known.delete(cluster);
    known.set(cluster, found);
    const [oldest] = known.keys();
    if (known.size > clientsMax && oldest !== undefined) known.delete(oldest);
    return found;
  }

  function forget(cluster: ClusterId, old: Known): void {
    if (known.get(cluster) === old) known.delete(cluster);
  }

  async function opened(cluster: ClusterId): Promise<[Known, KubeClient]> {
    const found = clientOf(cluster);
    try {
      return [found, await found.client];
    } catch (error) {
      forget(cluster, found);
      throw asUnreachable(error);
    }
  }

  return {
    async use(cluster, call) {
      const [found, client] = await opened(cluster);
      try {
        return await call(client);
      } catch (error) {
        if (!(error instanceof UnreachableError) || !error.isAccessOld) throw error;
        const ageSeconds = (performance.now() - found.sinceMilliseconds) / 1000;
        if (ageSeconds < secondsBetweenKubeconfigsMin) throw error;
        forget(cluster, found);
        const [, renewed] = await opened(cluster);
        return await call(renewed);
      }
    },
  };
}

/** A busy ARM is asked again by the engine; that it gives no kubeconfig is what is so. */
function asUnreachable(error: unknown): unknown {
  if (!(error instanceof FleetError) || error.code === "TooManyRequests") return error;
  return new UnreachableError(error.message, false, error);
}
