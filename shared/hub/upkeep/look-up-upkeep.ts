import type { Store } from "../../effects/store.ts";
import { isString, textOf } from "../../kube/json.ts";
import { splitApiVersion } from "../../kube/kinds.ts";
import { documentKey } from "../../kube/object/to-object.ts";
import { ownerRef } from "../../kube/rest/commit.ts";
import type { Document, FleetId, Key } from "../../lib/document.ts";
import type { JsonObject, KubeBody } from "../../lib/kube-object.ts";
import { allKinds } from "../fleet-kinds.ts";
import { hubKinds } from "../kinds.ts";
import { garbageKey } from "./garbage-key.ts";
import type { UpkeepLookup } from "./upkeep-of.ts";

/** The keys that a lookup finds: one read or one query, and a list of definitions at worst. */
export async function lookUpUpkeep(
  fleet: FleetId,
  lookup: UpkeepLookup,
  store: Store,
): Promise<readonly Key[]> {
  switch (lookup.kind) {
    case "terminating": {
      const document = await store.read(lookup.key as Key<KubeBody>);
      return document !== undefined && isTerminating(document) ? [document.key] : [];
    }
    case "owned": {
      const { owner } = lookup;
      const found = await store.referring(ownerRef(owner.uid));
      return found.some((key) => key.fleet === fleet) ? [garbageKey(owner)] : [];
    }
    case "owner":
      return await goneOwner(fleet, lookup, store);
  }
}

/** An owner that lives and stays needs no look. */
async function goneOwner(
  fleet: FleetId,
  { reference, namespace }: UpkeepLookup & { readonly kind: "owner" },
  store: Store,
): Promise<readonly Key[]> {
  const { uid, name } = reference;
  const kind = await kindOf(reference, fleet, store);
  if (kind === undefined || !isString(uid) || !isString(name)) return [];
  const at = { fleet, name, ...(kind.namespaced && namespace !== undefined && { namespace }) };
  const key = documentKey(kind, at);
  const owner = await store.read(key);
  const stays = owner?.uid === uid && !isTerminating(owner);
  return stays ? [] : [garbageKey({ key, uid })];
}

/** Undefined for a kind that the hub does not serve: nobody can tell whether the owner lives. */
async function kindOf(reference: JsonObject, fleet: FleetId, store: Store) {
  const [group] = splitApiVersion(textOf(reference["apiVersion"]) ?? "");
  const kind = textOf(reference["kind"]) ?? "";
  return hubKinds.findKind(group, kind) ?? (await allKinds(fleet, store)).findKind(group, kind);
}

function isTerminating({ body }: Document<KubeBody>): boolean {
  return body.metadata.deletionTimestamp !== undefined;
}
