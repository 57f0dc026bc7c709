import { aggregatedDiscovery, aggregatedType, aggregatedVersion } from "./discovery/aggregated.ts";
import {
  apiGroup,
  apiGroupList,
  apiResourceList,
  discoveredGroups,
} from "./discovery/api-resources.ts";
import { respond, respondText, statusResponse } from "./http/respond.ts";
import type { KubeApi } from "./kube-api.ts";
import { serveOpenApi } from "./openapi/serve-open-api.ts";
import { serveResource } from "./rest/serve-resource.ts";
import { methodNotAllowed, noSuchResource, StatusError } from "./status-error.ts";

/**
 * Answers a request to a Kubernetes API. Every refusal is a `Status` with the code and reason of a
 * kube-apiserver; an error that nobody foresaw is a 500 that tells nothing, and goes to `api.log`.
 *
 *     const response = await serveKube(request, { ...api, basePath: "/clusters/c1", caller });
 */
export async function serveKube(request: Request, api: KubeApi): Promise<Response> {
  try {
    return await route(request, api);
  } catch (error) {
    const response = statusResponse(error);
    if (response.status === 500 && !(error instanceof StatusError)) {
      const { pathname } = new URL(request.url);
      api.log?.error("Cannot answer a Kubernetes request", {
        method: request.method,
        path: pathname,
        error: error instanceof Error ? error.stack : String(error),
      });
    }
    return response;
  }
}

async function route(request: Request, api: KubeApi): Promise<Response> {
  const path = pathOf(request, api.basePath);
  if (path === undefined) throw noSuchResource();
  const segments = segmentsOf(path);
  switch (segments[0]) {
    case "api":
    case "apis":
      return segments.length < resourceDepth(segments)
        ? serveDiscovery(request, segments, api)
        : await serveResource(request, segments, api);
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
      throw noSuchResource();
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
    const segments = path.split("/").slice(1).map(decodeURIComponent);
    if (segments.every((segment) => segment !== "" && segment !== "." && segment !== "..")) {
      return segments;
    }
  } catch {
    // Told below.
  }
  throw noSuchResource();
}

/** From this many segments on, a path names a resource: "/api/v1/pods", "/apis/apps/v1/…". */
function resourceDepth([root]: readonly string[]): number {
  return root === "api" ? 3 : 4;
}

function checkRead(request: Request): void {
  if (request.method !== "GET") throw methodNotAllowed();
}

function serveDiscovery(request: Request, segments: readonly string[], api: KubeApi): Response {
  checkRead(request);
  const [root, first, second] = segments;
  const isCore = root === "api";
  const group = isCore ? "" : first;
  const version = isCore ? first : second;
  const groups = discoveredGroups(api.kinds);
  if (group === undefined || (isCore && version === undefined)) {
    const shown = groups.filter((each) => (each.group === "") === isCore);
    const aggregated = aggregatedVersion(request.headers.get("accept"));
    if (aggregated !== undefined) {
      return respond(aggregatedDiscovery(api.kinds, shown, aggregated), {
        type: aggregatedType(aggregated),
        headers: { vary: "accept" },
      });
    }
    const body = isCore ? apiVersions() : apiGroupList(api.kinds);
    return respond(body, { headers: { vary: "accept" } });
  }
  const found = groups.find((each) => each.group === group);
  if (found === undefined) throw noSuchResource();
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
