import type { Effects } from "../../effects/effects.ts";
import { collectGarbage, type Ended } from "../../kube/upkeep/collect-garbage.ts";
import type { Document, Key } from "../../lib/document.ts";
import { hasPassed, type Instant, plusSeconds } from "../../lib/instant.ts";
import type { KubeBody } from "../../lib/kube-object.ts";
import { type Controller, controller, type Observed } from "../../reconcile/controller.ts";
import type { Plan } from "../../reconcile/plan.ts";
import { allKinds } from "../fleet-kinds.ts";
import { hubApi } from "../hub-api.ts";
import { type GarbageNote, garbageKey, type Owner, ownerOf } from "./garbage-key.ts";

interface Seen {
  readonly owner: Owner;
  /** What has the owner's key now; it may be another object of the same name. */
  readonly document: Document<KubeBody> | undefined;
  /** There while the owner waits. */
  readonly note: Document<GarbageNote> | undefined;
  readonly now: Instant;
}

/** An owner that waits is looked at so often: no change tells it of a reference that is dropped. */
const secondsBetweenLooks = 300;

/** What a deleted object owned is deleted with it, before it, or let be, as its deleter said. */
export const garbageController = controller<Seen, Ended>({
  observe,
  decide,
  act: async (ended, { owner, note, now }, effects) => {
    const { fleet } = owner.key;
    const api = hubApi(fleet, await allKinds(fleet, effects.store), effects);
    const result = await collectGarbage(api, ended);
    if (result === "waiting" && note === undefined) await noteWaiting(owner, now, effects);
    if (result === "done" && ended.kind === "waiting") await forget(note, effects);
  },
} satisfies Controller<Seen, Ended>);

async function observe(key: Key, { store, clock }: Effects): Promise<Observed<Seen> | undefined> {
  const owner = ownerOf(key);
  if (owner === undefined) return undefined;
  const [document, note] = await Promise.all([
    store.read(owner.key as Key<KubeBody>),
    store.read(key as Key<GarbageNote>),
  ]);
  const seen = { owner, document, note, now: clock.now() };
  return note === undefined ? { seen } : { document: note, seen };
}

function decide({ owner, document, note, now }: Seen): Plan<Ended> {
  const { kind, name } = owner.key;
  const writes: Plan["writes"] = note === undefined ? [] : [{ kind: "delete", document: note }];
  if (document === undefined || document.uid !== owner.uid) {
    const because = `${kind} "${name}" is gone: what it owned follows`;
    return { writes, actions: [{ kind: "gone", uid: owner.uid }], because };
  }
  if (document.body.metadata.deletionTimestamp === undefined) {
    return { writes, actions: [], because: `${kind} "${name}" lives, and so does what it owns` };
  }
  const plan: Plan<Ended> = {
    writes: [],
    actions: [{ kind: "waiting", document }],
    because: `${kind} "${name}" waits for what it owns`,
  };
  if (note === undefined) return plan;
  // A moment that has passed moves on, so that it is saved once in that time and not at each look.
  const isDue = note.wakeAt === undefined || hasPassed(note.wakeAt, now);
  return { ...plan, wakeAt: isDue ? plusSeconds(now, secondsBetweenLooks) : note.wakeAt };
}

/**
 * Only for an owner that its first look could not let go: most are let go at once. Somebody else
 * may have noted it; a note that outlives its owner goes when it is due.
 */
async function noteWaiting(owner: Owner, now: Instant, { store }: Effects): Promise<void> {
  const key = garbageKey(owner);
  const wakeAt = plusSeconds(now, secondsBetweenLooks);
  await store.commit({ fleet: key.fleet, writes: [{ kind: "create", key, body: {}, wakeAt }] });
}

/** What nobody waits for any more may be looked at once more: it is forgotten then. */
async function forget(note: Seen["note"], { store }: Effects): Promise<void> {
  if (note === undefined) return;
  const { fleet } = note.key;
  await store.commit({ fleet, writes: [{ kind: "delete", document: note }] });
}
