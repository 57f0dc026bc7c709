import { kindInVersion } from "../definitions/kind-in-version.ts";
import { negotiate, streamedTypes, writtenTypes } from "../http/negotiate.ts";
import { booleanOf } from "../http/query-options.ts";
import { withWarning } from "../http/respond.ts";
import { versionOf } from "../kinds.ts";
import type { AccessAttributes, KubeApi } from "../kube-api.ts";
import { findReview, type ReviewKind } from "../review/review-kinds.ts";
import { serveReview } from "../review/serve-review.ts";
import { selectedName } from "../selector/selected-name.ts";
import type { ServedKind, ServedVersion } from "../served-kind.ts";
import {
  badRequest,
  methodNotAllowed,
  noSuchResource,
  notFound,
  PageNotFoundError,
  verbNotSupported,
} from "../status-error.ts";
import { watchObjects } from "../watch/watch-objects.ts";
import { checkAccess } from "./check-access.ts";
import { createObject } from "./create.ts";
import { deleteCollection, deleteObject } from "./delete.ts";
import { listObjects } from "./list.ts";
import { patchObject } from "./patch.ts";
import { getObject } from "./read.ts";
import type { ObjectRequest, ResourceRequest } from "./resource-request.ts";
import { serveScale } from "./scale.ts";
import { replaceObject } from "./update.ts";

/** Answers a request below a group version: "/apis/apps/v1/namespaces/shop/deployments/web". */
export async function serveResource(
  request: Request,
  segments: readonly string[],
  api: KubeApi,
): Promise<Response> {
  const place = placeOf(segments);
  await checkAccess(attributesOf(request, place), api);
  const review = findReview(place.group, place.version, place.plural);
  if (review !== undefined) return await answerReview(request, review, { api, place });
  const kind = api.kinds.find(place.group, place.plural);
  const version = kind === undefined ? undefined : versionOf(kind, place.version);
  if (kind === undefined || version === undefined) throw unknownResource(api, place);
  if (!kind.namespaced && place.namespace !== undefined) throw noSuchResource();
  const { name, namespace, subresource } = place;
  if (kind.namespaced && name !== undefined && namespace === undefined) throw noSuchResource();
  const resource: ResourceRequest = {
    api,
    request,
    query: new URL(request.url).searchParams,
    kind: kindInVersion(kind, version),
    version,
    ...(namespace !== undefined && { namespace }),
    ...(name !== undefined && { name }),
    ...(subresource !== undefined && { subresource }),
    presentation: negotiate(request.headers.get("accept"), routedTypes(request, version, name)),
  };
  const response =
    name === undefined ? await serveCollection(resource) : await serveObject({ ...resource, name });
  return withWarning(response, version.deprecationWarning);
}

function routedTypes(
  { method }: Request,
  { mergeShape }: ServedVersion,
  name: string | undefined,
): readonly string[] | undefined {
  if (mergeShape === undefined) return undefined;
  return method === "GET" && name === undefined ? streamedTypes : writtenTypes;
}

/** Groups of custom resources alone answer with text for what they do not serve. */
function unknownResource(api: KubeApi, { group }: Place): Error {
  const isBuiltIn = api.kinds.all.some(
    (kind) =>
      kind.group === group && kind.versions.some(({ mergeShape }) => mergeShape !== undefined),
  );
  return isBuiltIn ? noSuchResource() : new PageNotFoundError();
}

interface Place {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly subresource?: string;
}

/** Below a namespace stand resources; "status" and "finalize" there are the namespace's own. */
const ofNamespace = ["status", "finalize"];

function placeOf(segments: readonly string[]): Place {
  const isCore = segments[0] === "api";
  const [group = "", version = "", ...rest] = isCore
    ? ["", ...segments.slice(1)]
    : segments.slice(1);
  const [first, second, third = ""] = rest;
  const isBelow =
    first === "namespaces" &&
    rest.length > 2 &&
    !(rest.length === 3 && ofNamespace.includes(third) && isCore);
  const [plural = "", name, subresource, ...more] = isBelow ? rest.slice(2) : rest;
  if (more.length > 0) throw noSuchResource();
  return {
    group,
    version,
    plural,
    ...(isBelow && second !== undefined && { namespace: second }),
    ...(name !== undefined && { name }),
    ...(subresource !== undefined && { subresource }),
  };
}

