import { emptyNamespace } from "../../../../shared/kube/upkeep/empty-namespace.ts";
import { type Document, keyOf, type Write } from "../../../../shared/lib/document.ts";
import type { ClusterView, LiveBody, Rule } from "./rule.ts";

/** A namespace is born with an account and a certificate, and dies with all that is in it. */
export const namespaces: Rule = {
  kinds: ["namespaces"],
  afterSeconds: 5,
  next: async (changed, view) => {
    const document = await view.read("namespaces", changed.key.name);
    if (document === undefined) return [];
    if (document.body.metadata.deletionTimestamp === undefined) {
      return await firstObjects(document, view);
    }
    const became = await emptyNamespace(view.api(), changed.key.name);
    return became === "waiting" ? "again" : [];
  },
};

async function firstObjects(
  { key }: Document<LiveBody>,
  view: ClusterView,
): Promise<readonly Write[]> {
  const wanted = [
    { kind: "serviceaccounts", name: "default", body: { metadata: {} } },
    {
      kind: "configmaps",
      name: "kube-root-ca.crt",
      body: { metadata: {}, data: { "ca.crt": "" } },
    },
  ];
  const writes = await Promise.all(
    wanted.map(async ({ kind, name, body }): Promise<readonly Write[]> => {
      if ((await view.read(kind, name, key.name)) !== undefined) return [];
      return [{ kind: "create", key: keyOf<LiveBody>(kind, view.fleet, name, key.name), body }];
    }),
  );
  return writes.flat();
}
