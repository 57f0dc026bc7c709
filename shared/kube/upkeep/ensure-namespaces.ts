import type { KubeBody } from "../../lib/kube-object.ts";
import type { KubeApi } from "../kube-api.ts";
import { documentKey } from "../object/to-object.ts";
import { namespaceFinalizer, namespaceKind } from "../rest/namespaces.ts";
import { createMissing } from "./create-missing.ts";

/**
 * What each cluster has from the start. Tools take the uid of "kube-system" for the cluster's id.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/
 */
export const firstNamespaces = ["default", "kube-node-lease", "kube-public", "kube-system"];

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
  const wanted = names.map((name) => ({
    key: documentKey(kind, { fleet: api.fleet, name }),
    body: namespaceBody(name),
  }));
  await createMissing(api, wanted);
}

function namespaceBody(name: string): KubeBody {
  return {
    metadata: { labels: { "kubernetes.io/metadata.name": name } },
    spec: { finalizers: [namespaceFinalizer] },
    status: { phase: "Active" },
  } as KubeBody;
}
