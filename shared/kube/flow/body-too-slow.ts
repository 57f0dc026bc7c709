import { statusResponse } from "../http/respond.ts";
import { StatusError } from "../status-error.ts";

/** The answer to a request whose body did not come in time. */
export function bodyTooSlow(secondsMax: number): Response {
  const message = `Timeout: the body of the request did not arrive within ${secondsMax} seconds`;
  return statusResponse(new StatusError(408, "Timeout", message, {}));
}
