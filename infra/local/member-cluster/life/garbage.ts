import { collectGarbage, type Ended } from "../../../../shared/kube/upkeep/collect-garbage.ts";
import type { Document } from "../../../../shared/lib/document.ts";
import type { ClusterView, LiveBody, Rule } from "./rule.ts";

/** What a deleted object owned is deleted with it, or before it, or let be, as its deleter said. */
export const garbage: Rule = {
  kinds: "all",
  concerns: ({ deletedAt, body }) =>
    deletedAt !== undefined || body.metadata.deletionTimestamp !== undefined,
  afterSeconds: 1,
  next: async (changed, view) => {
    const ended = await endOf(changed, view);
    if (ended === undefined) return [];
    return (await collectGarbage(view.api(), ended)) === "waiting" ? "again" : [];
  },
};

async function endOf(changed: Document<LiveBody>, view: ClusterView): Promise<Ended | undefined> {
  const { key, uid } = changed;
  if (changed.deletedAt !== undefined) return { kind: "gone", uid };
  const document = await view.read(key.kind, key.name, key.namespace);
  return document?.uid === uid ? { kind: "waiting", document } : undefined;
}
