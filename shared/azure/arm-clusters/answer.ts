/** What errors of AKS mean to us: an answer, or that ARM is busy or away. */
import { RestError } from "@azure/arm-containerservice";
import type { UpgradeStarted } from "../../effects/clusters.ts";
import { FleetError } from "../../lib/fleet-error.ts";

/** When ARM names no time. */
const retryAfterSecondsDefault = 15;

/** No wish to wait is taken for longer. */
const retryAfterSecondsMax = 3_600;

/** A 409 with one of these says that the cluster is not what was seen. */
const changedCodes = new Set(["EtagMismatch", "PreconditionFailed"]);

/** AKS sends the same code, `OperationNotAllowed`, for a busy cluster and for a wrong version. */
const neverAllowed = /available upgrades|is not allowed to upgrade|not supported/i;

/**
 * What an error of a write says, as an answer. Throws `FleetError` for a busy or absent ARM, and
 * what is no answer of ARM as it is.
 *
 * @see https://learn.microsoft.com/azure/aks/upgrade-aks-cluster
 */
export function answerOf(error: unknown): UpgradeStarted {
  if (!(error instanceof RestError)) throw unavailable(error);
  const { statusCode, code, message } = error;
  if (statusCode === 412 || changedCodes.has(code ?? "")) return { kind: "changed-meanwhile" };
  // Gone between the look and the start: the next look finds nothing.
  if (statusCode === 404) return { kind: "changed-meanwhile" };
  if (statusCode === 409 && !neverAllowed.test(message)) {
    return { kind: "busy", reason: reasonOf(error) };
  }
  if (isRefusal(statusCode)) return { kind: "refused", reason: reasonOf(error) };
  throw unavailable(error);
}

/** 401 is none: the token may have expired on its way. */
const isRefusal = (statusCode: number | undefined): boolean =>
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

function reasonOf(error: Error): string {
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
