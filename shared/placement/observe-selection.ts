import { listAll } from "../effects/list-all.ts";
import type { Store } from "../effects/store.ts";
import { type Document, type FleetId, keyOf } from "../lib/document.ts";
import type { KubeBody } from "../lib/kube-object.ts";
import {
  builtInResources,
  definedResource,
  definitionKind,
  documentsOf,
  type HubResource,
  isNamespace,
} from "./hub-resources.ts";
import { matchesSelector } from "./match-labels.ts";
import type { PlacementSpec, ResourceSelector } from "./model.ts";
import { type Found, type FoundObject, isPlaceableNamespace, resourcesMax } from "./select.ts";

/** Reads what the selectors ask for, one query for each kind of object in a namespace. */
export async function findSelected(
  fleet: FleetId,
  { resourceSelectors }: PlacementSpec,
  store: Store,
): Promise<Found> {
  const hub: Hub = { fleet, store, resources: await resourcesOf(fleet, store) };
  const objects: (readonly FoundObject[])[] = [];
  let count = 0;
  for (const selector of resourceSelectors) {
    const found = await findOne(selector, hub);
    if (typeof found === "string") return { kind: "invalid", reason: found };
    count += found.length;
    if (count > resourcesMax) return tooMany;
    objects.push(found);
  }
  return { kind: "found", objects };
}

interface Hub {
  readonly fleet: FleetId;
  readonly store: Store;
  readonly resources: readonly HubResource[];
}

/** One more than a placement takes: whoever counts sees that it is too much. */
const enough = resourcesMax + 1;

const tooMany: Found = {
  kind: "invalid",
  reason: `more than ${resourcesMax} objects are selected: must be at most ${resourcesMax}`,
};

/** Kubernetes' kinds and those that definitions in the hub add. */
async function resourcesOf(fleet: FleetId, store: Store): Promise<readonly HubResource[]> {
  const definitions = await listAll(store, { fleet, kind: definitionKind }, enough);
  return [...builtInResources, ...definitions.flatMap((each) => definedResource(each) ?? [])];
}

/** What one selector finds, or why it cannot be followed. */
async function findOne(
  selector: ResourceSelector,
  hub: Hub,
): Promise<readonly FoundObject[] | string> {
  const { group, version, kind, selectionScope } = selector;
  const text = `${kind}.${version}${group === "" ? "" : `.${group}`}`;
  const resource = hub.resources.find((each) => each.group === group && each.kind === kind);
  if (resource === undefined) return `"${text}" is not a kind that the hub can place`;
  if (resource.namespaced) return `"${text}" is namespaced: its namespace must be selected instead`;

  const documents = await findDocuments(selector, resource, hub);
  const found = documents.map((document) => ({ resource, document }));
  if (!isNamespace(resource) || selectionScope === "NamespaceOnly") return found;
  for (const { key, body } of documents) {
    const isTaken = isPlaceableNamespace(key.name) && body.metadata.deletionTimestamp === undefined;
    if (isTaken) found.push(...(await contentOf(key.name, hub)));
    if (found.length > resourcesMax) return found;
  }
  return found;
}

async function findDocuments(
  { name, labelSelector }: ResourceSelector,
  resource: HubResource,
  { fleet, store }: Hub,
): Promise<readonly Document<KubeBody>[]> {
  const kind = documentsOf(resource);
  if (name !== undefined) {
    const document = await store.read(keyOf(kind, fleet, name));
    return document === undefined ? [] : [document];
  }
  const all = await listAll(store, { fleet, kind }, enough);
  return all.filter(({ body }) => matchesSelector(labelSelector, body.metadata.labels ?? {}));
}

async function contentOf(namespace: string, hub: Hub): Promise<readonly FoundObject[]> {
  const { fleet, store, resources } = hub;
  const found = await Promise.all(
    resources
      .filter(({ namespaced }) => namespaced)
      .map(async (resource) => {
        const kind = documentsOf(resource);
        const documents = await listAll(store, { fleet, kind, namespace }, enough);
        return documents.map((document) => ({ resource, document }));
      }),
  );
  return found.flat();
}
