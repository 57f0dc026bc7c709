import type { Effects } from "../../effects/effects.ts";
import { emptyNamespace } from "../../kube/upkeep/empty-namespace.ts";
import type { Document, Key } from "../../lib/document.ts";
import { hasPassed, type Instant, plusSeconds } from "../../lib/instant.ts";
import type { KubeBody } from "../../lib/kube-object.ts";
import { type Controller, controller, type Observed } from "../../reconcile/controller.ts";
import type { Plan } from "../../reconcile/plan.ts";
import { allKinds } from "../fleet-kinds.ts";
import { hubApi } from "../hub-api.ts";

interface Seen {
  readonly namespace: Document<KubeBody>;
  readonly now: Instant;
}

/** A namespace that waits for others (a finalizer of something in it) is looked at so often. */
const secondsBetweenLooks = 300;

/** A namespace that is being deleted is emptied, and then let go. */
export const namespaceController = controller<Seen, "empty">({
  observe,
  decide,
  act: async (_, { namespace }, effects) => {
    const { fleet, name } = namespace.key;
    const api = hubApi(fleet, await allKinds(fleet, effects.store), effects);
    await emptyNamespace(api, name);
  },
} satisfies Controller<Seen, "empty">);

async function observe(key: Key, { store, clock }: Effects): Promise<Observed<Seen> | undefined> {
  const namespace = await store.read(key as Key<KubeBody>);
  if (namespace === undefined) return undefined;
  return { document: namespace, seen: { namespace, now: clock.now() } };
}

function decide({ namespace, now }: Seen): Plan<"empty"> {
  const { key, body, wakeAt } = namespace;
  const { deletionTimestamp } = body.metadata;
  if (deletionTimestamp === undefined) {
    return { writes: [], actions: [], because: `Namespace "${key.name}" stays` };
  }
  // A moment that has passed moves on, so that it is saved once in that time and not at each look.
  const isDue = wakeAt === undefined || hasPassed(wakeAt, now);
  return {
    writes: [],
    actions: ["empty"],
    wakeAt: isDue ? plusSeconds(now, secondsBetweenLooks) : wakeAt,
    because: `Namespace "${key.name}" is emptied`,
  };
}
