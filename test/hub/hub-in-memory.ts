/**
 * A fleet's hub over a store in memory, with its wakes: what a change wakes is looked at when the
 * test lets it settle, so that a test sees both what a request did and what follows from it.
 */
import { memoryStore } from "../../infra/local/memory-store/memory-store.ts";
import { controllers } from "../../shared/controllers.ts";
import type { Caller } from "../../shared/effects/callers.ts";
import type { Effects } from "../../shared/effects/effects.ts";
import type { Store } from "../../shared/effects/store.ts";
import type { Wake } from "../../shared/effects/wakes.ts";
import { fleetKind } from "../../shared/fleet/model.ts";
import { serveHub } from "../../shared/hub/serve.ts";
import { type FleetId, keyOf, keyText } from "../../shared/lib/document.ts";
import type { Instant } from "../../shared/lib/instant.ts";
import type { JsonObject } from "../../shared/lib/kube-object.ts";
import { reconcile } from "../../shared/reconcile/reconcile.ts";
import { wakeForDocuments } from "../../shared/wake.ts";
import { fleetDocument, subscription } from "../builders.ts";
import { admin } from "./admin.ts";

export interface Answer {
  readonly status: number;
  readonly body: JsonObject;
  readonly headers: Headers;
}

export interface HubInMemory {
  readonly effects: Effects;
  readonly fleet: FleetId;
  /** `path` is below the hub: "/api/v1/namespaces". */
  readonly ask: (
    method: string,
    path: string,
    body?: object | string,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<Answer>;
  /** Carries every change to whom it wakes, until nothing changes any more. */
  readonly settle: () => Promise<void>;
  /** Moves the clock. */
  readonly pass: (seconds: number) => void;
  /** Who asks from now on. */
  readonly as: (caller: Partial<Caller>) => void;
}

/** So many rounds of changes and looks follow one request at most. */
const roundsMax = 50;

let fleets = 0;

/** `around` wraps the store, to count or to fail. */
export async function hubInMemory(around: (store: Store) => Store = (it) => it) {
  // Processes remember which fleets exist, so each hub gets a fleet of its own.
  fleets += 1;
  const armId =
    `/subscriptions/${subscription}/resourceGroups/rg-fleet` +
    `/providers/Microsoft.ContainerService/fleets/fleet-${fleets}`;
  const fleet = armId.toLowerCase() as FleetId;
  let now = Date.parse("2026-11-21T12:00:00Z");
  const clock = { now: () => new Date(now).toISOString() as Instant };
  const store = around(memoryStore({ clock }));
  let caller = admin;
  const woken: Wake[] = [];
  const effects = {
    store,
    clock,
    callers: { identify: async () => caller },
    wakes: { wake: async (some: readonly Wake[]) => void woken.push(...some) },
    log: { info: () => {}, warn: () => {}, error: () => {} },
  } as unknown as Effects;
  const { body } = fleetDocument(`fleet-${fleets}`, armId);
  const key = keyOf(fleetKind, fleet, `fleet-${fleets}`);
  await store.commit({ fleet, writes: [{ kind: "create", key, body }] });

  let told = 0;
  async function carryChanges(): Promise<boolean> {
    const changes = await store.changes(fleet, told);
    if (changes.kind !== "changes" || changes.documents.length === 0) return false;
    told = changes.upTo;
    await wakeForDocuments(changes.documents, effects);
    return true;
  }
  async function lookAtWoken(): Promise<boolean> {
    const due = new Map(woken.splice(0).map((wake) => [keyText(wake.key), wake]));
    for (const wake of due.values()) await reconcile(wake, controllers, effects);
    return due.size > 0;
  }
  const hub: HubInMemory = {
    effects,
    fleet,
    ask: async (method, path, given, headers = {}) => {
      const type = method === "PATCH" ? "application/merge-patch+json" : "application/json";
      const sent = typeof given === "object" ? JSON.stringify(given) : given;
      const request = new Request(`https://fleet.contoso.com${armId}/hub${path}`, {
        method,
        headers: { "content-type": type, authorization: "Bearer t", ...headers },
        ...(sent !== undefined && { body: sent }),
      });
      const response = await serveHub(request, effects);
      const text = await response.text();
      const isJson = response.headers.get("content-type")?.includes("json") === true;
      const shown = isJson ? (JSON.parse(text) as JsonObject) : { text };
      return { status: response.status, headers: response.headers, body: shown };
    },
    settle: async () => {
      for (let round = 0; round < roundsMax; round++) {
        const changed = await carryChanges();
        const looked = await lookAtWoken();
        if (!changed && !looked) return;
      }
      throw new Error(`it does not settle in ${roundsMax} rounds`);
    },
    pass: (seconds) => {
      now += seconds * 1000;
    },
    as: (next) => {
      caller = { ...admin, ...next };
    },
  };
  return hub;
}
