import { pagesOf } from "../../effects/list-all.ts";
import type { Store } from "../../effects/store.ts";
import type { Document, FleetId, Kind, Revision, Write } from "../../lib/document.ts";
import type { JsonObject, KubeBody } from "../../lib/kube-object.ts";
import { arrayOf, objectOf } from "../json.ts";
import { documentKind } from "../served-kind.ts";
import { type RbacBudget, rbacBudget } from "./rbac-budget.ts";
import { bindingOf, type RbacBinding, type RbacRole, roleOf } from "./rbac-policy.ts";
import { rbacGroup } from "./rbac-rules.ts";

/** The RBAC objects of one fleet, as they were at one time. They never change: new ones come. */
export interface RbacObjects {
  readonly roles: readonly RbacRole[];
  readonly bindings: readonly RbacBinding[];
  /** Why these may not be all; rules only add, so whoever is allowed by some is allowed. */
  readonly incomplete?: string;
}

/**
 * The RBAC objects of each fleet, kept by this process. What `read` gives is never older than
 * `staleSeconds`, and includes all that this process wrote itself (told by `forget`). So a grant
 * that another process takes away may hold here for that time, as it does on a kube-apiserver whose
 * informers lag; one that it gives may come as late.
 *
 * Looking whether something changed costs one read of the fleet's revision, and reading the objects
 * again four lists. Requests that come meanwhile wait for the same answer. `read` throws what the
 * store throws: a store that is away allows nobody anything.
 */
export interface RbacObjectsCache {
  readonly read: (fleet: FleetId) => Promise<RbacObjects>;
  /** After a commit of this process that wrote RBAC objects. */
  readonly forget: (fleet: FleetId) => void;
}

const staleSeconds = 5;
/** So many fleets are kept, and the one that was asked for longest ago goes first. */
const fleetsMax = 200;

const kinds = {
  clusterRoles: documentKind(rbacGroup, "clusterroles"),
  clusterRoleBindings: documentKind(rbacGroup, "clusterrolebindings"),
  roles: documentKind(rbacGroup, "roles"),
  roleBindings: documentKind(rbacGroup, "rolebindings"),
} as const;

const kindNames: ReadonlySet<string> = new Set(Object.values(kinds));

/** Whether a commit changes who may do what. */
export function changesAccess(writes: readonly Write[]): boolean {
  return writes.some((write) =>
    kindNames.has("key" in write ? write.key.kind : write.document.key.kind),
  );
}

interface Kept {
  readonly readAt: number;
  readonly revision: Revision;
  readonly objects: RbacObjects;
}

interface Entry {
  kept?: Kept;
  reading?: Promise<RbacObjects>;
}

/** `now` gives milliseconds that only go on: a clock set back must not make things fresh. */
export function rbacObjectsCache(
  store: Pick<Store, "head" | "list">,
  now: () => number = () => performance.now(),
): RbacObjectsCache {
  const entries = new Map<FleetId, Entry>();
  const isFresh = ({ readAt }: Kept): boolean => now() - readAt < staleSeconds * 1000;

  const refresh = async (fleet: FleetId, entry: Entry): Promise<RbacObjects> => {
    const readAt = now();
    const { revision } = await store.head(fleet);
    const objects =
      entry.kept?.revision === revision ? entry.kept.objects : await objectsOf(store, fleet);
    entry.kept = { readAt, revision, objects };
    return objects;
  };

  return {
    async read(fleet) {
      const entry = entries.get(fleet) ?? {};
      entries.delete(fleet);
      entries.set(fleet, entry);
      if (entries.size > fleetsMax) entries.delete(entries.keys().next().value ?? fleet);
      if (entry.kept !== undefined && isFresh(entry.kept)) return entry.kept.objects;
      entry.reading ??= refresh(fleet, entry).finally(() => {
        delete entry.reading;
      });
      return await entry.reading;
    },
    // Who reads already keeps its entry; who asks from now on gets another one.
    forget: (fleet) => void entries.delete(fleet),
  };
}

async function objectsOf(store: Pick<Store, "list">, fleet: FleetId): Promise<RbacObjects> {
  const budget = rbacBudget();
  const read = async (kind: Kind<KubeBody>) => await documentsOf(store, { fleet, kind }, budget);
  // Who administers namespaces must not take the room of what holds in all of them.
  const [clusterRoles, clusterRoleBindings] = await Promise.all([
    read(kinds.clusterRoles),
    read(kinds.clusterRoleBindings),
  ]);
  const [roles, roleBindings] = await Promise.all([read(kinds.roles), read(kinds.roleBindings)]);
  const incomplete = budget.leftOut();
  return {
    roles: [...clusterRoles, ...roles].map(roleOf),
    bindings: [...clusterRoleBindings, ...roleBindings].map(bindingOf),
    ...(incomplete !== undefined && { incomplete }),
  };
}

async function documentsOf(
  store: Pick<Store, "list">,
  of: { readonly fleet: FleetId; readonly kind: Kind<KubeBody> },
  budget: RbacBudget,
): Promise<readonly Document<KubeBody>[]> {
  const documents: Document<KubeBody>[] = [];
  for await (const page of pagesOf(store, of)) {
    for (const document of page) {
      const place = { kind: of.kind, namespace: document.key.namespace };
      if (budget.takes(place, entriesIn(document.body))) documents.push(document);
      else if (budget.isSpent()) return documents;
    }
  }
  return documents;
}

function entriesIn(body: KubeBody): number {
  const { rules, subjects } = body as KubeBody & JsonObject;
  const inRules = arrayOf(rules)
    .flatMap((rule) => Object.values(objectOf(rule)))
    .map((list) => arrayOf(list).length);
  return inRules.reduce((sum, count) => sum + count, arrayOf(subjects).length);
}

/** The caches of this process, one for each store. */
const caches = new WeakMap<object, RbacObjectsCache>();

export function rbacObjectsOf(store: Pick<Store, "head" | "list">): RbacObjectsCache {
  const known = caches.get(store) ?? rbacObjectsCache(store);
  caches.set(store, known);
  return known;
}

/** Whoever has the other store, which writes to the same documents, shares the cache. */
export function shareRbacObjects(store: Pick<Store, "head" | "list">, other: object): void {
  caches.set(other, rbacObjectsOf(store));
}
