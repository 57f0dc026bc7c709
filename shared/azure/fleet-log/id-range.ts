import { idPrefix, type Kind } from "../../lib/document.ts";

export interface IdRange {
  readonly from: string;
  /** Not in the range itself. */
  readonly to: string;
}

/** The item ids of a kind, or of a kind in a namespace; with `after`, those that follow it. */
export function idRange(of: Kind, namespace?: string, after?: string): IdRange {
  const prefix = idPrefix(of, namespace);
  const next = after === undefined ? prefix : `${after} `;
  return { from: next > prefix ? next : prefix, to: `${prefix.slice(0, -1)};` };
}
