import { z } from "zod";
import { type Fleet, fleetKind, fleetNameRef, memberKind } from "../../fleet/model.ts";
import type { Kind, Write } from "../../lib/document.ts";
import { activeRunRef } from "../../updates/keys.ts";
import {
  groupKind,
  memberProgressKind,
  runKind,
  stageSlotsKind,
  strategyKind,
} from "../../updates/model.ts";
import { ArmError, notAllowed } from "../arm-error.ts";
import { provider } from "../arm-path.ts";
import { parseBody } from "../request-body.ts";
import type { AdminCall, Removal, ServedResource } from "../served-resource.ts";
import { systemDataOf } from "../system-data.ts";

const tags = z
  .record(z.string().max(512), z.string().max(256))
  .refine((all) => Object.keys(all).length <= 50, "at most 50 tags");

/** A fleet acts as the product does: it has no identity of its own. */
const identity = z
  .looseObject({ type: z.literal("None", 'must be "None": a fleet has no identity of its own') })
  .nullish();

/**
 * A fleet always has a hub, and it is no cluster: what asks for a private one, in a network or of a
 * size, is refused. A `dnsPrefix` is taken and has no effect: the hub's address is the app's.
 */
const absent = z.literal(undefined, "must be left out: the hub is not a cluster").optional();
const no = z.literal(false, "must be false: the hub is not a cluster").nullish();
const hubProfile = z
  .looseObject({
    apiServerAccessProfile: z
      .looseObject({ enablePrivateCluster: no, enableVnetIntegration: no, subnetId: absent })
      .nullish(),
    agentProfile: z.looseObject({ subnetId: absent, vmSize: absent }).nullish(),
  })
  .nullish();

const putShape = z.object({
  location: z.string().min(1).max(64),
  tags: tags.nullish(),
  identity,
  properties: z.looseObject({ hubProfile }).nullish(),
});
const patchShape = z.object({ tags: tags.nullish(), identity });

/** What goes with a fleet, besides itself. */
const contents: readonly Kind[] = [
  memberProgressKind,
  groupKind,
  stageSlotsKind,
  runKind,
  strategyKind,
];
/** A deletion takes two of a commit's 98 places. */
const removedAtOnceMax = 48;

export const fleetResource: ServedResource<Fleet> = {
  type: "fleets",
  kind: fleetKind,
  nameMax: 63,
  changedBy: "administrator",
  pageMax: 100,

  async show({ body }, { face }) {
    const { location, tags: shownTags, systemData } = body;
    const hub = { fqdn: new URL(face.publicUrl).host };
    const properties = { provisioningState: "Succeeded", hubProfile: hub };
    return { systemData, location, tags: shownTags, properties };
  },

  async put(body, before, call) {
    const input = parseBody(putShape, body);
    const location = input.location.toLowerCase().replaceAll(" ", "");
    if (before !== undefined && before.body.location !== location) {
      const message =
        `The resource '${before.key.name}' already exists in location ` +
        `'${before.body.location}'. A resource of that name cannot be created in '${location}'.`;
      throw new ArmError(409, "InvalidResourceLocation", message, { target: "location" });
    }
    const now = call.effects.clock.now();
    const systemData = systemDataOf(call.caller, now, before?.body.systemData);
    const armId = before?.body.armId ?? armIdOf(call);
    const refs = [fleetNameRef(call.key.name)];
    return { body: { armId, location, tags: input.tags ?? {}, systemData }, refs };
  },

  async patch(body, before, call) {
    const input = parseBody(patchShape, body);
    const now = call.effects.clock.now();
    const systemData = systemDataOf(call.caller, now, before.body.systemData);
    return { body: { ...before.body, tags: input.tags ?? before.body.tags, systemData } };
  },

  /** Clusters are never let go by the way: a fleet that has members stays. */
  async remove(document, { effects: { store }, key: { fleet } }): Promise<Removal> {
    const { revision } = await store.head(fleet);
    const members = await store.list({ fleet, kind: memberKind, limit: 1 });
    if (members.documents.length > 0) {
      throw notAllowed(`Cannot delete fleet "${document.key.name}": it must have no members`);
    }
    const active = await store.list({ fleet, kind: runKind, ref: activeRunRef, limit: 1 });
    if (active.documents.length > 0) {
      throw notAllowed(`Cannot delete fleet "${document.key.name}": an update run must be stopped`);
    }
    for (const kind of contents) {
      const { documents } = await store.list({ fleet, kind, limit: removedAtOnceMax });
      const writes = documents.map((each): Write => ({ kind: "delete", document: each }));
      if (writes.length > 0) return { kind: "again", writes };
    }
    const require = [memberKind, runKind, strategyKind].map((documents) => {
      return { kind: "none-changed-since", fleet, documents, revision } as const;
    });
    return { kind: "gone", writes: [{ kind: "delete", document }], require };
  },

  actions: {
    listcredentials: {
      kind: "reply",
      async reply({ body }, { face, caller }) {
        const kubeconfig = await face.kubeconfigFor(body, caller);
        const value = Buffer.from(kubeconfig, "utf8").toString("base64");
        return { kubeconfigs: [{ name: "hub", value }] };
      },
    },
  },
};

const armIdOf = ({ path }: AdminCall) =>
  `/subscriptions/${path.subscriptionId}/resourceGroups/${path.group}` +
  `/providers/${provider}/fleets/${path.names[0]}`;
