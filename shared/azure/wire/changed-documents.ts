import type { Document } from "../../lib/document.ts";
import { documentOf } from "../fleet-log/item.ts";

/**
 * The documents among the items that the change feed hands over, tombstones included. The fleet
 * log's own items (a fleet's revision) are left out: nobody depends on them.
 */
export function changedDocuments(items: readonly unknown[]): readonly Document[] {
  return items.flatMap((item) => documentOf(item) ?? []);
}
