import type { Document } from "../../lib/document.ts";
import type { JsonObject } from "../../lib/kube-object.ts";
import { includeObjectOf } from "../http/list-options.ts";
import { respond } from "../http/respond.ts";
import { omit } from "../json.ts";
import { apiVersionOf } from "../kinds.ts";
import { withShown } from "../object/shown-defaults.ts";
import { fromStored, storedObject } from "../object/to-object.ts";
import type { KubeObject } from "../served-kind.ts";
import { partialMetadata, tableOf } from "../table/table.ts";
import type { ResourceRequest } from "./resource-request.ts";

/** What decides how documents are shown. */
export type View = Pick<ResourceRequest, "api" | "kind" | "version">;

/** The object of a document as this client sees it, with what the kind keeps elsewhere. */
export async function viewOf(document: Document, view: View): Promise<KubeObject> {
  const { api, kind, version } = view;
  const stored = storedObject(document, kind);
  const expanded =
    kind.expand === undefined ? stored : await kind.expand(stored, document, api.store);
  return withShown(fromStored(expanded, kind, version), kind);
}

/** The answer that carries one object, in the form that the client accepts. */
export function respondObject(
  object: KubeObject,
  request: ResourceRequest,
  reply: { readonly code?: number; readonly warnings?: readonly string[] } = {},
): Response {
  const { as, metaVersion, format } = request.presentation;
  const { resourceVersion } = object.metadata;
  const shown =
    as === "Table"
      ? table([object], request, { resourceVersion })
      : as === "Object"
        ? object
        : partialMetadata(object, metaVersion);
  return respond(shown, { ...reply, format });
}

/** The answer that carries a list. */
export function respondList(
  objects: readonly KubeObject[],
  request: ResourceRequest,
  metadata: JsonObject,
): Response {
  const { as, format } = request.presentation;
  const shown =
    as === "Table" ? table(objects, request, metadata) : list(objects, request, metadata);
  return respond(shown, { format });
}

function list(
  objects: readonly KubeObject[],
  { kind, version, presentation }: ResourceRequest,
  metadata: JsonObject,
): JsonObject {
  const { as, metaVersion } = presentation;
  return as === "PartialObjectMetadata"
    ? {
        kind: "PartialObjectMetadataList",
        apiVersion: `meta.k8s.io/${metaVersion}`,
        metadata,
        items: objects.map((object) => partialMetadata(object, metaVersion)),
      }
    : {
        kind: `${kind.kind}List`,
        apiVersion: apiVersionOf(kind, version.name),
        // Lists of custom resources always say whether there is more.
        metadata: version.mergeShape === undefined ? { continue: "", ...metadata } : metadata,
        items: version.mergeShape === undefined ? objects : objects.map(withoutType),
      };
}

/** The items of typed lists do not repeat what the list says of them. */
function withoutType(object: KubeObject): JsonObject {
  return omit(object, ["apiVersion", "kind"]);
}

function table(
  objects: readonly KubeObject[],
  { api, query, version, presentation: { metaVersion } }: ResourceRequest,
  metadata: JsonObject,
): JsonObject {
  const includeObject = includeObjectOf(query.get("includeObject") ?? "");
  const options = { includeObject, metaVersion, now: api.clock.now(), withColumns: true };
  return tableOf(objects, version, { ...options, metadata });
}
