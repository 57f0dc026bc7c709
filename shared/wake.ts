/** Who looks again when something happened: from an event or a saved document to wakes. */
import { type Dependents, dependentsOf } from "./dependents.ts";
import type { Effects } from "./effects/effects.ts";
import type { Wake } from "./effects/wakes.ts";
import { type ClusterId, clusterKey, clusterRef, memberKind } from "./fleet/model.ts";
import { type Document, type Key, keyText } from "./lib/document.ts";

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
  for (const document of changed) {
    for (const key of await keysOf(document, dependentsOf(document), effects)) {
      const atLeast = Math.max(document.revision, wakes.get(keyText(key))?.atLeast ?? 0);
      wakes.set(keyText(key), { key, atLeast });
    }
  }
  await effects.wakes.wake([...wakes.values()]);
}
