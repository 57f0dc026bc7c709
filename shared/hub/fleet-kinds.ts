/**
 * The kinds that the hub of one fleet serves: the fleet's own, Kubernetes' own, and those that its
 * users define. No definition is believed for a time: the one that a request needs is read with it,
 * so what any process has just stored is served at once, and what is gone is not.
 */
import { listAll } from "../effects/list-all.ts";
import type { Store } from "../effects/store.ts";
import { withDefinitions } from "../kube/definitions/definition-kind.ts";
import type { Kinds } from "../kube/kinds.ts";
import { withLearnt } from "../kube/openapi/with-learnt.ts";
import { type Document, type FleetId, keyOf } from "../lib/document.ts";
import type { JsonObject, KubeBody } from "../lib/kube-object.ts";
import { hubKinds } from "./kinds.ts";
import { learntSchemas } from "./open-api/learnt-schemas.ts";
import { definitionKind } from "./upkeep/kept-kinds.ts";

/** Reviews are answered and never stored: no definition can add to their groups. */
const answeredGroups: readonly string[] = ["authentication.k8s.io", "authorization.k8s.io"];

/** What is asked of a fleet's hub. */
export interface Asked {
  readonly request: Pick<Request, "method">;
  readonly fleet: FleetId;
  /** Below the hub: "/apis/example.com/v1/widgets". */
  readonly path: string;
}

/**
 * The kinds that a request is about. Costs no read for the hub's own kinds, one point read for a
 * resource that users define, and one list of the definitions for discovery and OpenAPI. Writers
 * and readers of OpenAPI meet the built-in kinds as members describe them.
 */
export async function kindsFor(asked: Asked, store: Store): Promise<Kinds> {
  const { request, fleet, path } = asked;
  const resource = resourceOf(path);
  const isDescribed = resource === "any" || request.method !== "GET";
  const own = isDescribed ? await describedKinds(fleet, store) : hubKinds;
  if (resource === "any") return kindsWith(own, await definitionsOf(fleet, store));
  const { group, plural } = resource;
  if (group === "" || answeredGroups.includes(group)) return own;
  if (own.find(group, plural) !== undefined) return own;
  const definition = await store.read(keyOf(definitionKind, fleet, `${plural}.${group}`));
  return definition === undefined ? own : kindsWith(own, [definition]);
}

async function describedKinds(fleet: FleetId, store: Store): Promise<Kinds> {
  return withLearnt(hubKinds, await learntSchemas(store, fleet));
}

/** All kinds of a fleet's hub, for who looks at everything. */
export async function allKinds(fleet: FleetId, store: Store): Promise<Kinds> {
  return kindsWith(hubKinds, await definitionsOf(fleet, store));
}

async function definitionsOf(fleet: FleetId, store: Store): Promise<readonly Document<KubeBody>[]> {
  return await listAll(store, { fleet, kind: definitionKind });
}

/** "any" for a path that names no resource: discovery, OpenAPI, the version. */
function resourceOf(path: string): { readonly group: string; readonly plural: string } | "any" {
  const [root, ...names] = path.split("/").filter((name) => name !== "");
  const [group = "", , ...rest] = root === "api" ? ["", ...names] : names;
  if (root !== "api" && root !== "apis") return "any";
  const plural = rest[0] === "namespaces" && rest.length > 2 ? rest[2] : rest[0];
  return plural === undefined ? "any" : { group, plural };
}

/** Most fleets ask for two or three sets of definitions; an old set is made again. */
const setsMax = 500;
const made = new WeakMap<Kinds, Map<string, Kinds>>();

/** The same `Kinds` for the same definitions, so that what is derived of them is kept. */
function kindsWith(own: Kinds, definitions: readonly Document<KubeBody>[]): Kinds {
  if (definitions.length === 0) return own;
  const sets = made.get(own) ?? new Map<string, Kinds>();
  made.set(own, sets);
  const name = definitions.map(({ uid, revision }) => `${uid} ${revision}`).join();
  const known = sets.get(name);
  if (known !== undefined) return known;
  const kinds = withDefinitions(
    own,
    definitions.map(({ body }) => body as KubeBody & JsonObject),
  );
  const [oldest] = sets.keys();
  if (sets.size >= setsMax && oldest !== undefined) sets.delete(oldest);
  sets.set(name, kinds);
  return kinds;
}
