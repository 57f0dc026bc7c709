import { collectGarbage } from "../../../../shared/kube/upkeep/collect-garbage.ts";
import type { Rule } from "./rule.ts";

/** What a deleted object owned is deleted with it, or before it, or let be, as its deleter said. */
export const garbage: Rule = {
  kinds: "all",
  concerns: ({ deletedAt, body }) =>
    deletedAt !== undefined || body.metadata.deletionTimestamp !== undefined,
  afterSeconds: 1,
  next: async (changed, view) => {
    const isGone = changed.deletedAt !== undefined;
    const { kind, name, namespace } = changed.key;
    const owner = isGone ? changed : await view.read(kind, name, namespace);
    if (owner === undefined || owner.uid !== changed.uid) return [];
    return (await collectGarbage(view.api(), owner)) === "waiting" ? "again" : [];
  },
};
