import { Refusal } from "./refusal.ts";

/** Buckets that are full again are forgotten, checked whenever there are this many. */
const bucketsMax = 10_000;

/**
 * The request units that each partition key may spend: a second's worth can be spent at once, and
 * a request that costs more than is left still runs and leaves a debt, as in the service.
 */
export interface Throughput {
  /** @throws Refusal (429) with the time until the debt is paid. */
  admit(bucket: string): void;
  spend(bucket: string, units: number): void;
  /** @param unitsPerSecond undefined for no limit. */
  setLimit(unitsPerSecond: number | undefined): void;
}

interface Bucket {
  units: number;
  atMs: number;
}

export function createThroughput(nowMs: () => number): Throughput {
  let limit: number | undefined;
  const buckets = new Map<string, Bucket>();

  function refilled(name: string, perSecond: number): Bucket {
    const now = nowMs();
    const bucket = buckets.get(name) ?? { units: perSecond, atMs: now };
    const earned = ((now - bucket.atMs) / 1000) * perSecond;
    bucket.units = Math.min(perSecond, bucket.units + earned);
    bucket.atMs = now;
    if (!buckets.has(name)) forgetFull(perSecond);
    buckets.set(name, bucket);
    return bucket;
  }

  function forgetFull(perSecond: number): void {
    if (buckets.size < bucketsMax) return;
    for (const name of buckets.keys()) {
      const { units, atMs } = buckets.get(name) ?? { units: 0, atMs: 0 };
      if (units + ((nowMs() - atMs) / 1000) * perSecond >= perSecond) buckets.delete(name);
    }
  }

  return {
    admit(name) {
      if (limit === undefined) return;
      const { units } = refilled(name, limit);
      if (units > 0) return;
      const retryAfterMs = Math.max(1, Math.ceil((-units / limit) * 1000));
      const message =
        "Request rate is large. More Request Units may be needed, so no changes were made.";
      throw new Refusal(429, "TooManyRequests", message, { substatus: 3_200, retryAfterMs });
    },
    spend(name, units) {
      if (limit !== undefined) refilled(name, limit).units -= units;
    },
    setLimit(unitsPerSecond) {
      limit = unitsPerSecond;
      buckets.clear();
    },
  };
}
