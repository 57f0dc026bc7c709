import type { CustomObjectsApi } from "@kubernetes/client-node";

const leaseName = "hubless-relay";
const epochAnnotation = "networking.fleet.azure.com/relay-epoch";

/** A remembered epoch further ahead came of a wrong clock: the fleet never accepted it. */
const aheadMillisecondsMax = 24 * 3600 * 1000;

/** So often others may take the lease first. */
const racesMax = 5;

interface Lease {
  readonly apiVersion: "coordination.k8s.io/v1";
  readonly kind: "Lease";
  readonly metadata: {
    readonly name: string;
    readonly resourceVersion?: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: Readonly<Record<string, unknown>>;
}

/**
 * Begins a new epoch, which is greater than all before it: the time, or one more than the last
 * epoch if a clock went back. A Lease remembers the last one. Of two relays in one cluster the
 * fleet believes the one that started later, so none has to wait for the other.
 */
export async function beginEpoch(
  objects: CustomObjectsApi,
  namespace: string,
  holder: string,
): Promise<number> {
  const at = { group: "coordination.k8s.io", version: "v1", namespace, plural: "leases" };
  for (let races = 0; races < racesMax; races++) {
    const lease = (await objects
      .getNamespacedCustomObject({ ...at, name: leaseName })
      .catch(only(404))) as Lease | undefined;
    const epoch = nextEpoch(Number(lease?.metadata.annotations?.[epochAnnotation] ?? 0));
    const body = withEpoch(lease, epoch, holder);
    const saved: unknown =
      lease === undefined
        ? await objects.createNamespacedCustomObject({ ...at, body }).catch(only(409))
        : await objects
            .replaceNamespacedCustomObject({ ...at, name: leaseName, body })
            .catch(only(409));
    if (saved !== undefined) return epoch;
  }
  throw new Error(`Cannot take lease "${leaseName}": others took it first ${racesMax} times`);
}

function nextEpoch(last: number): number {
  const now = Date.now();
  const isSane = Number.isSafeInteger(last) && last < now + aheadMillisecondsMax;
  return isSane ? Math.max(now, last + 1) : now;
}

function withEpoch(before: Lease | undefined, epoch: number, holder: string): Lease {
  const now = new Date().toISOString().replace("Z", "000Z");
  const transitions = Number(before?.spec?.["leaseTransitions"] ?? 0);
  return {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: {
      ...before?.metadata,
      name: leaseName,
      annotations: { ...before?.metadata.annotations, [epochAnnotation]: String(epoch) },
    },
    spec: {
      ...before?.spec,
      holderIdentity: holder,
      acquireTime: now,
      renewTime: now,
      leaseTransitions: transitions + 1,
    },
  };
}

/** Undefined for an answer with the status; throws any other. */
const only = (status: number) => (error: unknown) => {
  if ((error as { readonly code?: unknown }).code === status) return undefined;
  throw error;
};
