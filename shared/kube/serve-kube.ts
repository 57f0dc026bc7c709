import { FleetError } from "../lib/fleet-error.ts";
import { aggregatedDiscovery, aggregatedType, aggregatedVersion } from "./discovery/aggregated.ts";
import {
  apiGroup,
  apiGroupList,
  apiResourceList,
  discoveredGroups,
} from "./discovery/api-resources.ts";
import { negotiate } from "./http/negotiate.ts";
import { respond, respondText, statusResponse } from "./http/respond.ts";
import type { KubeApi } from "./kube-api.ts";
import { serveOpenApi } from "./openapi/serve-open-api.ts";
import { checkPathAccess } from "./rest/check-access.ts";
import { serveResource } from "./rest/serve-resource.ts";
import {
  methodNotAllowed,
  noSuchResource,
  PageNotFoundError,
  StatusError,
} from "./status-error.ts";

/**
 * Answers a request to a Kubernetes API. Every refusal is a `Status` with the code and reason of a
 * kube-apiserver; an error that nobody foresaw is a 500 that tells nothing, and goes to `api.log`,
 * as does what was away for a 503.
 *
 *     const response = await serveKube(request, { ...api, basePath: "/clusters/c1", caller });
 */
export async function serveKube(request: Request, api: KubeApi): Promise<Response> {
  try {
    return withoutBody(await route(request, api), request);
  } catch (error) {
    const response = statusResponse(error, request.headers.get("accept"));
    if (response.status >= 500 && !(error instanceof StatusError)) logFailure(request, api, error);
    return withoutBody(response, request);
  }
}

/** What the client is not told: what was away, or what nobody foresaw. */
function logFailure({ method, url }: Request, { log }: KubeApi, error: unknown): void {
  const { pathname: path } = new URL(url);
  const isForeseen = error instanceof FleetError;
  const told = error instanceof Error && !isForeseen ? error.stack : String(error);
  const failure = { method, path, error: told };
  if (isForeseen) log?.warn("Cannot answer a Kubernetes request now", failure);
  else log?.error("Cannot answer a Kubernetes request", failure);
}

/** HEAD is told the headers and nothing else. */
function withoutBody(response: Response, { method }: Request): Response {
  if (method !== "HEAD") return response;
  const { status, headers } = response;
  return new Response(null, { status, headers });
}

async function route(request: Request, api: KubeApi): Promise<Response> {
  const path = pathOf(request, api.basePath);
  if (path === undefined) throw noSuchResource();
  const segments = segmentsOf(path);
  if (isOfResource(segments)) return await serveResource(request, segments, api);
  await checkPathAccess(request, path, api);
  switch (segments[0]) {
    case "api":
    case "apis":
      return serveDiscovery(request, segments, api);
    case "openapi":
      checkRead(request);
      return serveOpenApi(request, path, api);
    case "version":
      checkRead(request);
      return serveVersion(api);
    case "healthz":
    case "livez":
    case "readyz":
      checkRead(request);
      return respondText("ok");
    case undefined:
      return respond({
        paths: ["/api", "/apis", "/healthz", "/openapi/v2", "/openapi/v3", "/version"],
      });
    default:
      throw new PageNotFoundError();
  }
}

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

function checkRead(request: Request): void {
  if (request.method !== "GET") throw methodNotAllowed();
}

function serveDiscovery(request: Request, segments: readonly string[], api: KubeApi): Response {
  checkRead(request);
  const [root, first, second] = segments;
  const isCore = root === "api";
  const accept = request.headers.get("accept");
  const group = isCore ? "" : first;
  const version = isCore ? first : second;
  const groups = discoveredGroups(api.kinds);
  if (group === undefined || (isCore && version === undefined)) {
    const shown = groups.filter((each) => (each.group === "") === isCore);
    const aggregated = aggregatedVersion(accept);
    if (aggregated !== undefined) {
      return respond(aggregatedDiscovery(api.kinds, shown, aggregated), {
        type: aggregatedType(aggregated),
        headers: { vary: "accept" },
      });
    }
    negotiate(accept);
    const body = isCore ? apiVersions() : apiGroupList(api.kinds);
    return respond(body, { headers: { vary: "accept" } });
  }
  const found = groups.find((each) => each.group === group);
  if (found === undefined) throw isCore ? noSuchResource() : new PageNotFoundError();
  if (version === undefined) {
    return respond({ kind: "APIGroup", apiVersion: "v1", ...apiGroup(found) });
  }
  if (!found.versions.includes(version)) throw noSuchResource();
  return respond(apiResourceList(api.kinds, group, version));
}

function apiVersions() {
  return { kind: "APIVersions", versions: ["v1"], serverAddressByClientCIDRs: [] };
}

function serveVersion({ serverVersion }: KubeApi): Response {
  const [major = "1", minor = "0"] = serverVersion.split(".");
  return respond({
    major,
    minor,
    gitVersion: `v${serverVersion}`,
    gitCommit: "",
    gitTreeState: "clean",
    buildDate: "1970-01-01T00:00:00Z",
    goVersion: "",
    compiler: "",
    platform: "linux/amd64",
  });
}
