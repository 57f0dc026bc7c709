import type { Instant } from "../../lib/instant.ts";
import type { Json } from "../../lib/kube-object.ts";
import { goJson } from "../json.ts";
import type { PrinterColumn } from "../served-kind.ts";
import { ageOf } from "./age.ts";

/**
 * What a custom resource's column shows of the value that its path has found: null for a value of
 * another type than the column's, but text can be made of any.
 */
export function jsonCell(
  type: PrinterColumn["type"],
  value: Json | undefined,
  now: Instant,
): string | number | boolean | null {
  if (value === undefined) return null;
  switch (type) {
    case "string":
      return textCell(value);
    case "integer":
      return typeof value === "number" ? Math.trunc(value) : null;
    case "number":
      return typeof value === "number" ? value : null;
    case "boolean":
      return typeof value === "boolean" ? value : null;
    case "date":
      return typeof value === "string" ? ageOf(value, now) : null;
  }
}

function textCell(value: Json): string {
  if (value === null) return "<no value>";
  return typeof value === "object" ? goJson(value) : String(value);
}
