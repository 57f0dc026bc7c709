import { type Document, type Key, keyOf, kind } from "../../lib/document.ts";

/** Says that an owner waits, and with its `wakeAt` when it is looked at again at the latest. */
export type GarbageNote = Readonly<Record<never, never>>;

/**
 * A look at what a deleted object owned, or at an object that waits for what it owns. All that is
 * saved under this kind is that an object waits: it and its dependents are all there is to know.
 */
export const garbageKind = kind<GarbageNote>("hubless/garbage");

/** An object that others name in their `ownerReferences`, of which there may be another by now. */
export interface Owner {
  readonly key: Key;
  readonly uid: string;
}

/** `hubless/garbage` "apps/deployments/web/0b7c…" for the Deployment "web" with that uid. */
export function garbageKey({ key, uid }: Pick<Document, "key" | "uid">): Key {
  return keyOf(garbageKind, key.fleet, `${key.kind}/${key.name}/${uid}`, key.namespace);
}

/** The owner that a key of `garbageKey` is about; undefined for a key that is none. */
export function ownerOf({ fleet, namespace, name }: Key): Owner | undefined {
  const [, of, ownerName, uid] = /^(.+)\/([^/]+)\/([^/]+)$/.exec(name) ?? [];
  if (of === undefined || ownerName === undefined || uid === undefined) return undefined;
  return { key: keyOf(kind(of), fleet, ownerName, namespace), uid };
}
