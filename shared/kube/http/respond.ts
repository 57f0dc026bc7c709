import { dump } from "js-yaml";
import type { JsonObject } from "../../lib/kube-object.ts";
import { asStatusError, PageNotFoundError, statusOf } from "../status-error.ts";
import { parseAccept } from "./media-type.ts";

/** Of more characters of warnings, each is cut to some of them, as a kube-apiserver does. */
const warningCharactersMax = 4096;
const cutWarningCharactersMax = 256;

export interface Reply {
  readonly code?: number;
  readonly format?: "json" | "yaml";
  /** Left out: JSON is in one line. */
  readonly isIndented?: true;
  readonly type?: string;
  readonly warnings?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** A JSON (or YAML) answer that no cache keeps. */
export function respond(body: JsonObject, reply: Reply = {}): Response {
  const yaml = reply.format === "yaml";
  const headers = new Headers({
    "content-type": reply.type ?? (yaml ? "application/yaml" : "application/json"),
    "cache-control": "no-cache, private",
    ...reply.headers,
  });
  for (const warning of warningHeaders(reply.warnings ?? [])) headers.append("warning", warning);
  const json = (): string => JSON.stringify(body, null, reply.isIndented === true ? 2 : 0);
  const text = yaml ? dump(body, yamlStyle) : `${json()}\n`;
  return new Response(text, { status: reply.code ?? 200, headers });
}

/** What HEAD is told of an answer: the headers and nothing else. */
export function withoutBody({ status, headers }: Response): Response {
  return new Response(null, { status, headers });
}

/** The answer with one more warning: what a client of a deprecated version is told each time. */
export function withWarning(response: Response, warning: string | undefined): Response {
  if (warning === undefined) return response;
  for (const header of warningHeaders([warning])) response.headers.append("warning", header);
  return response;
}

/** As Go writes YAML. */
const yamlStyle = {
  noRefs: true,
  sortKeys: true,
  lineWidth: -1,
  seqNoIndent: true,
  quoteStyle: "double",
} as const;

export function respondText(text: string, status = 200): Response {
  return new Response(text, {
    status,
    headers: { "content-type": "text/plain; charset=utf-8", "cache-control": "no-cache, private" },
  });
}

/** The `Status` answer for any error that a request met, in the language that its client reads. */
export function statusResponse(error: unknown, accept: string | null = null): Response {
  const refusal = asStatusError(error);
  if (refusal instanceof PageNotFoundError) return respondText(refusal.message, refusal.code);
  const retryAfter = refusal.details?.retryAfterSeconds;
  return respond(statusOf(refusal), {
    code: refusal.code,
    format: parseAccept(accept)[0]?.type === "application/yaml" ? "yaml" : "json",
    ...(retryAfter !== undefined && { headers: { "retry-after": String(retryAfter) } }),
  });
}

/**
 * RFC 7234's `Warning`, which kubectl prints: `299 - "unknown field \"spec.x\""`. Warnings that are
 * too long together are each cut, and the last of them are not told.
 */
function warningHeaders(warnings: readonly string[]): readonly string[] {
  // Header values are Latin-1 without control characters.
  const texts = [...new Set(warnings)].map((each) => each.replace(/[^\x20-\x7e]/g, "?"));
  const length = texts.reduce((sum, { length: each }) => sum + each, 0);
  const told = length <= warningCharactersMax ? texts : cutToFit(texts);
  return told.map((text) => `299 - "${text.replace(/["\\]/g, "\\$&")}"`);
}

function cutToFit(texts: readonly string[]): readonly string[] {
  const told: string[] = [];
  let characters = 0;
  for (const text of texts) {
    if (characters >= warningCharactersMax) break;
    const cut = text.slice(0, cutWarningCharactersMax);
    told.push(cut);
    characters += cut.length;
  }
  return told;
}
