import type { Document } from "../../lib/document.ts";
import type { KubeBody } from "../../lib/kube-object.ts";
import { revisionOf } from "../http/list-options.ts";
import type { KubeApi } from "../kube-api.ts";
import { documentKey } from "../object/to-object.ts";
import type { ServedKind } from "../served-kind.ts";
import { notFound, StatusError } from "../status-error.ts";
import { respondObject, viewOf } from "./present.ts";
import type { ObjectRequest } from "./resource-request.ts";

/** Which document a request is about. */
export interface ObjectPlace {
  readonly api: KubeApi;
  readonly kind: ServedKind;
  readonly namespace?: string;
  readonly name: string;
}

/** Throws 404 when there is none. */
export async function readDocument(place: ObjectPlace): Promise<Document<KubeBody>> {
  const { api, kind, name } = place;
  const document = await api.store.read(documentKey(kind, { ...place, fleet: api.fleet }));
  if (document === undefined) throw notFound(kind, name);
  return document;
}

/** GET of one object. Reads are always as new as the newest write, so any version is served. */
export async function getObject(request: ObjectRequest): Promise<Response> {
  const { api, query } = request;
  await checkReached(api, revisionOf(query.get("resourceVersion") ?? ""));
  const document = await readDocument(request);
  return respondObject(await viewOf(document, request), request);
}

/** Throws 504, as a kube-apiserver does, for a version that nobody can have seen. */
export async function checkReached(api: KubeApi, revision: number | undefined): Promise<void> {
  if (revision === undefined || revision === 0) return;
  const head = await api.store.head(api.fleet);
  if (revision > head.revision) throw tooLargeRevision(revision, head.revision);
}

export function tooLargeRevision(revision: number, current: number): StatusError {
  return new StatusError(
    504,
    "Timeout",
    `Timeout: Too large resource version: ${revision}, current: ${current}`,
    {
      causes: [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }],
      retryAfterSeconds: 1,
    },
  );
}