async function answerReview(
  request: Request,
  review: ReviewKind,
  { api, place }: { readonly api: KubeApi; readonly place: Place },
): Promise<Response> {
  const { namespace } = place;
  const isLocal = review.namespaced === true;
  if (place.name !== undefined || isLocal !== (namespace !== undefined)) throw noSuchResource();
  return await serveReview(request, review, { api, ...(namespace !== undefined && { namespace }) });
}

async function serveCollection(resource: ResourceRequest): Promise<Response> {
  const { request, query, kind } = resource;
  if (isRead(resource)) {
    return booleanOf(query, "watch") === true
      ? await watchObjects(resource)
      : await listObjects(resource);
  }
  if (kind.readOnly === true) throw methodNotAllowed();
  if (isCustom(kind) && ["PUT", "PATCH"].includes(request.method)) {
    throw badRequest("name must be provided");
  }
  if (request.method === "POST") return await createObject(resource);
  // All namespaces at once are deleted by nobody on purpose.
  const isDeletable =
    kind.holdsNamespaces !== true && (!kind.namespaced || resource.namespace !== undefined);
  if (request.method === "DELETE" && isDeletable) return await deleteCollection(resource);
  throw methodNotAllowed();
}

/** Custom resources answer HEAD too; Kubernetes' own kinds do not. */
function isRead({ request, kind }: ResourceRequest): boolean {
  return request.method === "GET" || (request.method === "HEAD" && isCustom(kind));
}

function isCustom({ versions }: ServedKind): boolean {
  return versions.every(({ mergeShape }) => mergeShape === undefined);
}

function notAllowed(kind: ServedKind, verb: string): Error {
  return isCustom(kind) ? verbNotSupported(kind, verb) : methodNotAllowed();
}

async function serveObject(resource: ObjectRequest): Promise<Response> {
  const { request, kind, subresource } = resource;
  if (!isRead(resource) && kind.readOnly === true) throw methodNotAllowed();
  if (subresource === "scale") return await serveScale(resource);
  if (subresource !== undefined) checkSubresource(resource, subresource);
  if (isRead(resource)) return await getObject(resource);
  switch (request.method) {
    case "PUT":
      return await replaceObject(resource);
    case "PATCH":
      return await patchObject(resource);
    case "DELETE":
      return await deleteObject(resource);
    default:
      throw methodNotAllowed();
  }
}

/** Throws 404 for a subresource that the kind does not have and 405 for what it does not take. */
function checkSubresource({ request, kind, name }: ObjectRequest, subresource: string): void {
  const { changesBelow = {} } = kind;
  if ((subresource === "status" && kind.hasStatus) || Object.hasOwn(changesBelow, subresource)) {
    if (request.method === "DELETE") throw notAllowed(kind, "delete");
    if (request.method === "POST") throw notAllowed(kind, "create");
  } else if (subresource === "finalize" && kind.holdsNamespaces === true) {
    if (request.method !== "PUT") throw methodNotAllowed();
  } else throw lackedSubresource(kind, name, subresource);
}

function lackedSubresource(kind: ServedKind, name: string, subresource: string): Error {
  const { lacks = {} } = kind;
  if (Object.hasOwn(lacks, subresource)) return methodNotAllowed(lacks[subresource]);
  const isUnknown = subresource !== "status" && subresource !== "finalize";
  return isUnknown && isCustom(kind) ? notFound(kind, name) : noSuchResource();
}

/** What a request wants, by its method and path alone: it is asked before anything is looked up. */
function attributesOf(request: Request, place: Place): AccessAttributes {
  const query = new URL(request.url).searchParams;
  const verb = verbOf(request, query, place.name);
  const { group, plural, subresource } = place;
  const isList = verb === "list" || verb === "watch";
  const name = place.name ?? (isList ? selectedName(query.get("fieldSelector")) : undefined);
  // A namespace is in itself: a RoleBinding in it can let somebody see it.
  const isNamespace = group === "" && plural === "namespaces";
  const namespace = isNamespace ? place.name : place.namespace;
  return {
    kind: "resource",
    verb,
    group,
    resource: plural,
    ...(subresource !== undefined && { subresource }),
    ...(namespace !== undefined && { namespace }),
    ...(name !== undefined && { name }),
  };
}

function verbOf(request: Request, query: URLSearchParams, name: string | undefined): string {
  switch (request.method) {
    case "GET":
    case "HEAD":
      if (name !== undefined) return "get";
      return booleanOf(query, "watch") === true ? "watch" : "list";
    case "POST":
      return "create";
    case "PUT":
      return "update";
    case "PATCH":
      return "patch";
    case "DELETE":
      return name === undefined ? "deletecollection" : "delete";
    default:
      throw methodNotAllowed();
  }
}
