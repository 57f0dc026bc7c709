import type { Revision } from "../../lib/document.ts";
import type { JsonObject } from "../../lib/kube-object.ts";
import type { ListOptions } from "../http/list-options.ts";
import { apiVersionOf } from "../kinds.ts";
import type { ResourceRequest } from "../rest/resource-request.ts";
import type { KubeObject } from "../served-kind.ts";
import { type StatusError, statusOf } from "../status-error.ts";
import { partialMetadata, tableOf } from "../table/table.ts";

/** Writes events as lines, in the form that the client accepts. */
export interface Encoder {
  readonly event: (type: string, object: KubeObject) => string;
  readonly bookmark: (revision: Revision, endsInitialEvents: boolean) => string;
  readonly error: (error: StatusError) => string;
}

export function encoderOf(request: ResourceRequest, { includeObject }: ListOptions): Encoder {
  const { api, kind, version, presentation } = request;
  const { as, metaVersion } = presentation;
  let isFirst = true;
  const line = (type: string, object: JsonObject): string =>
    `${JSON.stringify({ type, object })}\n`;
  const table = (object: KubeObject): JsonObject => {
    const { resourceVersion } = object.metadata;
    const withColumns = isFirst;
    isFirst = false;
    const options = { includeObject, metaVersion, now: api.clock.now(), withColumns };
    return tableOf([object], version, { ...options, metadata: { resourceVersion } });
  };
  const show = (object: KubeObject): JsonObject => {
    if (as === "Table") return table(object);
    return as === "Object" ? object : partialMetadata(object, metaVersion);
  };
  return {
    event: (type, object) => line(type, show(object)),
    bookmark: (revision, endsInitialEvents) =>
      line(
        "BOOKMARK",
        bookmarkOf(
          {
            resourceVersion: String(revision),
            ...(endsInitialEvents && { annotations: { "k8s.io/initial-events-end": "true" } }),
          },
          { apiVersion: apiVersionOf(kind, version.name), kind: kind.kind },
          presentation,
        ),
      ),
    error: (error) => line("ERROR", statusOf(error)),
  };
}

/** A bookmark is an object with nothing but its kind and a revision. */
function bookmarkOf(
  metadata: JsonObject,
  { apiVersion, kind }: { readonly apiVersion: string; readonly kind: string },
  { as, metaVersion }: ResourceRequest["presentation"],
): JsonObject {
  const partial = partialMetadata({ metadata }, metaVersion);
  if (as === "Object") return { kind, apiVersion, metadata };
  if (as === "PartialObjectMetadata") return partial;
  return {
    kind: "Table",
    apiVersion: `meta.k8s.io/${metaVersion}`,
    metadata,
    columnDefinitions: [],
    rows: [{ cells: [], object: partial }],
  };
}
