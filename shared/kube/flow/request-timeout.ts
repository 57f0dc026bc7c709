import { badRequest, StatusError } from "../status-error.ts";

/** A kube-apiserver's `--request-timeout`, which no request can make longer. */
export const requestSecondsMax = 60;

/** In milliseconds; one of each of Go's `time.ParseDuration`. */
const units: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
};

const charactersMax = 64;

/**
 * How long a request may take: `?timeout=10s` of Kubernetes' clients, at most the usual minute.
 * Throws 400 for what is no duration. Zero, and less, asks for nothing.
 */
export function requestMilliseconds(query: URLSearchParams, secondsMax: number): number {
  const most = secondsMax * 1_000;
  const text = query.get("timeout") ?? "";
  if (text === "") return most;
  const milliseconds = durationOf(text);
  return milliseconds > 0 ? Math.min(milliseconds, most) : most;
}

/** In milliseconds. Throws 400 in the words of Go's parser. */
function durationOf(text: string): number {
  const [, sign = "", rest = ""] = /^([-+]?)(.*)$/s.exec(text) ?? [];
  if (rest === "0") return 0;
  if (rest === "" || text.length > charactersMax) throw invalid(`invalid duration ${quoted(text)}`);
  let milliseconds = 0;
  let at = 0;
  while (at < rest.length) {
    const [all = "", digits = "", unit = ""] = /^([\d.]*)([^\d.]*)/.exec(rest.slice(at)) ?? [];
    if (!/^(\d+\.?\d*|\.\d+)$/.test(digits)) throw invalid(`invalid duration ${quoted(text)}`);
    if (unit === "") throw invalid(`missing unit in duration ${quoted(text)}`);
    const factor = Object.hasOwn(units, unit) ? units[unit] : undefined;
    if (factor === undefined) {
      throw invalid(`unknown unit ${quoted(unit)} in duration ${quoted(text)}`);
    }
    milliseconds += Number(digits) * factor;
    at += all.length;
  }
  return sign === "-" ? -milliseconds : milliseconds;
}

const quoted = (text: string): string => JSON.stringify(text.slice(0, charactersMax));

const invalid = (because: string): StatusError =>
  badRequest(`invalid timeout specified in the request URL - time: ${because}`);

/** 504, as a kube-apiserver says that a request's time is over. */
export function requestTimedOut(): StatusError {
  return new StatusError(
    504,
    "Timeout",
    "Timeout: request did not complete within requested timeout - context deadline exceeded",
    {},
  );
}
