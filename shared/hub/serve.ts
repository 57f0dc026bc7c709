/**
 * The Kubernetes face of a fleet: `https://HOST/{ARM id of the fleet}/hub` is a cluster to kubectl.
 */
import type { Caller } from "../effects/callers.ts";
import type { Effects } from "../effects/effects.ts";
import { fleetKind } from "../fleet/model.ts";
import { statusResponse } from "../kube/http/respond.ts";
import type { KubeApi } from "../kube/kube-api.ts";
import { serveKube } from "../kube/serve-kube.ts";
import { StatusError } from "../kube/status-error.ts";
import { ensureNamespaces } from "../kube/upkeep/ensure-namespaces.ts";
import { type FleetId, keyOf } from "../lib/document.ts";
import { accessOf, rulesOf } from "./access.ts";
import { kindsFor } from "./fleet-kinds.ts";
import { hubApi } from "./hub-api.ts";
import { hubKinds } from "./kinds.ts";

/** How long a process believes that a fleet exists, and so many fleets. */
const fleetSecondsMax = 10;
const fleetsMax = 1_000;

const hubPath =
  /^(\/subscriptions\/[^/]+\/resourcegroups\/[^/]+\/providers\/[^/]+\/fleets\/([^/]+))\/hub(\/|$)/i;

export async function serveHub(request: Request, effects: Effects): Promise<Response> {
  try {
    const { pathname } = new URL(request.url);
    const [, armId = "", name = ""] = hubPath.exec(pathname) ?? [];
    const basePath = `${armId}/hub`;
    const caller = await effects.callers.identify(request.headers.get("authorization"));
    const fleet = armId.toLowerCase() as FleetId;
    await mustExist(fleet, name.toLowerCase(), effects);
    const kinds = await kindsFor(pathname.slice(basePath.length), fleet, effects.store);
    return await serveKube(request, asked(hubApi(fleet, kinds, effects), basePath, caller));
  } catch (error) {
    return statusResponse(error);
  }
}

function asked(api: KubeApi, basePath: string, caller: Caller): KubeApi {
  return {
    ...api,
    basePath,
    caller: {
      name: caller.name,
      uid: caller.objectId,
      groups: [...caller.groups, "system:authenticated"],
    },
    authorize: (attributes) => accessOf(caller, attributes),
    rules: () => rulesOf(caller),
  };
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
