/** What errors of Azure Resource Manager mean to us, whatever the service behind it. */
import { RestError } from "@azure/arm-containerservice";
import { FleetError } from "../lib/fleet-error.ts";

/** When ARM names no time. */
const retryAfterSecondsDefault = 15;

/** No wish to wait is taken for longer. */
const retryAfterSecondsMax = 3_600;

/** The request will never be taken as it is. 401 is none: the token may have expired on its way. */
export const isRefusal = (statusCode: number | undefined): boolean =>
  statusCode !== undefined &&
  statusCode >= 400 &&
  statusCode < 500 &&
  ![401, 408, 429].includes(statusCode);

/** ARM is busy, away, or does not know us (yet): all of it may be over later. */
export function unavailable(error: unknown): unknown {
  if (!(error instanceof Error) || isBug(error)) return error;
  const isThrottled = error instanceof RestError && error.statusCode === 429;
  return new FleetError(
    isThrottled ? "TooManyRequests" : "Unavailable",
    `Cannot ask Azure Resource Manager: ${reasonOf(error)}`,
    { retryAfterSeconds: retryAfterSeconds(error), cause: error },
  );
}

/** What the language throws is ours; the SDK and `@azure/identity` throw their own. */
const isBug = (error: Error): boolean => error instanceof TypeError || error instanceof RangeError;

/** Undefined for what is not there; throws anything else. */
export function notThere(error: unknown): undefined {
  if (error instanceof RestError && error.statusCode === 404) return undefined;
  throw unavailable(error);
}

/** ARM's code and message, in one sentence. */
export function reasonOf(error: Error): string {
  const code = error instanceof RestError ? error.code : undefined;
  return code === undefined || error.message.startsWith(code)
    ? error.message
    : `${code}: ${error.message}`;
}

/** `Retry-After` is in seconds, or a date that we have no clock for. */
function retryAfterSeconds(error: Error): number {
  const header =
    error instanceof RestError ? error.response?.headers.get("retry-after") : undefined;
  const seconds = Number(header);
  return header !== undefined && seconds > 0
    ? Math.min(seconds, retryAfterSecondsMax)
    : retryAfterSecondsDefault;
}
