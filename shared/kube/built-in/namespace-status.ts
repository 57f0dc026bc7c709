import type { JsonObject } from "../../lib/kube-object.ts";
import { invalidValue } from "../field-errors.ts";
import { objectOf, printed } from "../json.ts";
import type { ChangeBelow } from "../kind-writes.ts";
import { invalid } from "../status-error.ts";

/** The phase of a namespace says whether it is being deleted, and nobody says otherwise. */
export const namespaceStatus: ChangeBelow = (wanted, live) => {
  const status: JsonObject = { phase: "Active", ...objectOf(wanted["status"]) };
  const isDeleted = live.metadata["deletionTimestamp"] !== undefined;
  const [phase, state] = isDeleted ? ["Terminating", "not empty"] : ["Active", "empty"];
  if (status["phase"] === phase) return { ...live, status };
  const because = `may only be '${phase}' if \`deletionTimestamp\` is ${state}`;
  const error = invalidValue("status.Phase", status["phase"] ?? "", because);
  throw invalid({ kind: "Namespace", group: "" }, printed(live.metadata["name"]), [error]);
};
