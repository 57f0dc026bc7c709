import type { BalancerAnswer, Balancers } from "../effects/balancers.ts";
import type { Effects } from "../effects/effects.ts";
import { type Fleet, fleetKind, memberKind } from "../fleet/model.ts";
import { type Document, type FleetId, type Key, keyOf } from "../lib/document.ts";
import { FleetError } from "../lib/fleet-error.ts";
import { plusSeconds } from "../lib/instant.ts";
import { unreachable } from "../lib/unreachable.ts";
import { type Controller, controller, type Observed } from "../reconcile/controller.ts";
import type { Exporter } from "./backends.ts";
import { decideService } from "./decide.ts";
import { homeRegion } from "./home-region.ts";
import { snapshotsOf } from "./import-controller.ts";
import {
  type BalancerIds,
  type BalancerRefusal,
  type BalancerSeen,
  type ExportSnapshot,
  type MultiClusterService,
  serviceImportKind,
} from "./model.ts";
import { balancerIds } from "./names.ts";
import { type BalancerAction, hashOf, type ServiceToDecide } from "./verdict.ts";

/** What Azure refused is asked again after so long: a person may have given the permission. */
const refusalSeconds = 300;

/** So often a refusal is saved again when others save first; then the next look meets it anew. */
const savesMax = 3;

/** Keeps the load balancer of each MultiClusterService. */
export const multiClusterServiceController = controller<ServiceToDecide, BalancerAction>({
  observe,
  decide: decideService,
  act,
} satisfies Controller<ServiceToDecide, BalancerAction>);

async function observe(key: Key, effects: Effects): Promise<Observed<ServiceToDecide> | undefined> {
  const { store, clock } = effects;
  const document = await store.read(key as Key<MultiClusterService>);
  if (document === undefined) return undefined;

  const service = document.body.spec.serviceImport.name;
  const [imported, snapshots, fleet] = await Promise.all([
    store.read(keyOf(serviceImportKind, key.fleet, service, key.namespace)),
    snapshotsOf(key, service, effects),
    fleetOf(key.fleet, effects),
  ]);
  const exporters = await exportersOf(key.fleet, snapshots, effects);
  const { ids, location } = placeOf(document, fleet);
  const balancer = mayExist(document, imported !== undefined)
    ? await effects.balancers.see(ids)
    : ({} satisfies BalancerSeen);
  return {
    document,
    seen: {
      document,
      import: imported?.body,
      exporters,
      balancer,
      ids,
      location,
      now: clock.now(),
    },
  };
}

/** Azure is asked only once there was, or may now be, something to balance. */
const mayExist = ({ body }: Document<MultiClusterService>, isImported: boolean): boolean =>
  body.balancer !== undefined || isImported || body.metadata.deletionTimestamp !== undefined;

async function fleetOf(fleet: FleetId, { store }: Effects): Promise<Fleet | undefined> {
  const { documents } = await store.list({ fleet, kind: fleetKind, limit: 1 });
  return documents[0]?.body;
}

async function exportersOf(
  fleet: FleetId,
  snapshots: readonly Document<ExportSnapshot>[],
  { store }: Effects,
): Promise<readonly Exporter[]> {
  const exported = snapshots.filter(({ body }) => body.export !== null);
  return await Promise.all(
    exported.map(async ({ body }) => {
      const member = await store.read(keyOf(memberKind, fleet, body.member));
      return { snapshot: body, member: member?.body };
    }),
  );
}

/** As it was saved; else where the fleet is, or as its id alone says. */
function placeOf(
  { key, body }: Document<MultiClusterService>,
  fleet: Fleet | undefined,
): { readonly ids: BalancerIds; readonly location: string } {
  if (body.balancer !== undefined) {
    const { loadBalancerId, publicIpId, location } = body.balancer;
    return { ids: { loadBalancerId, publicIpId }, location };
  }
  return {
    ids: balancerIds(fleet?.armId ?? key.fleet, key.namespace ?? "", key.name),
    location: homeRegion(fleet?.location ?? ""),
  };
}

/** What became of a write is seen by the next look; only a refusal must be remembered. */
async function act(
  action: BalancerAction,
  { document }: ServiceToDecide,
  effects: Effects,
): Promise<void> {
  const details = { action: action.kind, id: action.id };
  try {
    const answer = await carryOut(action, effects.balancers);
    effects.log.info(`Azure answers: ${answer.kind}`, details);
    if (answer.kind === "refused") {
      const until = plusSeconds(effects.clock.now(), refusalSeconds);
      const message = answer.reason;
      await saveRefusal(
        document,
        { reason: "Refused", message, of: hashOf(action), until },
        effects,
      );
    }
  } catch (error) {
    if (!(error instanceof FleetError) || error.code !== "TooManyRequests") throw error;
    effects.log.warn("Azure answers: too many requests", details);
    const until = plusSeconds(effects.clock.now(), error.retryAfterSeconds ?? 60);
    await saveRefusal(document, { reason: "Throttled", message: error.message, until }, effects);
  }
}

async function carryOut(action: BalancerAction, balancers: Balancers): Promise<BalancerAnswer> {
  switch (action.kind) {
    case "ensure-public-ip":
      return await balancers.ensurePublicIp(action.id, action.wanted);
    case "ensure-load-balancer":
      return await balancers.ensureLoadBalancer(action.id, action.wanted, action.etag);
    case "remove":
      return await balancers.remove(action.id, action.etag);
    default:
      return unreachable(action);
  }
}

/** Saves the refusal, so that the next look tells of it and asks again only when that may help. */
async function saveRefusal(
  { key }: Document<MultiClusterService>,
  refusal: BalancerRefusal,
  { store, wakes }: Effects,
): Promise<void> {
  for (let saves = 0; saves < savesMax; saves++) {
    const document = await store.read(key);
    if (document?.body.balancer === undefined) return;
    const body = { ...document.body, balancer: { ...document.body.balancer, refusal } };
    const write = { kind: "replace", document, body, wakeAt: refusal.until } as const;
    const saved = await store.commit({ fleet: key.fleet, writes: [write] });
    if (saved.kind === "saved") break;
  }
  await wakes.wake([{ key }, { key, at: refusal.until }]);
}
