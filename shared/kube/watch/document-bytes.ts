import type { Document } from "../../lib/document.ts";

/** All watches of a process see the same documents, so each is measured once. */
const known = new WeakMap<Document, number>();

/** About how much memory a document takes; 0 for one whose body cannot be read now. */
export function bytesOf(document: Document): number {
  const before = known.get(document);
  if (before !== undefined) return before;
  const bytes = measured(document);
  known.set(document, bytes);
  return bytes;
}

function measured(document: Document): number {
  try {
    return JSON.stringify(document.body).length;
  } catch {
    return 0;
  }
}
