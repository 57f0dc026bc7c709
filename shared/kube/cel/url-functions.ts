import type { Comparable } from "./cel-equals.ts";
import { CelError, type CelFunction, notMine } from "./cel-function.ts";

/** A URL as Go parses it. A class, because expressions tell their types by constructors. */
export class CelUrl implements Comparable {
  readonly scheme: string;
  readonly host: string;
  readonly path: string;
  readonly query: string;

  constructor(parts: Pick<CelUrl, "scheme" | "host" | "path" | "query">) {
    this.scheme = parts.scheme;
    this.host = parts.host;
    this.path = parts.path;
    this.query = parts.query;
  }

  equals(other: unknown): boolean {
    return other instanceof CelUrl && other.toString() === this.toString();
  }

  toString(): string {
    const authority = this.scheme === "" ? "" : `${this.scheme}://${this.host}`;
    return `${authority}${this.path}${this.query === "" ? "" : `?${this.query}`}`;
  }
}

/** @see https://kubernetes.io/docs/reference/using-api/cel/#kubernetes-url-library */
export const urlFunctions: readonly CelFunction[] = [
  { signatures: ["url(string): URL"], run: ({ args: [text] }) => urlOf(String(text)) },
  {
    signatures: ["isURL(string): bool"],
    run: ({ args: [text] }) => parseUrl(String(text)) !== undefined,
  },
  { signatures: ["URL.getScheme(): string"], run: on(({ scheme }) => scheme) },
  { signatures: ["URL.getHost(): string"], run: on(({ host }) => host) },
  {
    signatures: ["URL.getHostname(): string"],
    run: on(({ host }) => host.replace(/:\d*$/, "").replace(/^\[(.*)\]$/, "$1")),
  },
  { signatures: ["URL.getPort(): string"], run: on(({ host }) => /:(\d*)$/.exec(host)?.[1] ?? "") },
  { signatures: ["URL.getEscapedPath(): string"], run: on(({ path }) => path) },
  { signatures: ["URL.getQuery(): map<string, list<string>>"], run: on(queryOf) },
];

function on(run: (url: CelUrl) => unknown): CelFunction["run"] {
  return ({ args: [url] }) => (url instanceof CelUrl ? run(url) : notMine);
}

function urlOf(text: string): CelUrl {
  const url = parseUrl(text);
  if (url !== undefined) return url;
  throw new CelError(`URL parse error during conversion from string: parse "${text}": invalid URI`);
}

/** After a scheme: a host, which may follow a user and have a port, a path and a query. */
const afterScheme =
  /^(?:\/\/(?:[^/?@]*@)?(\[[^\]]*\](?::\d*)?|[^/?:[\]]*(?::\d*)?))?(\/[^?]*)?(?:\?(.*))?$/s;
/** With a group for the host, which a path alone does not have. */
const absolutePath = /^()(\/[^?]*)(?:\?(.*))?$/s;

/** An absolute URI or an absolute path, without a fragment. */
function parseUrl(text: string): CelUrl | undefined {
  if (hasControl(text) || /%(?![0-9A-Fa-f]{2})/.test(text)) return undefined;
  const [, scheme = "", rest = ""] = /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(.*)$/s.exec(text) ?? [];
  const match = (scheme === "" ? absolutePath : afterScheme).exec(rest);
  if (match === null) return undefined;
  const [, host = "", path = "", query = ""] = match;
  if (scheme === "" && path === "") return undefined;
  if (/[\s<>"{}|\\^`]/.test(host)) return undefined;
  return new CelUrl({ scheme: scheme.toLowerCase(), host, path: encodeURI(decoded(path)), query });
}

function hasControl(text: string): boolean {
  return [...text].some((each) => each < " " || each === "\u007f");
}

function decoded(path: string): string {
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}

function queryOf({ query }: CelUrl): ReadonlyMap<string, readonly string[]> {
  const values = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(query)) {
    values.set(name, [...(values.get(name) ?? []), value]);
  }
  return values;
}
