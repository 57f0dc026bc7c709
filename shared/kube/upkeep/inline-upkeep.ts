import type { Document, Write } from "../../lib/document.ts";
import type { KubeBody } from "../../lib/kube-object.ts";
import { isObject, textOf } from "../json.ts";
import { splitApiVersion } from "../kinds.ts";
import type { KubeApi } from "../kube-api.ts";
import { documentKey } from "../object/to-object.ts";
import { namespaceKind } from "../rest/namespaces.ts";
import { collectGarbage } from "./collect-garbage.ts";
import { emptyNamespace } from "./empty-namespace.ts";

/**
 * The API as one that carries deletions on within the request that makes them: to the content of
 * a namespace and to what a deleted object owned. What fails is logged and left for the next
 * deletion: the client's own change is made by then.
 */
export function withInlineUpkeep(api: KubeApi): KubeApi {
  const kept: KubeApi = {
    ...api,
    collectsGarbage: true,
    afterCommit: async (writes) => {
      for (const write of writes) {
        try {
          await carryOn(kept, api, write);
        } catch (error) {
          api.log?.warn("Cannot carry a deletion on: it is left for the next one", {
            error: String(error),
          });
        }
      }
    },
  };
  return kept;
}

/** `kept` carries on what it deletes itself, `bare` does not. */
async function carryOn(kept: KubeApi, bare: KubeApi, write: Write): Promise<void> {
  if (write.kind === "delete") await afterDelete(kept, bare, write.document as Document<KubeBody>);
  if (write.kind !== "replace") return;
  const body = write.body as KubeBody;
  if (body.metadata.deletionTimestamp === undefined) return;
  const { kind, name } = write.document.key;
  if (kind === namespaceKind(bare)?.documents) await emptyNamespace(bare, name);
  else await collectFrom(kept, write.document.key);
}

async function afterDelete(
  kept: KubeApi,
  bare: KubeApi,
  document: Document<KubeBody>,
): Promise<void> {
  await collectGarbage(kept, { ...document, deletedAt: kept.clock.now() });
  const { namespace } = document.key;
  for (const owner of document.body.metadata.ownerReferences ?? []) {
    if (!isObject(owner)) continue;
    const [group] = splitApiVersion(textOf(owner["apiVersion"]) ?? "");
    const kind = kept.kinds.findKind(group, textOf(owner["kind"]) ?? "");
    if (kind === undefined) continue;
    const at = { fleet: kept.fleet, name: textOf(owner["name"]) ?? "" };
    const place = { ...at, ...(namespace !== undefined && { namespace }) };
    await collectFrom(kept, documentKey(kind, place));
  }
  // What held up its namespace may be gone with it.
  if (namespace !== undefined) await emptyNamespace(bare, namespace);
}

/** For an object that waits until its dependents are gone, or leaves them alone. */
async function collectFrom(api: KubeApi, key: Document["key"]): Promise<void> {
  const document = await api.store.read(key);
  if (document !== undefined) await collectGarbage(api, document as Document<KubeBody>);
}
