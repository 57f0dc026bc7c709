import { setTimeout as delay } from "node:timers/promises";
import type { Effects } from "../effects/effects.ts";
import { type Member, type MemberName, memberRef } from "../fleet/model.ts";
import type { Document, FleetId, Write } from "../lib/document.ts";
import { FleetError } from "../lib/fleet-error.ts";
import {
  exportRef,
  exportSnapshotKey,
  exportSnapshotKind,
  exportsPerMemberMax,
  type MemberEvent,
  type SnapshotEvent,
} from "./model.ts";
import { observeTeller } from "./observe-teller.ts";
import { saveListing } from "./save-listing.ts";
import { isNewer, snapshotOfEvent } from "./snapshot-of-event.ts";

/** So often a snapshot is saved again when others save first; then Event Grid tries later. */
const racesMax = 8;

/**
 * Saves what a member's relay told, as that relay's own documents, if it is to be believed. An
 * older event never replaces a newer one, and an equal one changes nothing, so events may come
 * late, twice and in any order. Without an event there is nothing to do.
 */
export async function saveSnapshot(
  event: MemberEvent | undefined,
  effects: Effects,
): Promise<void> {
  if (event === undefined) return;
  for (const member of await observeTeller(event, effects)) {
    if (event.kind === "listing") await saveListing(event, member, effects);
    else await saveExport(event, member, effects);
  }
}

async function saveExport(
  event: SnapshotEvent,
  member: Document<Member>,
  effects: Effects,
): Promise<void> {
  for (let races = 0; races < racesMax; races++) {
    const write = await writeOf(event, member, effects);
    if (write === undefined) return;
    const saved = await effects.store.commit({ fleet: member.key.fleet, writes: [write] });
    if (saved.kind === "saved") return;
    await delay(Math.random() * 10 * 2 ** races);
  }
  throw new FleetError("Unavailable", "Cannot save snapshot: others saved first too often", {
    retryAfterSeconds: 1,
  });
}

/** Nothing for what is known already, and for what a member exports beyond its limit. */
async function writeOf(
  event: SnapshotEvent,
  { key: { fleet, name } }: Document<Member>,
  effects: Effects,
): Promise<Write | undefined> {
  const { store, clock, log } = effects;
  const member = name as MemberName;
  const key = exportSnapshotKey(fleet, { ...event, member });
  const document = await store.read(key);
  if (document !== undefined) {
    if (!isNewer(event, document.body)) return undefined;
    const body = snapshotOfEvent(event, member, clock.now(), document.body);
    return { kind: "replace", document, body };
  }
  if (await isFull(fleet, member, effects)) {
    log.warn(`Refused an export: member "${member}" has ${exportsPerMemberMax} already`, { key });
    return undefined;
  }
  const refs = [memberRef(member), exportRef(event.namespace, event.name)];
  return { kind: "create", key, body: snapshotOfEvent(event, member, clock.now()), refs };
}

async function isFull(fleet: FleetId, member: MemberName, { store }: Effects): Promise<boolean> {
  const { documents } = await store.list({
    fleet,
    kind: exportSnapshotKind,
    ref: memberRef(member),
    limit: exportsPerMemberMax,
  });
  return documents.length >= exportsPerMemberMax;
}
