import { statusResponse } from "../http/respond.ts";
import { StatusError } from "../status-error.ts";

/** The answer to a request whose body did not come in time. */
export function bodyTooSlow(secondsMax: number): Response {
  const message = `Timeout: the body of the request did not arrive within ${secondsMax} seconds`;
  return statusResponse(new StatusError(408, "Timeout", message, {}));
}

/** The answer to a request whose body has no room beside those of others. */
export function bodiesTooMany(retryAfterSeconds: number): Response {
  const message = "Too many requests, please try again later.";
  return statusResponse(new StatusError(429, "TooManyRequests", message, { retryAfterSeconds }));
}
