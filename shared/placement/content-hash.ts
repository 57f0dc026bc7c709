import { shortHash } from "../lib/hash.ts";
import type { Json } from "../lib/kube-object.ts";

/** 64 bits: names of content are compared within one placement only. */
const hashCharacters = 16;

/** Equal for equal JSON, in whatever order an object's fields come. */
export function contentHash(value: Json): string {
  return shortHash(canonicalText(value), hashCharacters);
}

function canonicalText(value: Json): string {
  return JSON.stringify(value, (_name, each: unknown) =>
    typeof each === "object" && each !== null && !Array.isArray(each)
      ? Object.fromEntries(
          Object.entries(each).toSorted(([left], [right]) => (left < right ? -1 : 1)),
        )
      : each,
  );
}
