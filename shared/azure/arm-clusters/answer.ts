/** What errors of AKS mean to us: an answer, or that ARM is busy or away. */
import { RestError } from "@azure/arm-containerservice";
import type { UpgradeStarted } from "../../effects/clusters.ts";
import { isRefusal, reasonOf, unavailable } from "../arm-errors.ts";

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
