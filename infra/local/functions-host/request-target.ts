/** What a request asks for, taken apart. */
export interface RequestTarget {
  /** The path as it came, without `.` and `..`, still percent-encoded. */
  readonly path: string;
  /**
   * The path's segments, percent-decoded. As in ASP.NET Core an encoded slash stays `%2F`, so that
   * it does not become a separator.
   */
  readonly segments: readonly string[];
  readonly query: URLSearchParams;
}

/** Kestrel's limit for a request line. */
const targetCharactersMax = 8 * 1024;

/** The longest DNS name and its port. */
const hostCharactersMax = 260;

/**
 * Takes a request line's target apart, or answers undefined when it is malformed: longer than
 * 8 KiB, not a path, badly percent-encoded, with a NUL, or with a host that makes no URL.
 */
export function parseRequestTarget(
  target: string,
  host: string | undefined,
): RequestTarget | undefined {
  const origin = originOf(host);
  const text = withoutOrigin(target);
  if (origin === undefined || text.length > targetCharactersMax || !text.startsWith("/")) {
    return undefined;
  }
  if (!URL.canParse(origin + text)) return undefined;
  const { pathname, searchParams } = new URL(origin + text);
  const segments = decodeSegments(pathname);
  return segments && { path: pathname, segments, query: searchParams };
}

function originOf(host = "localhost"): string | undefined {
  const origin = `http://${host}`;
  if (host.length > hostCharactersMax || !URL.canParse(origin)) return undefined;
  const { pathname, search, username } = new URL(origin);
  return pathname === "/" && search === "" && username === "" ? origin : undefined;
}

/** A client that takes us for a proxy sends the whole URL. */
function withoutOrigin(target: string): string {
  if (!/^https?:\/\//i.test(target) || !URL.canParse(target)) return target;
  const { pathname, search } = new URL(target);
  return pathname + search;
}

function decodeSegments(path: string): string[] | undefined {
  const trimmed = path.replace(/^\//, "").replace(/\/$/, "");
  if (trimmed === "") return [];
  try {
    const segments = trimmed
      .split("/")
      .map((segment) => segment.split(/(%2f)/i).map(decodeUnlessSlash).join(""));
    return segments.some((segment) => segment.includes("\0")) ? undefined : segments;
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

function decodeUnlessSlash(text: string): string {
  return /^%2f$/i.test(text) ? text : decodeURIComponent(text);
}
