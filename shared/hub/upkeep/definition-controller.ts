import type { Effects } from "../../effects/effects.ts";
import { deleteInstances } from "../../kube/definitions/delete-instances.ts";
import { settleDefinitions } from "../../kube/definitions/settle-definitions.ts";
import type { Document, Key } from "../../lib/document.ts";
import { hasPassed, type Instant, plusSeconds } from "../../lib/instant.ts";
import type { KubeBody } from "../../lib/kube-object.ts";
import { type Controller, controller, type Observed } from "../../reconcile/controller.ts";
import type { Plan } from "../../reconcile/plan.ts";
import { allKinds } from "../fleet-kinds.ts";
import { hubApi } from "../hub-api.ts";

interface Seen {
  readonly key: Key;
  /** Undefined for one that is gone: others may have waited for its names. */
  readonly definition: Document<KubeBody> | undefined;
  readonly now: Instant;
}

type Action = "settle-names" | "delete-instances";

/** One that waits for others (a finalizer of an object that it defines) is looked at so often. */
const secondsBetweenLooks = 300;

/** A definition gets its names if they are free, and goes when none of its objects is left. */
export const definitionController = controller<Seen, Action>({
  observe,
  decide,
  act,
} satisfies Controller<Seen, Action>);

async function observe(key: Key, { store, clock }: Effects): Promise<Observed<Seen>> {
  const definition = await store.read(key as Key<KubeBody>);
  const seen: Seen = { key, definition, now: clock.now() };
  return { ...(definition !== undefined && { document: definition }), seen };
}

function decide({ key, definition, now }: Seen): Plan<Action> {
  if (definition?.body.metadata.deletionTimestamp === undefined) {
    const because = `Definition "${key.name}" changed: names are taken or free`;
    return { writes: [], actions: ["settle-names"], because };
  }
  const { wakeAt } = definition;
  const isDue = wakeAt === undefined || hasPassed(wakeAt, now);
  return {
    writes: [],
    actions: ["delete-instances"],
    wakeAt: isDue ? plusSeconds(now, secondsBetweenLooks) : wakeAt,
    because: `What definition "${key.name}" defined is deleted`,
  };
}

async function act(action: Action, { key }: Seen, effects: Effects): Promise<void> {
  const api = hubApi(key.fleet, await allKinds(key.fleet, effects.store), effects);
  switch (action) {
    case "settle-names":
      await settleDefinitions(api);
      return;
    case "delete-instances":
      await deleteInstances(api, key.name);
  }
}
