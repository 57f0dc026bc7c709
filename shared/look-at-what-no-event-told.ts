/**
 * The safety net below events: what is overdue, how members are, which clusters ask to join. Its
 * cost grows with the fleet, which is why it runs once in five minutes and nothing else lists.
 */
import type { Effects } from "./effects/effects.ts";
import type { Wake } from "./effects/wakes.ts";
import { clusterIdOf, clusterKey, fleetKind, memberKind } from "./fleet/model.ts";
import { parseArmId } from "./lib/arm-id.ts";
import { plusSeconds } from "./lib/instant.ts";

/** More stay overdue until the next look finds them. */
const overdueMax = 5_000;

/** Looks at members are spread over this time, so that they come as a trickle. */
const spreadSeconds = 240;

export async function lookAtWhatNoEventTold(effects: Effects): Promise<void> {
  const overdue = await effects.store.overdue(effects.clock.now(), overdueMax);
  await effects.wakes.wake(overdue.map((key) => ({ key })));

  const members = await effects.store.find(memberKind);
  const now = effects.clock.now();
  const looks = members.map(({ key }, index): Wake => {
    const at = plusSeconds(now, Math.floor((index * spreadSeconds) / members.length));
    return { key, at };
  });
  await effects.wakes.wake(looks);

  const known = new Set(members.map(({ body }) => clusterIdOf(body.arm.clusterResourceId)));
  for (const subscription of await subscriptions(effects)) {
    const tagged = await effects.clusters.tagged(subscription);
    const strangers = tagged.filter((cluster) => !known.has(cluster));
    await effects.wakes.wake(strangers.map((cluster) => ({ key: clusterKey(cluster) })));
  }
}

/** Clusters join from the subscriptions that have fleets. */
async function subscriptions({ store }: Effects): Promise<ReadonlySet<string>> {
  const fleets = await store.find(fleetKind);
  return new Set(fleets.flatMap(({ key }) => parseArmId(key.fleet)?.subscriptionId ?? []));
}
