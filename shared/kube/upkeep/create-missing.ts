import type { Store } from "../../effects/store.ts";
import type { FleetId, Write } from "../../lib/document.ts";

/** An object that is to be there. */
export type WantedObject = Pick<Write & { readonly kind: "create" }, "key" | "body">;

/**
 * Makes those objects that are not there, in one commit: at most 98 of one fleet. Safe to repeat,
 * and by several processes at once.
 */
export async function createMissing(
  { store, fleet }: { readonly store: Store; readonly fleet: FleetId },
  wanted: readonly WantedObject[],
): Promise<void> {
  for (let race = 0; race <= racesMax; race++) {
    const found = await Promise.all(wanted.map(async ({ key }) => await store.read(key)));
    const missing = wanted.filter((_, index) => found[index] === undefined);
    if (missing.length === 0) return;
    const writes = missing.map(({ key, body }) => ({ kind: "create" as const, key, body }));
    if ((await store.commit({ fleet, writes })).kind === "saved") return;
  }
}

/** Somebody has made one of them meanwhile, so the others are made again. */
const racesMax = 3;
