import { booleanOf } from "../http/query-options.ts";

/** What of a request says how much work it is. The path is without the API's prefix. */
export interface RequestFacts {
  readonly method: string;
  /** "/api/v1/namespaces/app/secrets/db" */
  readonly path: string;
  readonly query: URLSearchParams;
  /** The client's: aborted when it goes away, where the platform tells. */
  readonly signal?: AbortSignal;
}

/** "small": one object, or nothing; "large": many; "watch": goes on. */
export type FlowClass = "small" | "large" | "watch";

/** Which limits a request falls under. What cannot be read is small: it is refused soon. */
export function flowClassOf({ method, path, query }: RequestFacts): FlowClass {
  const segments = path.split("/").filter((segment) => segment !== "");
  if (segments[0] === "openapi") return "large";
  const resource = resourceIn(segments);
  if (resource === undefined) return "small";
  if (method === "DELETE") return resource.isNamed ? "small" : "large";
  if (method !== "GET" && method !== "HEAD") return "small";
  if (resource.isWatch || booleanOf(query, "watch") === true) return "watch";
  return resource.isNamed || namesOne(query) ? "small" : "large";
}

interface ResourcePath {
  readonly isNamed: boolean;
  /** The old form: "/api/v1/watch/pods". */
  readonly isWatch: boolean;
}

/** Undefined for discovery, and whatever else is no resource. */
function resourceIn([root, ...rest]: readonly string[]): ResourcePath | undefined {
  if (root !== "api" && root !== "apis") return undefined;
  const within = rest.slice(root === "api" ? 1 : 2);
  const isWatch = within[0] === "watch";
  const path = isWatch ? within.slice(1) : within;
  if (path.length === 0) return undefined;
  // "namespaces/app" is an object; with more after it, it is where objects are.
  const isWithin = path[0] === "namespaces" && path.length > 2 && !ofNamespaces.includes(path[2]);
  return { isNamed: (isWithin ? path.slice(2) : path).length > 1, isWatch };
}

const ofNamespaces: readonly (string | undefined)[] = ["status", "finalize"];

/** `kubectl get NAME -w` and `kubectl wait` list one object by its name. */
function namesOne(query: URLSearchParams): boolean {
  return /(^|,)metadata\.name==?[^,]+/.test(query.get("fieldSelector") ?? "");
}
