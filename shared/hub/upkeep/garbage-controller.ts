import type { Effects } from "../../effects/effects.ts";
import { collectGarbage, type Ended } from "../../kube/upkeep/collect-garbage.ts";
import type { Document, Key } from "../../lib/document.ts";
import type { KubeBody } from "../../lib/kube-object.ts";
import { type Controller, controller, type Observed } from "../../reconcile/controller.ts";
import type { Plan } from "../../reconcile/plan.ts";
import { allKinds } from "../fleet-kinds.ts";
import { hubApi } from "../hub-api.ts";
import { type Owner, ownerOf } from "./garbage-key.ts";

interface Seen {
  readonly owner: Owner;
  /** What has the owner's key now; it may be another object of the same name. */
  readonly document: Document<KubeBody> | undefined;
}

/** What a deleted object owned is deleted with it, before it, or let be, as its deleter said. */
export const garbageController = controller<Seen, Ended>({
  observe,
  decide,
  act: async (ended, { owner }, effects) => {
    const { fleet } = owner.key;
    const api = hubApi(fleet, await allKinds(fleet, effects.store), effects);
    await collectGarbage(api, ended);
  },
} satisfies Controller<Seen, Ended>);

async function observe(key: Key, { store }: Effects): Promise<Observed<Seen> | undefined> {
  const owner = ownerOf(key);
  if (owner === undefined) return undefined;
  const document = await store.read(owner.key as Key<KubeBody>);
  return { seen: { owner, document } };
}

function decide({ owner, document }: Seen): Plan<Ended> {
  const { kind, name } = owner.key;
  const writes: Plan["writes"] = [];
  if (document === undefined || document.uid !== owner.uid) {
    const because = `${kind} "${name}" is gone: what it owned follows`;
    return { writes, actions: [{ kind: "gone", uid: owner.uid }], because };
  }
  if (document.body.metadata.deletionTimestamp === undefined) {
    return { writes, actions: [], because: `${kind} "${name}" lives, and so does what it owns` };
  }
  const because = `${kind} "${name}" waits for what it owns`;
  return { writes, actions: [{ kind: "waiting", document }], because };
}
