import { RestError } from "@azure/arm-network";
import type { BalancerAnswer } from "../../effects/balancers.ts";
import { FleetError } from "../../lib/fleet-error.ts";

/** A 429 with this code is no quota: another operation holds the resource. */
const lockedCode = "RetryableErrorDueToAnotherOperation";

/** When ARM names no time. */
const retryAfterSecondsDefault = 15;

/** What an error of a write says, as an answer; throws what is no answer: busy or away. */
export function answerOf(error: unknown): BalancerAnswer {
  if (!(error instanceof RestError)) throw error;
  const { statusCode, code } = error;
  if (statusCode === 412) return { kind: "changed-meanwhile" };
  if (statusCode === 409 || (statusCode === 429 && code === lockedCode)) {
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

/** The same for a read, which ARM has no reason to refuse but its being busy, away or closed. */
export function unavailable(error: unknown): unknown {
  if (!(error instanceof RestError)) return error;
  const { statusCode } = error;
  const isThrottled = statusCode === 429;
  return new FleetError(
    isThrottled ? "TooManyRequests" : "Unavailable",
    `Cannot ask Azure Resource Manager: ${reasonOf(error)}`,
    { retryAfterSeconds: retryAfterSeconds(error), cause: error },
  );
}

/** Undefined for what is not there; throws anything else. */
export function notThere(error: unknown): undefined {
  if (error instanceof RestError && error.statusCode === 404) return undefined;
  throw unavailable(error);
}

const reasonOf = ({ code, message }: RestError): string =>
  code === undefined || message.startsWith(code) ? message : `${code}: ${message}`;

function retryAfterSeconds({ response }: RestError): number {
  const header = response?.headers.get("retry-after");
  const seconds = Number(header);
  return header !== undefined && seconds > 0 ? seconds : retryAfterSecondsDefault;
}
