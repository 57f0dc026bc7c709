import { arrayOf, at, isString, objectOf, textOf } from "../json.ts";
import type { PrinterColumn } from "../served-kind.ts";
import { textColumn } from "./core-columns.ts";
import { ageColumn } from "./workload-columns.ts";

/** Columns of the addresses of Services, as kubectl prints them of a kube-apiserver 1.34. */

export const ipAddressColumns: readonly PrinterColumn[] = [
  textColumn("ParentRef", (object) => {
    const { group, resource, namespace, name } = objectOf(at(object, "spec", "parentRef"));
    if (!isString(resource)) return "<none>";
    const kind = isString(group) && group !== "" ? `${resource}.${group}` : resource;
    const owner = [namespace, name].filter((part) => (textOf(part) ?? "") !== "");
    return [kind.toLowerCase(), ...owner].join("/");
  }),
  ageColumn,
];

export const serviceCidrColumns: readonly PrinterColumn[] = [
  textColumn("CIDRs", (object) =>
    arrayOf(at(object, "spec", "cidrs"))
      .filter(isString)
      .join(","),
  ),
  ageColumn,
];
