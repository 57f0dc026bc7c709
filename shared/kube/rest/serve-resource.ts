import { negotiate } from "../http/negotiate.ts";
import { booleanOf } from "../http/query-options.ts";
import { versionOf } from "../kinds.ts";
import type { AccessAttributes, KubeApi } from "../kube-api.ts";
import { findReview, type ReviewKind } from "../review/review-kinds.ts";
import { accessTo, serveReview } from "../review/serve-review.ts";
import { forbidden, methodNotAllowed, noSuchResource, resourceName } from "../status-error.ts";
import { watchObjects } from "../watch/watch-objects.ts";
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
  const review = findReview(place.group, place.version, place.plural);
  if (review !== undefined) return await answerReview(request, review, { api, place });
  const kind = api.kinds.find(place.group, place.plural);
  const version = kind === undefined ? undefined : versionOf(kind, place.version);
  if (kind === undefined || version === undefined) throw noSuchResource();
  if (!kind.namespaced && place.namespace !== undefined) throw noSuchResource();
  const { name, namespace, subresource } = place;
  if (kind.namespaced && name !== undefined && namespace === undefined) throw noSuchResource();
  const resource: ResourceRequest = {
    api,
    request,
    query: new URL(request.url).searchParams,
    kind,
    version,
    ...(namespace !== undefined && { namespace }),
    ...(name !== undefined && { name }),
    ...(subresource !== undefined && { subresource }),
    presentation: negotiate(request.headers.get("accept")),
  };
  await checkAccess(resource);
  return name === undefined
    ? await serveCollection(resource)
    : await serveObject({ ...resource, name });
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
  if (place.name !== undefined || place.namespace !== undefined) throw noSuchResource();
  return await serveReview(request, review, api);
}

async function serveCollection(resource: ResourceRequest): Promise<Response> {
  const { request, query, kind } = resource;
  if (request.method === "GET") {
    return booleanOf(query, "watch") === true
      ? await watchObjects(resource)
      : await listObjects(resource);
  }
  if (kind.readOnly === true) throw methodNotAllowed();
  if (request.method === "POST") return await createObject(resource);
  // All namespaces at once are deleted by nobody on purpose.
  const isDeletable =
    kind.holdsNamespaces !== true && (!kind.namespaced || resource.namespace !== undefined);
  if (request.method === "DELETE" && isDeletable) return await deleteCollection(resource);
  throw methodNotAllowed();
}

async function serveObject(resource: ObjectRequest): Promise<Response> {
  const { request, kind, subresource } = resource;
  if (request.method !== "GET" && kind.readOnly === true) throw methodNotAllowed();
  switch (subresource) {
    case undefined:
      break;
    case "scale":
      return await serveScale(resource);
    case "status":
      if (!kind.hasStatus) throw noSuchResource();
      if (request.method === "DELETE") throw methodNotAllowed();
      break;
    case "finalize":
      if (kind.holdsNamespaces !== true) throw noSuchResource();
      if (request.method !== "PUT") throw methodNotAllowed();
      break;
    default:
      throw noSuchResource();
  }
  switch (request.method) {
    case "GET":
      return await getObject(resource);
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

async function checkAccess(resource: ResourceRequest): Promise<void> {
  const { api, kind, namespace, name, subresource } = resource;
  if (api.authorize === undefined) return;
  const attributes: AccessAttributes & { readonly kind: "resource" } = {
    kind: "resource",
    verb: verbOf(resource),
    group: kind.group,
    resource: kind.plural,
    ...(subresource !== undefined && { subresource }),
    ...(namespace !== undefined && { namespace }),
    ...(name !== undefined && { name }),
  };
  const access = await accessTo(attributes, api);
  if (access.allowed) return;
  const { verb, group } = attributes;
  const what = subresource === undefined ? kind.plural : `${kind.plural}/${subresource}`;
  const where =
    namespace === undefined ? "at the cluster scope" : `in the namespace "${namespace}"`;
  const who = api.caller?.name ?? "system:anonymous";
  const subject = `${resourceName(kind)}${name === undefined ? "" : ` "${name}"`}`;
  throw forbidden(
    `${subject} is forbidden: User "${who}" cannot ${verb} resource "${what}" in API group ` +
      `"${group}" ${where}: ${access.reason}`,
    {
      ...(name !== undefined && { name }),
      ...(group !== "" && { group }),
      kind: kind.plural,
    },
  );
}

function verbOf({ request, query, name }: ResourceRequest): string {
  switch (request.method) {
    case "GET":
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
