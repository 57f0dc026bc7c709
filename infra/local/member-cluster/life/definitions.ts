import { deleteInstances } from "../../../../shared/kube/definitions/delete-instances.ts";
import type { Rule } from "./rule.ts";

/** A definition that is deleted goes after the objects that it defines. */
export const definitions: Rule = {
  kinds: ["apiextensions.k8s.io/customresourcedefinitions"],
  concerns: ({ deletedAt, body }) =>
    deletedAt === undefined && body.metadata.deletionTimestamp !== undefined,
  afterSeconds: 1,
  next: async (changed, view) => {
    const became = await deleteInstances(view.api(), changed.key.name);
    return became === "waiting" ? "again" : [];
  },
};
