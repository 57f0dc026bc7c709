import { arrayOf, objectOf, textOf } from "../json.ts";
import type { KubeObject, PrinterColumn } from "../served-kind.ts";
import { ageColumn, textColumn, wide } from "./basic-columns.ts";

/** Columns of role bindings, as a kube-apiserver 1.34 has them. */
export const roleBindingColumns: readonly PrinterColumn[] = [
  textColumn("Role", (object) => {
    const { kind, name } = objectOf(object["roleRef"]);
    return `${textOf(kind) ?? ""}/${textOf(name) ?? ""}`;
  }),
  ageColumn,
  textColumn("Users", (object) => subjects(object, "User"), wide),
  textColumn("Groups", (object) => subjects(object, "Group"), wide),
  textColumn("ServiceAccounts", (object) => subjects(object, "ServiceAccount"), wide),
];

function subjects(object: KubeObject, kind: string): string {
  return arrayOf(object["subjects"])
    .map(objectOf)
    .filter((subject) => subject["kind"] === kind)
    .map(({ namespace, name }) =>
      kind === "ServiceAccount"
        ? `${textOf(namespace) ?? ""}/${textOf(name) ?? ""}`
        : (textOf(name) ?? ""),
    )
    .join(", ");
}
