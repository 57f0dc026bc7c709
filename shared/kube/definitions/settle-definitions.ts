import { kubeTime } from "../../lib/instant.ts";
import type { JsonObject, KubeBody } from "../../lib/kube-object.ts";
import type { KubeApi } from "../kube-api.ts";
import { commitTo } from "../rest/commit.ts";
import { documentsIn } from "../rest/list.ts";
import { settledDefinition } from "./accepted-names.ts";
import { namesOfOwn } from "./served-already.ts";

/**
 * Writes into each CustomResourceDefinition whether it has got its names, which an older one or a
 * kind of the API's own may have. Call it when a definition came, changed or went. Safe to repeat:
 * what is so already is not written, and a race that is lost is met at the next call, which the
 * other write causes.
 */
export async function settleDefinitions(api: KubeApi): Promise<void> {
  const kind = api.kinds.find("apiextensions.k8s.io", "customresourcedefinitions");
  if (kind === undefined) return;
  const documents = [];
  for await (const page of documentsIn({ api, kind })) documents.push(...page);
  const older: JsonObject[] = [...namesOfOwn(api.kinds)];
  const now = kubeTime(api.clock.now());
  for (const document of documents.toSorted((a, b) => a.createdRevision - b.createdRevision)) {
    const body = document.body as KubeBody & JsonObject;
    const settled = settledDefinition<KubeBody & JsonObject>(body, older, now);
    older.push(settled);
    if (settled === body) continue;
    await commitTo(api, { writes: [{ kind: "replace", document, body: settled }] });
  }
}
