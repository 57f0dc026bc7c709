import { arrayOf, at, objectOf, textOf } from "../json.ts";
import type { KubeObject, PrinterColumn } from "../served-kind.ts";
import { humanDuration } from "../table/age.ts";
import { textColumn } from "./core-columns.ts";
import { ageColumn, pathColumn } from "./workload-columns.ts";

/** Columns of a CertificateSigningRequest, as kubectl prints them of a kube-apiserver 1.34. */
export const signingRequestColumns: readonly PrinterColumn[] = [
  ageColumn,
  pathColumn("SignerName", ".spec.signerName"),
  pathColumn("Requestor", ".spec.username"),
  textColumn("RequestedDuration", ({ spec }) => {
    const seconds = objectOf(spec)["expirationSeconds"];
    return typeof seconds === "number" ? humanDuration(seconds * 1_000) : "<none>";
  }),
  textColumn("Condition", condition),
];

/** "Pending", "Approved,Issued", "Denied" */
function condition(request: KubeObject): string {
  const types = arrayOf(at(request, "status", "conditions")).map((each) =>
    textOf(at(each, "type")),
  );
  const decided = ["Approved", "Denied", "Failed"].filter((type) => types.includes(type));
  const isIssued = (textOf(at(request, "status", "certificate")) ?? "") !== "";
  const all = isIssued ? [...decided, "Issued"] : decided;
  return all.length === 0 ? "Pending" : all.join(",");
}
