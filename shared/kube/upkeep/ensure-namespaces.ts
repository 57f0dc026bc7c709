import type { KubeBody } from "../../lib/kube-object.ts";
import type { KubeApi } from "../kube-api.ts";
import { documentKey } from "../object/to-object.ts";
import { namespaceFinalizer, namespaceKind } from "../rest/namespaces.ts";

/**
 * Makes namespaces that are there from the start, such as "default", where they are missing. At
 * most 98 names. Safe to repeat, and by several processes at once.
 */
export async function ensureNamespaces(
  api: Pick<KubeApi, "store" | "fleet" | "kinds">,
  names: readonly string[],
): Promise<void> {
  const kind = namespaceKind(api);
  if (kind === undefined) return;
  const keys = names.map((name) => documentKey(kind, { fleet: api.fleet, name }));
  const found = await Promise.all(keys.map(async (key) => await api.store.read(key)));
  const missing = keys.filter((_, index) => found[index] === undefined);
  if (missing.length === 0) return;
  // Whoever was faster has made the same.
  await api.store.commit({
    fleet: api.fleet,
    writes: missing.map((key) => ({ kind: "create", key, body: namespaceBody(key.name) })),
  });
}

function namespaceBody(name: string): KubeBody {
  return {
    metadata: { labels: { "kubernetes.io/metadata.name": name } },
    spec: { finalizers: [namespaceFinalizer] },
    status: { phase: "Active" },
  } as KubeBody;
}
