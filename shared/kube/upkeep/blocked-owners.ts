import type { Document } from "../../lib/document.ts";
import type { KubeBody } from "../../lib/kube-object.ts";
import type { KubeApi } from "../kube-api.ts";
import { blocks, livingOwners, waitsForDependents } from "./living-owners.ts";

/**
 * The uids of all that cannot go before a waiting object has: the owners that it blocks, those that
 * they block in turn while they wait, and so on. A dependent that is one of them closes a circle in
 * which each would wait for the next.
 *
 * It reads upwards, where an object has few owners, and never what they own: one read for each
 * owner, none for an object that nobody owns. Kubernetes takes any dependent of the dependent that
 * waits for such a circle, and lets owners go too early when it is none.
 */
export async function blockedOwners(
  api: KubeApi,
  waiting: Document<KubeBody>,
): Promise<ReadonlySet<string>> {
  const blocked = new Set<string>();
  const above = [waiting];
  for (const { key, body } of above) {
    const references = (body.metadata.ownerReferences ?? []).filter(
      (reference) => blocks(reference) && !blocked.has(String(reference["uid"])),
    );
    for (const reference of references) blocked.add(String(reference["uid"]));
    for (const { document } of await livingOwners(api, references, key.namespace)) {
      if (waitsForDependents(document)) above.push(document);
    }
  }
  return blocked;
}
