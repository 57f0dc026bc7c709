import { arrayOf, isString, objectOf, textOf } from "../json.ts";
import type { KubeObject, PrinterColumn } from "../served-kind.ts";
import { textColumn } from "./core-columns.ts";
import { ageColumn } from "./workload-columns.ts";

/** Columns of role bindings, as kubectl prints them of a kube-apiserver 1.34. */
export const roleBindingColumns: readonly PrinterColumn[] = [
  textColumn("Role", (object) => {
    const { kind, name } = objectOf(object["roleRef"]);
    return `${textOf(kind) ?? ""}/${textOf(name) ?? ""}`;
  }),
  ageColumn,
  textColumn("Users", (object) => subjects(object, "User"), 1),
  textColumn("Groups", (object) => subjects(object, "Group"), 1),
  textColumn("ServiceAccounts", (object) => subjects(object, "ServiceAccount"), 1),
];

function subjects(object: KubeObject, kind: string): string {
  return arrayOf(object["subjects"])
    .map(objectOf)
    .filter((subject) => subject["kind"] === kind)
    .map(({ namespace, name }) => [namespace, name].filter(isString).join("/"))
    .join(", ");
}
