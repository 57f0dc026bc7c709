/**
 * The Kubernetes face of a fleet: `https://HOST/{ARM id of the fleet}/hub` is a cluster to kubectl.
 */
import { randomUUID } from "node:crypto";
import type { Caller } from "../effects/callers.ts";
import type { Effects } from "../effects/effects.ts";
import type { Store } from "../effects/store.ts";
import { fleetKind } from "../fleet/model.ts";
import { statusResponse } from "../kube/http/respond.ts";
import type { KubeApi } from "../kube/kube-api.ts";
import { serveKube } from "../kube/serve-kube.ts";
import { StatusError } from "../kube/status-error.ts";
import { ensureNamespaces } from "../kube/upkeep/ensure-namespaces.ts";
import { type WatchSource, watchSource } from "../kube/watch/watch-source.ts";
import { type FleetId, keyOf } from "../lib/document.ts";
import { accessOf, rulesOf } from "./access.ts";
import { hubKinds } from "./kinds.ts";

/** What `kubectl version` shows: the API that the hub's machinery follows. */
const serverVersion = "1.34.0";

/** How long a process believes that a fleet exists, and so many fleets. */
const fleetSecondsMax = 10;
const fleetsMax = 1_000;

const hubPath =
  /^(\/subscriptions\/[^/]+\/resourcegroups\/[^/]+\/providers\/[^/]+\/fleets\/([^/]+))\/hub(\/|$)/i;

export async function serveHub(request: Request, effects: Effects): Promise<Response> {
  try {
    const { pathname } = new URL(request.url);
    const [, armId = "", name = ""] = hubPath.exec(pathname) ?? [];
    const caller = await effects.callers.identify(request.headers.get("authorization"));
    const fleet = armId.toLowerCase() as FleetId;
    await mustExist(fleet, name.toLowerCase(), effects);
    return await serveKube(request, apiOf(fleet, `${armId}/hub`, caller, effects));
  } catch (error) {
    return statusResponse(error);
  }
}

function apiOf(fleet: FleetId, basePath: string, caller: Caller, effects: Effects): KubeApi {
  return {
    store: effects.store,
    fleet,
    kinds: hubKinds,
    basePath,
    clock: effects.clock,
    ids: randomUUID,
    watch: watches(effects.store),
    serverVersion,
    caller: {
      name: caller.name,
      uid: caller.objectId,
      groups: [...caller.groups, "system:authenticated"],
    },
    authorize: (attributes) => accessOf(caller, attributes),
    rules: () => rulesOf(caller),
    upkeep: "inline",
    log: effects.log,
  };
}

const sources = new WeakMap<Store, WatchSource>();

/** All watches of a process share one poll of each fleet's changes. */
function watches(store: Store): WatchSource {
  const source = sources.get(store) ?? watchSource(store, {});
  sources.set(store, source);
  return source;
}

const seenAt = new Map<FleetId, number>();

async function mustExist(fleet: FleetId, name: string, { store, clock }: Effects): Promise<void> {
  const now = Date.parse(clock.now());
  if (now - (seenAt.get(fleet) ?? 0) < fleetSecondsMax * 1000) return;
  if ((await store.read(keyOf(fleetKind, fleet, name))) === undefined) {
    throw new StatusError(404, "NotFound", `fleet "${name}" not found`);
  }
  if (!seenAt.has(fleet)) await ensureNamespaces({ store, fleet, kinds: hubKinds }, ["default"]);
  if (seenAt.size >= fleetsMax) seenAt.clear();
  seenAt.set(fleet, now);
}
