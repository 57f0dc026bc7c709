import { RestError } from "@azure/arm-network";
import type { BalancerAnswer } from "../../effects/balancers.ts";
import { isRefusal, reasonOf, unavailable } from "../arm-errors.ts";

/** A 429 with this code is no quota: another operation holds the resource. */
const lockedCode = "RetryableErrorDueToAnotherOperation";

/** What an error of a write says, as an answer; throws what is no answer: busy or away. */
export function answerOf(error: unknown): BalancerAnswer {
  if (!(error instanceof RestError)) throw unavailable(error);
  const { statusCode, code } = error;
  if (statusCode === 412) return { kind: "changed-meanwhile" };
  if (statusCode === 409 || (statusCode === 429 && code === lockedCode)) {
    return { kind: "busy", reason: reasonOf(error) };
  }
  if (isRefusal(statusCode)) return { kind: "refused", reason: reasonOf(error) };
  throw unavailable(error);
}
