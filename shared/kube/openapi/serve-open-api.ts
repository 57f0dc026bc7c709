import type { JsonObject } from "../../lib/kube-object.ts";
import { parseAccept } from "../http/media-type.ts";
import { respond } from "../http/respond.ts";
import type { Kinds } from "../kinds.ts";
import type { KubeApi } from "../kube-api.ts";
import { noSuchResource, StatusError } from "../status-error.ts";
import { keptDocument } from "./kept-documents.ts";
import { openApiV2 } from "./open-api-v2.ts";
import { encodeOpenApiV2 } from "./open-api-v2-protobuf.ts";
import {
  hashOf,
  type OpenApiGroup,
  openApiGroups,
  openApiV3,
  openApiV3Hash,
} from "./open-api-v3.ts";

interface GroupDocument {
  readonly group: OpenApiGroup;
  readonly hash: string;
}

/** What there is of some kinds, by hashes; the documents are made when they are asked for. */
interface Documents {
  readonly byPath: ReadonlyMap<string, GroupDocument>;
  readonly v2Hash: string;
}

const known = new WeakMap<Kinds, Documents>();

function documentsOf(kinds: Kinds): Documents {
  const documents = known.get(kinds) ?? describe(kinds);
  known.set(kinds, documents);
  return documents;
}

function describe(kinds: Kinds): Documents {
  const groups = openApiGroups(kinds).map((group) => ({ group, hash: openApiV3Hash(group) }));
  return {
    byPath: new Map(groups.map((each) => [each.group.path, each])),
    v2Hash: hashOf(groups.map(({ group, hash }) => [group.path, hash])),
  };
}

/** Answers `/openapi/v2`, `/openapi/v3` and `/openapi/v3/apis/G/V`; `path` has no prefix. */
export function serveOpenApi(request: Request, path: string, api: KubeApi): Response {
  if (path === "/openapi/v2") return serveV2(request, api);
  if (path === "/openapi/v3") return serveIndex(api);
  const document = documentsOf(api.kinds).byPath.get(path.slice("/openapi/v3".length));
  if (document === undefined) throw noSuchResource();
  const asked = new URL(request.url).searchParams.get("hash") ?? "";
  const isPinned = asked === document.hash;
  if (asked !== "" && !isPinned) return moved(urlOf(document, api));
  const etag = `"${document.hash}"`;
  if (request.headers.get("if-none-match") === etag) return notModified(etag);
  // The hash in the URL makes this answer the only one that the URL can ever have.
  const caching = isPinned ? "public, max-age=31536000, immutable" : "no-cache, private";
  const body = keptDocument(document.hash, () => jsonBytes(openApiV3(document.group)));
  return answer(body, "application/json", { etag, "cache-control": caching });
}

function serveIndex(api: KubeApi): Response {
  const paths = [...documentsOf(api.kinds).byPath].map(([path, document]) => [
    path.slice(1),
    { serverRelativeURL: urlOf(document, api) },
  ]);
  return respond({ paths: Object.fromEntries(paths) as JsonObject });
}

function urlOf({ group, hash }: GroupDocument, { basePath }: KubeApi): string {
  return `${basePath}/openapi/v3${group.path}?hash=${hash}`;
}

/** Who knows an older document is sent to the one of now, each time anew. */
function moved(url: string): Response {
  const headers = { location: url, "cache-control": "no-cache, private" };
  return new Response(null, { status: 301, headers });
}

/**
 * Go's parser of media types takes no "@", so the content type is not quite the one that clients
 * ask for: "application/com.github.proto-openapi.spec.v2@v1.0+protobuf".
 */
const protobufType = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

function serveV2(request: Request, api: KubeApi): Response {
  const { byPath, v2Hash: hash } = documentsOf(api.kinds);
  const etag = `"${hash}"`;
  if (request.headers.get("if-none-match") === etag) return notModified(etag);
  const wanted = parseAccept(request.headers.get("accept")).map(({ type }) => type);
  const headers = { etag, vary: "accept", "cache-control": "no-cache, private" };
  const body = () => openApiV2([...byPath.values()].map(({ group }) => group));
  for (const type of wanted.length === 0 ? ["*/*"] : wanted) {
    if (type.endsWith("+protobuf") && type.includes("openapi.spec.v2")) {
      const make = () => new Uint8Array(encodeOpenApiV2(body()));
      return answer(keptDocument(`${hash} v2 protobuf`, make), protobufType, headers);
    }
    if (type === "application/json" || type === "*/*" || type === "application/*") {
      const make = () => jsonBytes(body());
      return answer(keptDocument(`${hash} v2 json`, make), "application/json", headers);
    }
  }
  throw new StatusError(406, "NotAcceptable", "only JSON and protobuf are served");
}

function jsonBytes(body: JsonObject): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${JSON.stringify(body)}\n`);
}

function answer(
  body: Uint8Array<ArrayBuffer>,
  type: string,
  headers: Readonly<Record<string, string>>,
): Response {
  return new Response(body, { headers: { ...headers, "content-type": type } });
}

function notModified(etag: string): Response {
  return new Response(null, { status: 304, headers: { etag } });
}
