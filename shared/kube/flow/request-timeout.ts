import { parseGoDuration } from "../../lib/go-duration.ts";
import { badRequest, StatusError } from "../status-error.ts";

/** A kube-apiserver's `--request-timeout`, which no request can make longer. */
export const requestSecondsMax = 60;

/**
 * How long a request may take: `?timeout=10s` of Kubernetes' clients, at most the usual minute.
 * Throws 400 for what is no duration. Zero, and less, asks for nothing.
 */
export function requestMilliseconds(query: URLSearchParams, secondsMax: number): number {
  const most = secondsMax * 1_000;
  const text = query.get("timeout") ?? "";
  if (text === "") return most;
  const duration = parseGoDuration(text);
  if (duration.kind === "wrong") {
    throw badRequest(`invalid timeout specified in the request URL - time: ${duration.because}`);
  }
  const milliseconds = Number(duration.nanos) / 1e6;
  return milliseconds > 0 ? Math.min(milliseconds, most) : most;
}

/** 504, as a kube-apiserver says that a request's time is over. */
export function requestTimedOut(): StatusError {
  return new StatusError(
    504,
    "Timeout",
    "Timeout: request did not complete within requested timeout - context deadline exceeded",
    {},
  );
}
