import type { Effects } from "../effects/effects.ts";
import { type Member, memberRef } from "../fleet/model.ts";
import type { Document, Write } from "../lib/document.ts";
import { exportSnapshotKind, type ListingEvent } from "./model.ts";
import { withdrawn } from "./snapshot-of-event.ts";

/** A commit takes 98 writes. */
const writesMax = 90;

/**
 * Withdraws what an earlier epoch of the relay exported and this one does not name: it was deleted
 * while no relay ran. What changes in between is left to the next listing, a few minutes later.
 */
export async function saveListing(
  { epoch, exports }: ListingEvent,
  { key: { fleet, name } }: Document<Member>,
  { store, clock, log }: Effects,
): Promise<void> {
  const named = new Set(exports);
  const now = clock.now();
  const { documents } = await store.list({
    fleet,
    kind: exportSnapshotKind,
    ref: memberRef(name),
  });
  const writes = documents
    .filter(({ body }) => body.export !== null && body.epoch < epoch)
    .filter(({ body }) => !named.has(`${body.namespace}/${body.name}`))
    .map((document): Write => {
      return { kind: "replace", document, body: withdrawn(document.body, epoch, now) };
    });
  for (let from = 0; from < writes.length; from += writesMax) {
    const some = writes.slice(from, from + writesMax);
    const saved = await store.commit({ fleet, writes: some });
    log.info(`Exports of member "${name}" that are gone: ${saved.kind}`, { exports: some.length });
  }
}
