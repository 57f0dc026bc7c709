import type { Document } from "../../lib/document.ts";
import { kubeTime } from "../../lib/instant.ts";
import type { JsonObject, KubeBody } from "../../lib/kube-object.ts";
import { objectOf } from "../json.ts";
import type { KubeApi } from "../kube-api.ts";
import { documentKey } from "../object/to-object.ts";
import { commitTo } from "../rest/commit.ts";
import { deleteDocument } from "../rest/delete.ts";
import { documentsIn } from "../rest/list.ts";
import type { ServedKind } from "../served-kind.ts";
import { StatusError } from "../status-error.ts";
import { cleanupFinalizer } from "./cleanup-finalizer.ts";
import { type DefinitionCondition, withConditions } from "./definition-conditions.ts";
import { definitionKind } from "./definition-kind.ts";

const deletesAtOnce = 32;

/**
 * Deletes the objects of a CustomResourceDefinition that is being deleted, and then lets the
 * definition go. "waiting" means that an object is still held by a finalizer, or that somebody was
 * faster: call again later. Safe to repeat. The definition is held meanwhile by `cleanupFinalizer`,
 * which each definition gets with its deletion (`ServedKind.finalizersOnDelete`).
 */
export async function deleteInstances(
  api: KubeApi,
  name: string,
): Promise<"not-deleted" | "waiting" | "gone"> {
  const kind = api.kinds.find("apiextensions.k8s.io", "customresourcedefinitions");
  if (kind === undefined) return "not-deleted";
  const definition = await api.store.read(documentKey(kind, { fleet: api.fleet, name }));
  if (definition === undefined) return "gone";
  const { metadata } = definition.body;
  if (metadata.deletionTimestamp === undefined) return "not-deleted";
  const instances = instancesOf(api, definition);
  const left = instances === undefined ? 0 : await deleteAll(api, instances);
  if (left > 0) return await tellOfTermination(api, definition, left);
  return await release(api, definition, instances);
}

/**
 * The kind whose objects go with the definition, also with one that is not established any more.
 * None for a kind that the API serves itself: its objects were there before the definition.
 */
function instancesOf({ kinds }: KubeApi, definition: Document<KubeBody>): ServedKind | undefined {
  const kind = definitionKind(withoutStatus(definition));
  const served = kind === undefined ? undefined : kinds.find(kind.group, kind.plural);
  return served === undefined || served.isCustom === true ? kind : undefined;
}

function withoutStatus({ body }: Document<KubeBody>): JsonObject {
  const { status: _status, ...rest } = body as KubeBody & JsonObject;
  return rest as JsonObject;
}

/** How many of them are still there: held, or changed meanwhile. */
async function deleteAll(api: KubeApi, kind: ServedKind): Promise<number> {
  let left = 0;
  for await (const documents of documentsIn({ api, kind })) {
    for (let start = 0; start < documents.length; start += deletesAtOnce) {
      const some = documents.slice(start, start + deletesAtOnce);
      const gone = await Promise.all(some.map((document) => deleteOne(api, kind, document)));
      left += gone.filter((isGone) => !isGone).length;
    }
  }
  return left;
}

async function deleteOne(
  api: KubeApi,
  kind: ServedKind,
  { key, uid }: Document<KubeBody>,
): Promise<boolean> {
  const { name, namespace } = key;
  try {
    const place = { api, kind, name, ...(namespace !== undefined && { namespace }) };
    const options = { dryRun: false, propagation: "Background", uid } as const;
    return (await deleteDocument(place, options)).isGone;
  } catch (error) {
    if (error instanceof StatusError && error.code === 404) return true;
    // Replaced by another of the same name, or changed too often: it is met at the next look.
    if (error instanceof StatusError && error.code === 409) return false;
    throw error;
  }
}

async function tellOfTermination(
  api: KubeApi,
  definition: Document<KubeBody>,
  left: number,
): Promise<"waiting"> {
  const body = definition.body as KubeBody & JsonObject;
  const terminating: DefinitionCondition = {
    type: "Terminating",
    status: "True",
    reason: "InstanceDeletionInProgress",
    message: `CustomResource deletion is in progress, ${left} remaining`,
  };
  const conditions = withConditions(body, [terminating], kubeTime(api.clock.now()));
  const next: KubeBody = Object.assign({}, body, {
    status: { ...objectOf(body["status"]), conditions },
  });
  // A race that is lost is told at the next look; what changes nothing is not written.
  await commitTo(api, { writes: [{ kind: "replace", document: definition, body: next }] });
  return "waiting";
}

/** Who creates an object meanwhile, by the kinds as they were, makes this look come to nothing. */
async function release(
  api: KubeApi,
  definition: Document<KubeBody>,
  instances: ServedKind | undefined,
): Promise<"waiting" | "gone"> {
  const { revision } = await api.store.head(api.fleet);
  if (instances !== undefined && !(await isEmpty(api, instances))) return "waiting";
  const { body } = definition;
  const finalizers = (body.metadata.finalizers ?? []).filter((each) => each !== cleanupFinalizer);
  const next = { ...body, metadata: { ...body.metadata, finalizers } };
  const isHeld = finalizers.length > 0;
  const committed = await commitTo(api, {
    writes: [
      isHeld
        ? { kind: "replace", document: definition, body: next }
        : { kind: "delete", document: definition },
    ],
    ...(instances !== undefined && {
      require: [
        {
          kind: "none-changed-since",
          fleet: api.fleet,
          documents: instances.documents,
          revision,
        },
      ],
    }),
  });
  return committed.kind === "saved" && !isHeld ? "gone" : "waiting";
}

async function isEmpty(api: KubeApi, kind: ServedKind): Promise<boolean> {
  const page = await api.store.list({ fleet: api.fleet, kind: kind.documents, limit: 1 });
  return page.documents.length === 0;
}
