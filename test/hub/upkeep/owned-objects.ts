/** ConfigMaps of a hub that own each other, by their names, and what became of them. */
import { expect } from "vitest";
import type { Store } from "../../../shared/effects/store.ts";
import { arrayOf, at, objectOf, textOf } from "../../../shared/kube/json.ts";
import type { JsonObject } from "../../../shared/lib/kube-object.ts";
import { finalizersOf, hold, isDeleted, nameOf } from "../../kube/upkeep/garbage-rules.ts";
import type { Policy } from "../../kube/upkeep/owner-graphs.ts";
import { type HubInMemory, hubInMemory } from "../hub-in-memory.ts";

export interface OwnerOf {
  readonly owner: string;
  readonly blocks?: boolean;
}

export interface OwnedObjects {
  readonly hub: HubInMemory;
  /** Makes one; `isHeld` says that a finalizer holds it. */
  readonly make: (
    name: string,
    owners?: readonly OwnerOf[],
    how?: { readonly isHeld?: boolean },
  ) => Promise<void>;
  /** Gives it other owners. */
  readonly reown: (name: string, owners: readonly OwnerOf[]) => Promise<void>;
  readonly remove: (name: string, policy?: Policy) => Promise<void>;
  /** Takes the finalizer that holds it away. */
  readonly free: (name: string) => Promise<void>;
  readonly objects: () => Promise<readonly JsonObject[]>;
  /** { a: "lives", b: "foregroundDeletion x.com/hold" }: what those that are deleted wait for. */
  readonly left: () => Promise<Readonly<Record<string, string>>>;
}

const path = "/api/v1/namespaces/shop/configmaps";

export async function ownedObjects(around?: (store: Store) => Store): Promise<OwnedObjects> {
  const hub = await hubInMemory(around);
  await hub.ask("POST", "/api/v1/namespaces", { metadata: { name: "shop" } });
  const uids = new Map<string, string>();
  const referencesTo = (owners: readonly OwnerOf[]) =>
    owners.map(({ owner, blocks }) => ({
      apiVersion: "v1",
      kind: "ConfigMap",
      name: owner,
      uid: uids.get(owner),
      ...(blocks !== undefined && { blockOwnerDeletion: blocks }),
    }));
  const objects = async () => {
    const { body } = await hub.ask("GET", path);
    return arrayOf(body["items"]).map(objectOf);
  };
  const patch = async (name: string, metadata: object): Promise<void> => {
    const { status } = await hub.ask("PATCH", `${path}/${name}`, { metadata });
    expect(status).toBe(200);
  };
  return {
    hub,
    make: async (name, owners = [], { isHeld = false } = {}) => {
      const finalizers = isHeld ? [hold] : [];
      const metadata = { name, finalizers, ownerReferences: referencesTo(owners) };
      const { status, body } = await hub.ask("POST", path, { metadata });
      expect(status).toBe(201);
      uids.set(name, textOf(at(body, "metadata", "uid")) ?? "");
    },
    reown: async (name, owners) => await patch(name, { ownerReferences: referencesTo(owners) }),
    remove: async (name, policy = "Foreground") => {
      const { status } = await hub.ask("DELETE", `${path}/${name}?propagationPolicy=${policy}`);
      expect(status).toBe(200);
    },
    free: async (name) => {
      const { body } = await hub.ask("GET", `${path}/${name}`);
      const finalizers = finalizersOf(body).filter((each) => each !== hold);
      await patch(name, { finalizers });
    },
    objects,
    left: async () =>
      Object.fromEntries((await objects()).map((object) => [nameOf(object), stateOf(object)])),
  };
}

function stateOf(object: JsonObject): string {
  return isDeleted(object) ? finalizersOf(object).toSorted().join(" ") : "lives";
}
