/** Who looks again when something happened: from an event or a saved document to wakes. */

import { dependentsOf, type Lookup } from "./dependents.ts";
import type { Effects } from "./effects/effects.ts";
import { listAll } from "./effects/list-all.ts";
import type { Store } from "./effects/store.ts";
import type { Wake } from "./effects/wakes.ts";
import { type ClusterId, clusterKey, clusterRef } from "./fleet/model.ts";
import { lookUpUpkeep } from "./hub/upkeep/look-up-upkeep.ts";
import { type Document, type FleetId, type Key, keyText } from "./lib/document.ts";
import { candidateKey, placementKind } from "./placement/model.ts";

/** A cluster changed: it looks again itself, and so does each document that is about it. */
export async function wakeForCluster(cluster: ClusterId, effects: Effects): Promise<void> {
  const about = await effects.store.referring(clusterRef(cluster));
  await effects.wakes.wake([clusterKey(cluster), ...about].map((key) => ({ key })));
}

/** A network resource changed: each document that is about it looks again. */
export async function wakeForResource(resource: string, effects: Effects): Promise<void> {
  const about = await effects.store.referring(`azure:${resource}`);
  await effects.wakes.wake(about.map((key) => ({ key })));
}

/** Documents changed: each looks again, and each that depends on it, once for the whole batch. */
export async function wakeForDocuments(
  changed: readonly Document[],
  effects: Effects,
): Promise<void> {
  const wakes = new Map<string, Wake>();
  const lookups = new Map<string, Promise<readonly Key[]>>();
  for (const document of changed) {
    const { keys, lookups: asked } = dependentsOf(document);
    const found = await Promise.all(asked.map(async (each) => await once(document, each)));
    for (const key of [...keys, ...found.flat()]) {
      const atLeast = Math.max(document.revision, wakes.get(keyText(key))?.atLeast ?? 0);
      wakes.set(keyText(key), { key, atLeast });
    }
  }
  await effects.wakes.wake([...wakes.values()]);

  /** Two documents of a batch often ask for the same: a namespace's objects, say. */
  async function once({ key }: Document, lookup: Lookup): Promise<readonly Key[]> {
    const name = `${key.fleet} ${JSON.stringify(lookup)}`;
    const known = lookups.get(name) ?? lookUp(key.fleet, lookup, effects);
    lookups.set(name, known);
    return await known;
  }
}

async function lookUp(fleet: FleetId, lookup: Lookup, { store }: Effects): Promise<readonly Key[]> {
  switch (lookup.kind) {
    case "referring": {
      const found = await store.referring(lookup.ref);
      return found.filter((key) => key.fleet === fleet && lookup.to.includes(key.kind));
    }
    case "candidates":
      return await candidates(fleet, lookup.member, store);
    case "owned":
    case "owner":
    case "terminating":
      return await lookUpUpkeep(fleet, lookup, store);
  }
}

async function candidates(fleet: FleetId, member: string, store: Store): Promise<readonly Key[]> {
  const placements = await listAll(store, { fleet, kind: placementKind });
  return placements.map(({ key }) => candidateKey(fleet, key.name, member));
}
