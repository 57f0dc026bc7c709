import { duplicateValue } from "../field-errors.ts";
import type { FieldError } from "../served-kind.ts";

/** Says of each text in turn whether it was there before: `Duplicate value: "http"`. */
export function duplicates(): (value: string, path: string) => readonly FieldError[] {
  const seen = new Set<string>();
  return (value, path) => {
    const isSeen = seen.has(value);
    seen.add(value);
    return isSeen ? [duplicateValue(path, JSON.stringify(value))] : [];
  };
}
