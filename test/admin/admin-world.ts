/** The ARM face over a store in memory, with callers, clusters and a clock that a test moves. */
import { memoryStore } from "../../infra/local/memory-store/memory-store.ts";
import { startHttpsServer } from "../../infra/local/tls/https-server.ts";
import type { LocalAuthority } from "../../infra/local/tls/local-authority.ts";
import { hubKubeconfig } from "../../shared/admin/hub-kubeconfig.ts";
import { serveAdmin } from "../../shared/admin/serve.ts";
import type { AdminFace } from "../../shared/admin/served-resource.ts";
import type { Caller } from "../../shared/effects/callers.ts";
import type { Effects } from "../../shared/effects/effects.ts";
import type { Store } from "../../shared/effects/store.ts";
import { type ClusterId, clusterIdOf, memberKind } from "../../shared/fleet/model.ts";
import { keyOf } from "../../shared/lib/document.ts";
import { FleetError } from "../../shared/lib/fleet-error.ts";
import type { Instant } from "../../shared/lib/instant.ts";
import { clusterArmId, clusterSeen, fleetArmId, fleetId, noon, subscription } from "../builders.ts";

const callers: Readonly<Record<string, Caller>> = {
  admin: callerOf("admin", ["Hubless.Admin"]),
  writer: callerOf("writer", ["Hubless.Writer"]),
  reader: callerOf("reader", ["Hubless.Reader"]),
  nobody: callerOf("nobody", []),
};

function callerOf(name: string, roles: readonly string[]): Caller {
  const kind = name === "writer" ? "application" : "user";
  return { objectId: `oid-${name}`, name: `${name}@contoso.com`, groups: [], roles, kind };
}

export interface AdminWorld {
  readonly effects: Effects;
  readonly store: Store;
  now: Instant;
  /** Clusters that ARM knows; all in the resource group "rg-1". */
  readonly clusters: Set<ClusterId>;
  readonly call: (method: string, path: string, more?: CallOptions) => Promise<Called>;
  readonly face: AdminFace & { publicUrl: string };
}

/** JSON whose shape the test expects: a wrong path reads as undefined. */
export interface Json {
  readonly [name: string]: Json;
}

export interface CallOptions {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly as?: string;
  readonly apiVersion?: string;
}

export interface Called {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Json;
}

/** Paths are below the fleet "fleet-1" unless they begin with a slash. */
export function adminWorld(): AdminWorld {
  const clusters = new Set(
    ["aks-1", "aks-2", "aks-3"].map((each) => clusterIdOf(clusterArmId(each))),
  );
  const face: AdminWorld["face"] = {
    publicUrl: "https://fleet.contoso.com",
    authorizationUri: "https://login.microsoftonline.com/tenant",
    kubeconfigFor: ({ armId }, caller) =>
      hubKubeconfig({
        name: "fleet-1",
        server: `${face.publicUrl}${armId}/hub`,
        login: { kind: "token", token: caller.name },
      }),
  };
  const world = { now: noon, clusters, face };
  let uids = 0;
  const store = memoryStore({
    clock: { now: () => world.now },
    ids: () => `${uids++}`.padStart(8, "0"),
  });
  const effects = {
    store,
    clock: { now: () => world.now },
    callers: {
      identify: async (authorization: string | null | undefined) => {
        const caller = callers[authorization?.replace("Bearer ", "") ?? ""];
        if (caller === undefined) throw new FleetError("Unauthenticated", "Cannot trust the token");
        return caller;
      },
    },
    clusters: {
      see: async (id: ClusterId) =>
        clusters.has(id) ? clusterSeen(id.split("/").at(-1) ?? "") : undefined,
    },
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  } as unknown as Effects;
  const call: AdminWorld["call"] = async (method, path, more = {}) => {
    const { body, headers = {}, as = "admin", apiVersion = "2025-03-01" } = more;
    const full = path.startsWith("/") ? path : `${fleetArmId}${path === "" ? "" : `/${path}`}`;
    const mark = full.includes("?") ? "&" : "?";
    const query = apiVersion === "" ? "" : `${mark}api-version=${apiVersion}`;
    const request = new Request(`https://127.0.0.1${full}${query}`, {
      method,
      headers: { authorization: `Bearer ${as}`, ...headers },
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const response = await serveAdmin(request, effects, face);
    const text = await response.text();
    const parsed = text === "" ? {} : (JSON.parse(text) as Json);
    return { status: response.status, headers: response.headers, body: parsed };
  };
  return Object.assign(world, { effects, store, call });
}

/** Serves the world over TLS, as `https://HOST`, for the official clients. */
export async function serveWorld(world: AdminWorld, tls: LocalAuthority) {
  const server = await startHttpsServer({
    tls,
    bodyBytesMax: 4_000_000,
    serve: async ({ method, url, headers, body }) => {
      const hasBody = body.byteLength > 0;
      const request = new Request(url, {
        method,
        headers: headers as Record<string, string>,
        ...(hasBody && { body: new Uint8Array(body) }),
      });
      const response = await serveAdmin(request, world.effects, world.face);
      return {
        status: response.status,
        headers: Object.fromEntries(response.headers),
        body: await response.text(),
      };
    },
  });
  world.face.publicUrl = server.url;
  return server;
}

export const fleetBody = { location: "westeurope", tags: { env: "test" } };
export const memberBody = (cluster: string, more: object = {}) => ({
  properties: { clusterResourceId: clusterArmId(cluster), ...more },
});

/** A fleet with members, one for each name, in the group of that name or none. */
export async function createFleet(
  world: AdminWorld,
  members: Readonly<Record<string, string | undefined>> = {},
): Promise<void> {
  await mustBe(201, await world.call("PUT", "", { body: fleetBody }));
  for (const [name, group] of Object.entries(members)) {
    world.clusters.add(clusterIdOf(clusterArmId(name)));
    const body = memberBody(name, group === undefined ? {} : { group });
    await mustBe(201, await world.call("PUT", `members/${name}`, { body }));
  }
}

async function mustBe(status: number, called: Called): Promise<void> {
  if (called.status !== status) throw new Error(JSON.stringify(called.body));
}

/** What the fleet's controller does after the first look at a member. */
export async function joinMember({ store, now }: AdminWorld, name: string): Promise<void> {
  const document = await store.read(keyOf(memberKind, fleetId, name));
  if (document === undefined) throw new Error(`${name} is no member`);
  const condition = { type: "Joined", status: "True", reason: "Joined", message: "" } as const;
  const conditions = [{ ...condition, lastTransitionTime: now }];
  const body = { ...document.body, status: { conditions } };
  await store.commit({ fleet: fleetId, writes: [{ kind: "replace", document, body }] });
}

/** What the fleet's controller does once it let go of a member. */
export async function letGo({ store }: AdminWorld, name: string): Promise<void> {
  const document = await store.read(keyOf(memberKind, fleetId, name));
  if (document === undefined) throw new Error(`${name} is no member`);
  await store.commit({ fleet: fleetId, writes: [{ kind: "delete", document }] });
}

export const groupPath = `/subscriptions/${subscription}/resourceGroups/rg-fleet`;
