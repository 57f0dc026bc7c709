/** One HTTP request, read to its end. Header names are in lower case. */
export interface WireRequest {
  readonly method: string;
  /** As sent, percent-encoded, with its query string. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

/** One HTTP answer. 204 and 304 carry no body. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The kinds of request that faults, latencies and statistics tell apart. */
export const requestKinds = [
  "metadata",
  "read",
  "create",
  "replace",
  "upsert",
  "patch",
  "delete",
  "batch",
  "query",
  "query-plan",
  "change-feed",
] as const;

export type RequestKind = (typeof requestKinds)[number];

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json | undefined;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
