import type { Json } from "../../lib/kube-object.ts";
import { at, printed } from "../json.ts";
import type { KubeObject, PrinterColumn } from "../served-kind.ts";
import { ageOf } from "../table/age.ts";
import { creationDescription } from "../table/metadata-descriptions.ts";

type More = Partial<Pick<PrinterColumn, "type" | "format" | "priority" | "description">>;

/** Shown with `-o wide` only. */
export const wide = { priority: 1 } as const;

export function textColumn(
  name: string,
  cell: (object: KubeObject) => string,
  more: More = {},
): PrinterColumn {
  return { type: "string", ...more, name, cell };
}

/** Shows what is at "spec.volumeName"; where nothing is, what a cluster's default is, or "". */
export function fieldColumn(
  name: string,
  path: string,
  { unset = "", ...more }: More & { readonly unset?: string | number | boolean } = {},
): PrinterColumn {
  const names = path.split(".");
  const cell = (object: KubeObject) => scalarOf(at(object, ...names)) ?? unset;
  return { type: "string", ...more, name, cell };
}

function scalarOf(value: Json | undefined): string | number | boolean | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === "object" ? printed(value) : value;
}

/** A number that a controller tells in the status: nothing is 0. */
export function countColumn(name: string, path: string): PrinterColumn {
  return { name, type: "integer", cell: (object) => countAt(object, ...path.split(".")) };
}

export function countAt(object: KubeObject, ...path: readonly string[]): number {
  const value = at(object, ...path);
  return typeof value === "number" ? value : 0;
}

/** How many items, or fields, there are. */
export function lengthColumn(name: string, path: string, type: "integer" | "string" = "integer") {
  const names = path.split(".");
  const cell = (object: KubeObject) => Object.keys(at(object, ...names) ?? []).length;
  return { name, type, cell } satisfies PrinterColumn;
}

export const ageColumn: PrinterColumn = {
  name: "Age",
  type: "string",
  description: creationDescription,
  cell: ({ metadata }, now) => ageOf(metadata["creationTimestamp"], now),
};

/** Of kinds that a kube-apiserver knows no columns for. */
export const createdAtColumns: readonly PrinterColumn[] = [
  fieldColumn("Created At", "metadata.creationTimestamp", {
    type: "date",
    description: creationDescription,
  }),
];

/** The name, and " (default)" behind it for the class that objects without one get. */
export function classNameColumn(annotations: readonly string[]): PrinterColumn {
  const cell = ({ metadata }: KubeObject): string => {
    const isDefault = annotations.some(
      (annotation) => at(metadata["annotations"], annotation) === "true",
    );
    return `${printed(metadata["name"])}${isDefault ? " (default)" : ""}`;
  };
  return textColumn("Name", cell, { format: "name" });
}
