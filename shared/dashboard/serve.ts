/**
 * The dashboard: a page that anyone may load, because it holds no data, and `dashboard/fleets`,
 * which the page reads with the token of the person who looks.
 */

import type { Effects } from "../effects/effects.ts";
import { listAll } from "../effects/list-all.ts";
import { fleetKind, memberKind } from "../fleet/model.ts";
import { FleetError } from "../lib/fleet-error.ts";
import { mayRead } from "../lib/roles.ts";
import { page } from "./page.ts";
import { fleetView } from "./view.ts";

/** Members of one fleet that the page shows; a fleet has at most 1,000. */
const membersMax = 1_000;

export async function serveDashboard(request: Request, effects: Effects): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (!pathname.replace(/\/$/, "").endsWith("/dashboard/fleets")) {
    return new Response(page, { headers: pageHeaders });
  }
  try {
    const caller = await effects.callers.identify(request.headers.get("authorization"));
    if (!mayRead(caller)) throw new FleetError("Forbidden", forbidden);
    return Response.json({ fleets: await fleets(effects) }, { headers: noStore });
  } catch (error) {
    if (!(error instanceof FleetError)) throw error;
    return Response.json({ error: error.message }, { status: statusOf(error), headers: noStore });
  }
}

const forbidden = 'Cannot show fleets: you need the app role "Hubless.Reader"';

const noStore = { "cache-control": "no-store" };

const pageHeaders = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy":
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  ...noStore,
};

async function fleets({ store }: Effects) {
  const found = await store.find(fleetKind);
  return await Promise.all(
    found.map(async (fleet) => {
      const query = { fleet: fleet.key.fleet, kind: memberKind };
      const members = await listAll(store, query, membersMax);
      return fleetView(fleet, members);
    }),
  );
}

function statusOf({ code }: FleetError): number {
  const statuses: Partial<Record<FleetError["code"], number>> = {
    Unauthenticated: 401,
    Forbidden: 403,
    TooManyRequests: 429,
    Unavailable: 503,
  };
  return statuses[code] ?? 500;
}
