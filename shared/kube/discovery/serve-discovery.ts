import { createHash } from "node:crypto";
import type { JsonObject } from "../../lib/kube-object.ts";
import { negotiate } from "../http/negotiate.ts";
import { respond } from "../http/respond.ts";
import type { Kinds } from "../kinds.ts";
import type { KubeApi } from "../kube-api.ts";
import { checkRead } from "../public-answer.ts";
import { noSuchResource, PageNotFoundError } from "../status-error.ts";
import {
  type AggregatedVersion,
  aggregatedDiscovery,
  aggregatedType,
  aggregatedVersion,
} from "./aggregated.ts";
import { apiGroup, apiGroupList, apiResourceList, discoveredGroups } from "./api-resources.ts";

/**
 * Answers `/api`, `/apis` and what is one or two segments below: which resources there are. Throws
 * 404 for a group or a version that is not served.
 */
export function serveDiscovery(
  request: Request,
  [root, first, second]: readonly string[],
  { kinds }: Pick<KubeApi, "kinds">,
): Response {
  checkRead(request);
  const isCore = root === "api";
  const group = isCore ? "" : first;
  const version = isCore ? first : second;
  if (group === undefined || (isCore && version === undefined)) {
    return serveRoot(request, isCore, kinds);
  }
  const found = discoveredGroups(kinds).find((each) => each.group === group);
  if (found === undefined) throw isCore ? noSuchResource() : new PageNotFoundError();
  if (version === undefined) {
    return respond({ kind: "APIGroup", apiVersion: "v1", ...apiGroup(found) });
  }
  if (!found.versions.includes(version)) throw noSuchResource();
  return respond(apiResourceList(kinds, group, version));
}

function serveRoot(request: Request, isCore: boolean, kinds: Kinds): Response {
  const accept = request.headers.get("accept");
  const version = aggregatedVersion(accept);
  if (version !== undefined) return serveAggregated(request, { kinds, isCore, version });
  negotiate(accept);
  const body = isCore ? apiVersions() : apiGroupList(kinds);
  return respond(body, { headers: { vary: "accept" } });
}

function apiVersions(): JsonObject {
  return { kind: "APIVersions", versions: ["v1"], serverAddressByClientCIDRs: [] };
}

interface Asked {
  readonly kinds: Kinds;
  readonly isCore: boolean;
  readonly version: AggregatedVersion;
}

/** Clients keep what they read, and ask with its tag whether it has changed. */
function serveAggregated(request: Request, asked: Asked): Response {
  const etag = etagOf(asked);
  const type = aggregatedType(asked.version);
  const headers = { etag, vary: "accept" };
  if (request.headers.get("if-none-match") !== etag) {
    return respond(documentOf(asked), { type, headers });
  }
  // Clients put these headers over the ones that they keep: the type must stay what it was.
  const kept = { ...headers, "content-type": type, "cache-control": "no-cache, private" };
  return new Response(null, { status: 304, headers: kept });
}

function documentOf({ kinds, isCore, version }: Asked): JsonObject {
  const shown = discoveredGroups(kinds).filter(({ group }) => (group === "") === isCore);
  return aggregatedDiscovery(kinds, shown, version);
}

/** Kinds never change, so neither do the tags of what is made of them. */
const known = new WeakMap<Kinds, Map<string, string>>();

function etagOf(asked: Asked): string {
  const tags = known.get(asked.kinds) ?? new Map<string, string>();
  known.set(asked.kinds, tags);
  const name = `${asked.isCore ? "api" : "apis"} ${asked.version}`;
  const tag = tags.get(name) ?? hashOf(documentOf(asked));
  tags.set(name, tag);
  return `"${tag}"`;
}

function hashOf(body: JsonObject): string {
  return createHash("sha512").update(JSON.stringify(body)).digest("hex").toUpperCase();
}
