import { type Fleet, fleetKind } from "../fleet/model.ts";
import { type Document, keyOf } from "../lib/document.ts";
import type { AdminRequest } from "./admin-request.ts";
import { ArmError } from "./arm-error.ts";
import { fleetIdOf, provider, type ResourcePath } from "./arm-path.ts";
import { nextLink, type PageWanted, pageWanted } from "./page.ts";
import type { AdminCall, ServedResource } from "./served-resource.ts";
import { shown } from "./show.ts";

interface Listed {
  readonly documents: readonly Document[];
  readonly fleet: Document<Fleet> | undefined;
  readonly next?: string | undefined;
}

/** `{ value, nextLink }` of a fleet's resources, or of the fleets of a group or subscription. */
export async function listResources(
  resource: ServedResource,
  path: ResourcePath,
  asked: AdminRequest,
): Promise<unknown> {
  const wanted = pageWanted(asked.url);
  const size = Math.min(wanted.top ?? resource.pageMax, resource.pageMax);
  const isFleets = path.names.length === 0;
  const listed = isFleets
    ? await listFleets(path, { ...wanted, top: size }, asked)
    : await listChildren(resource, path, { ...wanted, top: size, asked });
  const { effects, face, caller, apiVersion, url } = asked;
  const value = await Promise.all(
    listed.documents.map(async (document) => {
      const { key } = document;
      const { fleet } = listed;
      const call: AdminCall = { effects, face, caller, apiVersion, path, key, fleet };
      return await shown(resource, document, call);
    }),
  );
  const { next } = listed;
  return { value, ...(next !== undefined && { nextLink: nextLink(face.publicUrl, url, next) }) };
}

async function listChildren(
  { kind }: ServedResource,
  path: ResourcePath,
  { asked, top, after }: PageWanted & { readonly top: number; readonly asked: AdminRequest },
): Promise<Listed> {
  const { store } = asked.effects;
  const id = fleetIdOf(path);
  const fleet = await store.read(keyOf(fleetKind, id, path.names[0]?.toLowerCase() ?? ""));
  if (fleet === undefined || path.group === undefined) {
    const what = `${provider}/fleets/${path.names[0]}`;
    const message = `The Resource '${what}' under resource group '${path.group}' was not found.`;
    throw new ArmError(404, "ResourceNotFound", message);
  }
  const page = await store.list({
    fleet: id,
    kind,
    limit: top,
    ...(after !== undefined && { after }),
  });
  return { documents: page.documents, fleet, next: page.next };
}

/** Fleets are partitions of their own, and few: all are read, and those in the scope are shown. */
async function listFleets(
  { subscriptionId, group }: ResourcePath,
  { top, after }: PageWanted & { readonly top: number },
  { effects }: AdminRequest,
): Promise<Listed> {
  const inGroup = group === undefined ? "" : `resourcegroups/${group}/`;
  const scope = `/subscriptions/${subscriptionId}/${inGroup}`;
  const all = await effects.store.find(fleetKind);
  const inScope = all
    .filter(({ key }) => key.fleet.startsWith(scope.toLowerCase()))
    .filter(({ key }) => after === undefined || key.fleet > after)
    .toSorted((one, other) => (one.key.fleet < other.key.fleet ? -1 : 1));
  const documents = inScope.slice(0, top);
  const next = inScope.length > top ? documents.at(-1)?.key.fleet : undefined;
  return { documents, fleet: undefined, next };
}
