import type { Document } from "../../lib/document.ts";
import type { JsonObject, KubeBody } from "../../lib/kube-object.ts";
import { arrayOf, at, objectOf } from "../json.ts";
import type { KubeApi } from "../kube-api.ts";
import { documentKey } from "../object/to-object.ts";
import { commitTo } from "../rest/commit.ts";
import { deleteDocument } from "../rest/delete.ts";
import { documentsIn } from "../rest/list.ts";
import { namespaceFinalizer, namespaceKind } from "../rest/namespaces.ts";
import type { ServedKind } from "../served-kind.ts";
import { StatusError } from "../status-error.ts";
import { type Left, withRemaining } from "./namespace-conditions.ts";

/**
 * Deletes what is in a namespace that is being deleted, and then lets the namespace go. "waiting"
 * means that something in it is still held by a finalizer: call again later. Safe to repeat.
 *
 * Nothing new can come in meanwhile: a commit that creates an object requires its namespace to be
 * as it was before the deletion.
 */
export async function emptyNamespace(
  api: KubeApi,
  name: string,
): Promise<"not-deleted" | "waiting" | "gone"> {
  const holder = namespaceKind(api);
  if (holder === undefined) return "not-deleted";
  const key = documentKey(holder, { fleet: api.fleet, name });
  const namespace = await api.store.read(key);
  if (namespace === undefined) return "gone";
  if (namespace.body.metadata.deletionTimestamp === undefined) return "not-deleted";
  const left = await deleteContent(api, name);
  if (left.length === 0) return await release(api, namespace);
  await tellWhatIsLeft(api, namespace, left);
  return "waiting";
}

const deletesAtOnce = 32;
const kindsAtOnce = 8;

/** What is still there: held by its finalizers. */
async function deleteContent(api: KubeApi, namespace: string): Promise<readonly Left[]> {
  const kinds = api.kinds.all.filter(({ namespaced }) => namespaced);
  const left: Left[] = [];
  for (let start = 0; start < kinds.length; start += kindsAtOnce) {
    const some = kinds.slice(start, start + kindsAtOnce);
    left.push(
      ...(await Promise.all(some.map((kind) => deleteOfKind(api, kind, namespace)))).flat(),
    );
  }
  return left;
}

async function deleteOfKind(
  api: KubeApi,
  kind: ServedKind,
  namespace: string,
): Promise<readonly Left[]> {
  const left: Left[] = [];
  for await (const documents of documentsIn({ api, kind, namespace })) {
    for (let start = 0; start < documents.length; start += deletesAtOnce) {
      const some = documents.slice(start, start + deletesAtOnce);
      const isGone = await Promise.all(
        some.map((document) =>
          deleteOne(document, { api, kind, namespace, name: document.key.name }),
        ),
      );
      left.push(
        ...some
          .filter((_, index) => isGone[index] === false)
          .map(({ body }) => ({ kind, finalizers: body.metadata.finalizers ?? [] })),
      );
    }
  }
  return left;
}

async function deleteOne(
  document: Document<KubeBody>,
  place: Parameters<typeof deleteDocument>[0],
): Promise<boolean> {
  try {
    const options = { dryRun: false, propagation: "Background", uid: document.uid } as const;
    return (await deleteDocument(place, options)).isGone;
  } catch (error) {
    if (error instanceof StatusError && error.code === 404) return true;
    throw error;
  }
}

/** A race that is lost is told at the next look. */
async function tellWhatIsLeft(
  api: KubeApi,
  namespace: Document<KubeBody>,
  left: readonly Left[],
): Promise<void> {
  const body = withRemaining(namespace.body, left, api.clock.now());
  await commitTo(api, { writes: [{ kind: "replace", document: namespace, body }] });
}

async function release(api: KubeApi, namespace: Document<KubeBody>): Promise<"waiting" | "gone"> {
  const body = namespace.body as KubeBody & JsonObject;
  const spec = objectOf(body["spec"]);
  const finalizers = arrayOf(at(spec, "finalizers")).filter((each) => each !== namespaceFinalizer);
  const isHeld = finalizers.length > 0 || (body.metadata.finalizers ?? []).length > 0;
  const committed = await commitTo(api, {
    writes: [
      isHeld
        ? {
            kind: "replace",
            document: namespace,
            body: { ...body, spec: { ...spec, finalizers } } as KubeBody,
          }
        : { kind: "delete", document: namespace },
    ],
  });
  return committed.kind === "saved" && !isHeld ? "gone" : "waiting";
}
