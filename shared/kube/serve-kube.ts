import { FleetError } from "../lib/fleet-error.ts";
import { serveDiscovery } from "./discovery/serve-discovery.ts";
import { auditIdOf, withAuditId } from "./http/audit-id.ts";
import { readably } from "./http/indented.ts";
import { respond, statusResponse, withoutBody } from "./http/respond.ts";
import type { KubeApi } from "./kube-api.ts";
import { serveOpenApi } from "./openapi/serve-open-api.ts";
import { checkRead, healthAnswer, versionAnswer } from "./public-answer.ts";
import { checkPathAccess } from "./rest/check-access.ts";
import { legacyWatch } from "./rest/legacy-watch.ts";
import { serveResource } from "./rest/serve-resource.ts";
import { noSuchResource, PageNotFoundError, StatusError } from "./status-error.ts";

/**
 * Answers a request to a Kubernetes API. Every refusal is a `Status` with the code and reason of a
 * kube-apiserver; an error that nobody foresaw is a 500 that tells nothing, and goes to `api.log`,
 * as does what was away for a 503.
 *
 *     const response = await serveKube(request, { ...api, basePath: "/clusters/c1", caller });
 */
export async function serveKube(request: Request, api: KubeApi): Promise<Response> {
  const auditId = api.auditId ?? auditIdOf(request);
  const response = await routeOrRefuse(request, { ...api, auditId });
  const told = request.method === "HEAD" ? withoutBody(response) : response;
  return withAuditId(told, auditId);
}

async function routeOrRefuse(request: Request, api: KubeApi): Promise<Response> {
  try {
    return await route(request, api);
  } catch (error) {
    const response = statusResponse(error, request.headers.get("accept"));
    if (response.status >= 500 && !(error instanceof StatusError)) logFailure(request, api, error);
    return await readably(request, response);
  }
}

/** What the client is not told: what was away, or what nobody foresaw. */
function logFailure(request: Request, { log, auditId = "" }: KubeApi, error: unknown): void {
  const { method, url } = request;
  const { pathname: path } = new URL(url);
  const isForeseen = error instanceof FleetError;
  const told = error instanceof Error && !isForeseen ? error.stack : String(error);
  const failure = { method, path, auditId, error: told };
  if (isForeseen) log?.warn("Cannot answer a Kubernetes request now", failure);
  else log?.error("Cannot answer a Kubernetes request", failure);
}

async function route(request: Request, api: KubeApi): Promise<Response> {
  const path = pathOf(request, api.basePath);
  if (path === undefined) throw noSuchResource();
  const segments = segmentsOf(path);
  if (isOfResource(segments)) {
    const asked = legacyWatch(request, segments);
    return await readably(asked.request, await serveResource(asked.request, asked.segments, api));
  }
  await checkPathAccess(request, path, api);
  if (segments[0] !== "openapi") return await readably(request, servePath(request, segments, api));
  checkRead(request);
  return serveOpenApi(request, path, api);
}

/** What is neither a resource nor a schema. */
function servePath(request: Request, segments: readonly string[], api: KubeApi): Response {
  switch (segments[0]) {
    case "api":
    case "apis":
      return serveDiscovery(request, segments, api);
    case "version":
      checkRead(request);
      return versionAnswer(api.serverVersion);
    case "healthz":
    case "livez":
    case "readyz":
      return healthAnswer(segments, new URL(request.url).searchParams);
    case undefined:
      return respond({ paths: rootPaths });
    default:
      throw new PageNotFoundError();
  }
}

const rootPaths = [
  ...["/api", "/apis", "/healthz", "/healthz/ping", "/livez", "/livez/ping"],
  ...["/openapi/v2", "/openapi/v3", "/readyz", "/readyz/ping", "/version"],
];

/** The path without the prefix and without a slash at its end. */
function pathOf(request: Request, basePath: string): string | undefined {
  const { pathname } = new URL(request.url);
  if (!pathname.startsWith(basePath)) return undefined;
  const path = pathname.slice(basePath.length);
  if (path !== "" && !path.startsWith("/")) return undefined;
  return path.replace(/\/+$/, "");
}

/** Throws 404 for a path that is no text once it is decoded. */
function segmentsOf(path: string): readonly string[] {
  try {
    const segments = decodeURIComponent(path).split("/").slice(1);
    if (segments.every((segment) => segment !== "" && segment !== "." && segment !== "..")) {
      return segments;
    }
  } catch {
    // Told below.
  }
  throw path.startsWith("//") ? new PageNotFoundError() : noSuchResource();
}

/** Whether a path names a resource, or what would be one: "/api/v1/pods", "/apis/apps/v1/…". */
function isOfResource({ 0: root, length }: readonly string[]): boolean {
  return (root === "api" && length > 2) || (root === "apis" && length > 3);
}
