import { arrayOf, at, objectOf, textOf } from "../json.ts";
import type { KubeObject, PrinterColumn } from "../served-kind.ts";
import { humanDuration } from "../table/age.ts";
import { ageColumn, fieldColumn, textColumn } from "./basic-columns.ts";

/** Columns of a CertificateSigningRequest, as a kube-apiserver 1.34 has them. */
export const signingRequestColumns: readonly PrinterColumn[] = [
  ageColumn,
  fieldColumn("SignerName", "spec.signerName", { unset: "<none>" }),
  fieldColumn("Requestor", "spec.username"),
  textColumn("RequestedDuration", ({ spec }) => {
    const seconds = objectOf(spec)["expirationSeconds"];
    return typeof seconds === "number" ? humanDuration(seconds * 1_000) : "<none>";
  }),
  textColumn("Condition", condition),
];

/** "Pending", "Approved,Issued", "Denied" */
function condition(request: KubeObject): string {
  const types = arrayOf(at(request, "status", "conditions")).map((each) => at(each, "type"));
  const decided = ["Denied", "Approved"].find((type) => types.includes(type)) ?? "Pending";
  const isIssued = (textOf(at(request, "status", "certificate")) ?? "") !== "";
  return [
    decided,
    ...(types.includes("Failed") ? ["Failed"] : []),
    ...(isIssued ? ["Issued"] : []),
  ].join(",");
}
