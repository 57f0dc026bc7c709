import { randomUUID } from "node:crypto";
import { collectionOf } from "./path.ts";
import type { Resource } from "./resource.ts";
import type { StateFile } from "./state-file.ts";

const resourcesMax = 100_000;

/** A resource that changed, or the id of one that is gone. */
export type StateChange =
  | { readonly kind: "saved"; readonly resource: Resource }
  | { readonly kind: "removed"; readonly id: string; readonly type: string };

/** Resources by their ids, which are compared without their case. */
export interface ResourceTable {
  readonly read: (id: string) => Resource | undefined;
  /** Gives the resource a new etag. */
  readonly save: <Properties extends object>(
    resource: Omit<Resource<Properties>, "etag">,
  ) => Resource<Properties>;
  readonly remove: (id: string) => void;
  /** What is directly in the collection, oldest first. */
  readonly list: (collection: string) => readonly Resource[];
  /** All of a type, oldest first. */
  readonly all: (type: string) => readonly Resource[];
}

export function createResourceTable(
  disk: StateFile,
  tell: (change: StateChange) => void,
): ResourceTable {
  const resources = new Map<string, Resource>();
  const byCollection = new Map<string, Set<string>>();
  const byType = new Map<string, Set<string>>();

  const put = (resource: Resource) => {
    const key = lower(resource.id);
    resources.set(key, resource);
    index(byCollection, collectionOf(key), key);
    index(byType, lower(resource.type), key);
  };
  const found = (keys: ReadonlySet<string> | undefined) =>
    [...(keys ?? [])].flatMap((key) => resources.get(key) ?? []);
  for (const resource of disk.all("resource") as readonly Resource[]) put(resource);

  return {
    read: (id) => resources.get(lower(id)),
    save: (resource) => {
      if (resources.size >= resourcesMax && !resources.has(lower(resource.id))) {
        throw new Error(`Cannot save "${resource.id}": at most ${resourcesMax} resources`);
      }
      const saved = { ...resource, etag: randomUUID() };
      const kept = saved as unknown as Resource;
      put(kept);
      disk.save("resource", lower(resource.id), saved);
      tell({ kind: "saved", resource: kept });
      return saved;
    },
    remove: (id) => {
      const key = lower(id);
      const removed = resources.get(key);
      if (removed === undefined) return;
      resources.delete(key);
      byCollection.get(collectionOf(key))?.delete(key);
      byType.get(lower(removed.type))?.delete(key);
      disk.remove("resource", key);
      tell({ kind: "removed", id: removed.id, type: removed.type });
    },
    list: (collection) => found(byCollection.get(lower(collection))),
    all: (type) => found(byType.get(lower(type))),
  };
}

function index(keysBy: Map<string, Set<string>>, name: string, key: string): void {
  const keys = keysBy.get(name) ?? new Set();
  keysBy.set(name, keys.add(key));
}

function lower(text: string): string {
  return text.toLowerCase();
}
