import type { JsonObject } from "../../lib/kube-object.ts";
import { parseAccept } from "../http/media-type.ts";
import { respond } from "../http/respond.ts";
import type { Kinds } from "../kinds.ts";
import type { KubeApi } from "../kube-api.ts";
import { noSuchResource, StatusError } from "../status-error.ts";
import { openApiV2 } from "./open-api-v2.ts";
import { encodeOpenApiV2 } from "./open-api-v2-protobuf.ts";
import { hashOf, type OpenApiDocument, openApiGroups, openApiV3 } from "./open-api-v3.ts";

/** The documents of some kinds, made when they are first asked for. */
interface Documents {
  readonly byPath: ReadonlyMap<string, OpenApiDocument>;
  readonly v2: () => {
    readonly body: JsonObject;
    readonly protobuf: Buffer;
    readonly hash: string;
  };
}

const known = new WeakMap<Kinds, Documents>();

function documentsOf(kinds: Kinds): Documents {
  const documents = known.get(kinds) ?? makeDocuments(kinds);
  known.set(kinds, documents);
  return documents;
}

function makeDocuments(kinds: Kinds): Documents {
  const groups = openApiGroups(kinds);
  let v2: ReturnType<Documents["v2"]> | undefined;
  return {
    byPath: new Map(groups.map((group) => [group.path, openApiV3(group)])),
    v2: () => {
      if (v2 === undefined) {
        const body = openApiV2(groups);
        v2 = { body, protobuf: encodeOpenApiV2(body), hash: hashOf(body) };
      }
      return v2;
    },
  };
}

/** Answers `/openapi/v2`, `/openapi/v3` and `/openapi/v3/apis/G/V`; `path` has no prefix. */
export function serveOpenApi(request: Request, path: string, api: KubeApi): Response {
  if (path === "/openapi/v2") return serveV2(request, api);
  if (path === "/openapi/v3") return serveIndex(api);
  const document = documentsOf(api.kinds).byPath.get(path.slice("/openapi/v3".length));
  if (document === undefined) throw noSuchResource();
  const etag = `"${document.hash}"`;
  if (request.headers.get("if-none-match") === etag) return notModified(etag);
  // The hash in the URL makes this answer the only one that the URL can ever have.
  const isPinned = new URL(request.url).searchParams.get("hash") === document.hash;
  const caching = isPinned ? "public, max-age=31536000, immutable" : "no-cache, private";
  return respond(document.body, { headers: { etag, "cache-control": caching } });
}

function serveIndex(api: KubeApi): Response {
  const paths = [...documentsOf(api.kinds).byPath].map(([path, { hash }]) => [
    path.slice(1),
    { serverRelativeURL: `${api.basePath}/openapi/v3${path}?hash=${hash}` },
  ]);
  return respond({ paths: Object.fromEntries(paths) as JsonObject });
}

/**
 * Go's parser of media types takes no "@", so the content type is not quite the one that clients
 * ask for: "application/com.github.proto-openapi.spec.v2@v1.0+protobuf".
 */
const protobufType = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

function serveV2(request: Request, api: KubeApi): Response {
  const { body, protobuf, hash } = documentsOf(api.kinds).v2();
  const etag = `"${hash}"`;
  if (request.headers.get("if-none-match") === etag) return notModified(etag);
  const wanted = parseAccept(request.headers.get("accept")).map(({ type }) => type);
  const headers = { etag, vary: "accept" };
  for (const type of wanted.length === 0 ? ["*/*"] : wanted) {
    if (type.endsWith("+protobuf") && type.includes("openapi.spec.v2")) {
      return new Response(new Uint8Array(protobuf), {
        headers: { ...headers, "content-type": protobufType },
      });
    }
    if (type === "application/json" || type === "*/*" || type === "application/*") {
      return respond(body, { headers });
    }
  }
  throw new StatusError(406, "NotAcceptable", "only JSON and protobuf are served");
}

function notModified(etag: string): Response {
  return new Response(null, { status: 304, headers: { etag } });
}
