import { builtInKinds } from "../../../../shared/kube/built-in/built-in-kinds.ts";
import { type Document, keyOf, type Write } from "../../../../shared/lib/document.ts";
import type { ClusterView, LiveBody, Rule } from "./rule.ts";

/** A commit takes 98 writes, and a deletion is two. */
const deletionsMax = 40;

/** A namespace is born with an account and a certificate, and dies with all that is in it. */
export const namespaces: Rule = {
  kinds: ["namespaces"],
  afterSeconds: 15,
  next: async (changed, view) => {
    const document = await view.read("namespaces", changed.key.name);
    if (document === undefined) return [];
    return document.body.metadata.deletionTimestamp === undefined
      ? await firstObjects(document, view)
      : await sweep(document, view);
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

/** The namespace itself goes in the commit that finds nothing else left in it. */
async function sweep(namespace: Document<LiveBody>, view: ClusterView): Promise<readonly Write[]> {
  const kinds = new Set([...namespacedKinds, ...view.customKinds]);
  const found = await Promise.all(
    [...kinds].map(async (kind) => await view.list(kind, namespace.key.name)),
  );
  const left = found.flat();
  const deletions = left.slice(0, deletionsMax).map((document): Write => {
    return { kind: "delete", document };
  });
  if (left.length > deletionsMax) return deletions;
  return [...deletions, { kind: "delete", document: namespace }];
}

const namespacedKinds = builtInKinds()
  .filter(({ namespaced }) => namespaced)
  .map(({ documents }) => documents);
