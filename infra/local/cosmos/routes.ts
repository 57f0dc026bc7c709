import { badRequest, notSupported } from "./refusal.ts";
import type { RequestKind, WireRequest } from "./wire.ts";

/** What a request asks for. Ids are decoded, exactly once. */
export type Route =
  | { readonly kind: "metadata"; readonly of: Metadata }
  | {
      readonly kind: ItemRequestKind;
      readonly database: string;
      readonly container: string;
      /** Only where the request names one item in its path. */
      readonly id: string | undefined;
    };

export type ItemRequestKind = Exclude<RequestKind, "metadata">;

export type Metadata =
  | { readonly kind: "account" }
  | { readonly kind: "create-database" }
  | { readonly kind: "read-database"; readonly database: string }
  | { readonly kind: "create-container"; readonly database: string }
  | {
      readonly kind: "read-container" | "ranges";
      readonly database: string;
      readonly container: string;
    };

/**
 * The names in a path: `/dbs/fleets/colls/documents/docs/a%252Fb` is that of the item `a%2Fb`.
 *
 * @throws Refusal (400) for a path that is not percent-encoded.
 */
export function segmentsOf(path: string): string[] {
  const [plain = ""] = path.split("?");
  try {
    return plain
      .split("/")
      .filter((each) => each !== "")
      .map((each) => decodeURIComponent(each));
  } catch {
    throw badRequest("The request path is invalid: must be percent-encoded");
  }
}

/** @throws Refusal (400) for everything that the product does not ask for. */
export function routeOf(request: WireRequest, segments: readonly string[]): Route {
  const [dbs, database, colls, container, leaf, id] = segments;
  const known = (dbs ?? "dbs") === "dbs" && (colls ?? "colls") === "colls";
  if (!known || segments.length > 6) throw unknownRoute(request);
  if (container === undefined || database === undefined) {
    return { kind: "metadata", of: accountRoute(request, segments) };
  }
  if (leaf === "docs") return { kind: itemKind(request, id), database, container, id };
  const readable = request.method === "GET" && id === undefined;
  if (readable && leaf === undefined) return metadata("read-container");
  if (readable && leaf === "pkranges") return metadata("ranges");
  throw unknownRoute(request);

  function metadata(kind: "read-container" | "ranges"): Route {
    return { kind: "metadata", of: { kind, database: database ?? "", container: container ?? "" } };
  }
}

function accountRoute(request: WireRequest, segments: readonly string[]): Metadata {
  const [, database = ""] = segments;
  switch (`${request.method} ${segments.length}`) {
    case "GET 0":
      return { kind: "account" };
    case "POST 1":
      if (!isQuery(request)) return { kind: "create-database" };
      break;
    case "GET 2":
      return { kind: "read-database", database };
    case "POST 3":
      if (!isQuery(request)) return { kind: "create-container", database };
  }
  throw unknownRoute(request);
}

function itemKind(request: WireRequest, id: string | undefined): ItemRequestKind {
  if (id !== undefined) return oneItemKind(request);
  const { method, headers } = request;
  if (method === "GET" && headers["a-im"] !== undefined) return "change-feed";
  if (method !== "POST") throw unknownRoute(request);
  if (isTrue(headers["x-ms-cosmos-is-query-plan-request"])) return "query-plan";
  if (isQuery(request)) return "query";
  if (isTrue(headers["x-ms-cosmos-is-batch-request"])) {
    if (isTrue(headers["x-ms-cosmos-batch-atomic"])) return "batch";
    throw notSupported("a bulk request");
  }
  return isTrue(headers["x-ms-documentdb-is-upsert"]) ? "upsert" : "create";
}

function oneItemKind(request: WireRequest): ItemRequestKind {
  switch (request.method) {
    case "GET":
      return "read";
    case "PUT":
      return "replace";
    case "PATCH":
      return "patch";
    case "DELETE":
      return "delete";
    default:
      throw unknownRoute(request);
  }
}

function isQuery({ headers }: WireRequest): boolean {
  const contentType = headers["content-type"] ?? "";
  return (
    isTrue(headers["x-ms-documentdb-isquery"]) || contentType.startsWith("application/query+json")
  );
}

function isTrue(header: string | undefined): boolean {
  return header?.toLowerCase() === "true";
}

function unknownRoute({ method, path }: WireRequest) {
  return notSupported(`"${method} ${path.slice(0, 200)}"`);
}
