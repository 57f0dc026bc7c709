import { type Meter, spend } from "../regex/meter.ts";
import type { Comparable } from "./cel-equals.ts";
import { CelError, type CelFunction, notMine } from "./cel-function.ts";
import { requestUriError } from "./request-uri-error.ts";

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
  { signatures: ["url(string): kubernetes.URL"], run: ({ args: [text] }) => urlOf(String(text)) },
  {
    signatures: ["isURL(string): bool"],
    run: ({ args: [text] }) => requestUriError(String(text)) === undefined,
  },
  { signatures: ["kubernetes.URL.getScheme(): string"], run: on(({ scheme }) => scheme) },
  { signatures: ["kubernetes.URL.getHost(): string"], run: on(({ host }) => host) },
  {
    signatures: ["kubernetes.URL.getHostname(): string"],
    run: on(({ host }) => host.replace(/:\d*$/, "").replace(/^\[(.*)\]$/, "$1")),
  },
  {
    signatures: ["kubernetes.URL.getPort(): string"],
    run: on(({ host }) => /:(\d*)$/.exec(host)?.[1] ?? ""),
  },
  { signatures: ["kubernetes.URL.getEscapedPath(): string"], run: on(({ path }) => path) },
  { signatures: ["kubernetes.URL.getQuery(): map<string, list<string>>"], run: on(queryOf) },
];

function on(run: (url: CelUrl, meter: Meter) => unknown): CelFunction["run"] {
  return ({ args: [url], meter }) => (url instanceof CelUrl ? run(url, meter) : notMine);
}

function urlOf(text: string): CelUrl {
  const error = requestUriError(text);
  if (error === undefined) return parsedUrl(text);
  throw new CelError(`URL parse error during conversion from string: ${error}`);
}

/** The parts of a good one. What follows a scheme without a slash is opaque, and no part. */
function parsedUrl(text: string): CelUrl {
  const [, scheme = "", rest = "", query = ""] =
    /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?([^?]*)(?:\?(.*))?$/s.exec(text) ?? [];
  const parts = { scheme: scheme.toLowerCase(), host: "", path: "", query };
  if (scheme !== "" && !rest.startsWith("/")) return new CelUrl(parts);
  const [, authority = "", path = rest] =
    (scheme === "" ? undefined : /^\/\/([^/]*)(.*)$/s.exec(rest)) ?? [];
  const host = authority.slice(authority.lastIndexOf("@") + 1);
  return new CelUrl({ ...parts, host, path: encodeURI(decoded(path)) });
}

function decoded(path: string): string {
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}

function queryOf({ query }: CelUrl, meter: Meter): ReadonlyMap<string, readonly string[]> {
  spend(meter, query.length / 10);
  const values = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(query)) {
    const known = values.get(name);
    if (known === undefined) values.set(name, [value]);
    else known.push(value);
  }
  return values;
}
