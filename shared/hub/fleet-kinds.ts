/**
 * The kinds that the hub of one fleet serves: the fleet's own, Kubernetes' own, and those that its
 * users define. No definition is believed for a time: the one that a request needs is read with it,
 * so what any process has just stored is served at once, and what is gone is not.
 */
import type { Store } from "../effects/store.ts";
import { withDefinitions } from "../kube/definitions/definition-kind.ts";
import type { Kinds } from "../kube/kinds.ts";
import { type Document, type FleetId, keyOf } from "../lib/document.ts";
import type { JsonObject, KubeBody } from "../lib/kube-object.ts";
import { hubKinds } from "./kinds.ts";
import { definitionKind } from "./upkeep/kept-kinds.ts";

/** Reviews are answered and never stored: no definition can add to their groups. */
const answeredGroups: readonly string[] = ["authentication.k8s.io", "authorization.k8s.io"];

type Definitions = Pick<Store, "read" | "list">;

/**
 * The kinds that a request is about, by its path below the hub: "/apis/example.com/v1/widgets".
 * Costs no read for the hub's own kinds, one point read for a resource that users define, and one
 * list of the definitions for discovery and OpenAPI.
 */
export async function kindsFor(path: string, fleet: FleetId, store: Definitions): Promise<Kinds> {
  const resource = resourceOf(path);
  if (resource === "any") return await allKinds(fleet, store);
  const { group, plural } = resource;
  if (group === "" || answeredGroups.includes(group)) return hubKinds;
  if (hubKinds.find(group, plural) !== undefined) return hubKinds;
  const definition = await store.read(keyOf(definitionKind, fleet, `${plural}.${group}`));
  return definition === undefined ? hubKinds : kindsWith(hubKinds, [definition]);
}

/** All kinds of a fleet's hub, for who looks at everything. */
export async function allKinds(fleet: FleetId, store: Definitions): Promise<Kinds> {
  const definitions: Document<KubeBody>[] = [];
  let after: string | undefined;
  do {
    const page = await store.list({ fleet, kind: definitionKind, ...(after && { after }) });
    definitions.push(...page.documents);
    after = page.next;
  } while (after !== undefined);
  return kindsWith(hubKinds, definitions);
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
const made = new Map<string, Kinds>();

/** The same `Kinds` for the same definitions, so that what is derived of them is kept. */
function kindsWith(own: Kinds, definitions: readonly Document<KubeBody>[]): Kinds {
  if (definitions.length === 0) return own;
  const name = definitions.map(({ uid, revision }) => `${uid} ${revision}`).join();
  const known = made.get(name);
  if (known !== undefined) return known;
  const kinds = withDefinitions(
    own,
    definitions.map(({ body }) => body as KubeBody & JsonObject),
  );
  if (made.size >= setsMax) made.delete(made.keys().next().value ?? "");
  made.set(name, kinds);
  return kinds;
}
