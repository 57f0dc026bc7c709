import type { Store } from "../../effects/store.ts";
import { changesAccess, rbacObjectsOf, shareRbacObjects } from "../../kube/rbac/rbac-objects.ts";

/**
 * The store as the hub writes to it: a commit that changes who may do what counts in this process
 * from the next request on, also when its answer is lost.
 */
export function storeThatTells(store: Store): Store {
  const known = told.get(store);
  if (known !== undefined) return known;
  const commit: Store["commit"] = async (commit) => {
    try {
      return await store.commit(commit);
    } finally {
      if (changesAccess(commit.writes)) rbacObjectsOf(store).forget(commit.fleet);
    }
  };
  const made: Store = {
    read: async (key) => await store.read(key),
    list: async (query) => await store.list(query),
    find: async (kind, ref) => await store.find(kind, ref),
    referring: async (ref) => await store.referring(ref),
    commit,
    head: async (fleet) => await store.head(fleet),
    changes: async (fleet, after) => await store.changes(fleet, after),
    reached: async (fleet, revision) => await store.reached(fleet, revision),
    overdue: async (now, limit) => await store.overdue(now, limit),
  };
  shareRbacObjects(store, made);
  told.set(store, made);
  return made;
}

/** One for each store: what is kept by store must find the same one. */
const told = new WeakMap<Store, Store>();
