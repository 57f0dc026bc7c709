/**
 * What a kube-apiserver tells everybody, with or without a token: that it serves, and its version.
 * Nothing is read for it, so it tells nothing about what is served, and a probe costs nothing.
 *
 * @see https://kubernetes.io/docs/reference/using-api/health-checks/
 */
import { respond, respondText, withoutBody } from "./http/respond.ts";
import { methodNotAllowed, PageNotFoundError } from "./status-error.ts";

/**
 * The paths of the ClusterRole "system:public-info-viewer", as a client must write them. The list
 * is closed: who sends no token is answered on these alone.
 */
const publicPaths: readonly string[] = ["/healthz", "/livez", "/readyz", "/version", "/version/"];

/** The answer to somebody unknown; undefined for all that is not told to everybody. */
export function publicAnswer(
  { method, url }: Request,
  path: string,
  serverVersion: string,
): Response | undefined {
  if (!publicPaths.includes(path)) return undefined;
  const isVersion = path.startsWith("/version");
  if (method === "GET" && isVersion) return versionAnswer(serverVersion);
  if (isVersion || (method !== "GET" && method !== "HEAD")) return undefined;
  const answer = healthAnswer([path.slice(1)], new URL(url).searchParams);
  return method === "HEAD" ? withoutBody(answer) : answer;
}

/** A kube-apiserver has one for each of its parts; here they are of the platform. */
const checks: readonly string[] = ["ping"];

/**
 * Answers "/livez" with all checks and "/livez/ping" with one, for any method. Throws 404 for a
 * check that is not there.
 */
export function healthAnswer(
  [endpoint = "", check, ...more]: readonly string[],
  query: URLSearchParams,
): Response {
  if (more.length > 0 || (check !== undefined && !checks.includes(check))) {
    throw new PageNotFoundError();
  }
  const isVerbose = check === undefined && query.has("verbose");
  return respondText(isVerbose ? report(endpoint, query.getAll("exclude")) : "ok");
}

function report(endpoint: string, excluded: readonly string[]): string {
  const lines = checks.map((name) => `[+]${name} ${excluded.includes(name) ? "excluded: " : ""}ok`);
  const unknown = [...new Set(excluded.filter((name) => !checks.includes(name)))].sort();
  if (unknown.length > 0) {
    const names = unknown.map((name) => JSON.stringify(name)).join(", ");
    lines.push(`warn: some health checks cannot be excluded: no matches for ${names}`);
  }
  return `${[...lines, `${endpoint} check passed`].join("\n")}\n`;
}

/** `GET /version`, as `kubectl version` reads it: "1.34.0" is `v1.34.0`. */
export function versionAnswer(serverVersion: string): Response {
  const [major = "1", minor = "0"] = serverVersion.split(".");
  const version = {
    major,
    minor,
    gitVersion: `v${serverVersion}`,
    gitCommit: "",
    gitTreeState: "clean",
    buildDate: "1970-01-01T00:00:00Z",
    goVersion: "",
    compiler: "",
    platform: "linux/amd64",
  };
  return respond(version, { isIndented: true });
}

/** Throws 405 for what only reads. */
export function checkRead({ method }: Pick<Request, "method">): void {
  if (method !== "GET") throw methodNotAllowed();
}
