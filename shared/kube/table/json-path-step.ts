/** One step of a JSON path; each goes on from all values that the steps before it have found. */
export type PathStep =
  | { readonly kind: "field"; readonly name: string }
  | { readonly kind: "wildcard" }
  | { readonly kind: "descent" }
  | ({ readonly kind: "slice" } & Slice)
  | { readonly kind: "union"; readonly paths: readonly (readonly PathStep[])[] }
  | ({ readonly kind: "filter" } & Filter)
  | { readonly kind: "literal"; readonly value: string | number | boolean }
  /** A word that means something in templates only: "range". A path with it finds nothing. */
  | { readonly kind: "word" };

/** `[1:3]`, `[-1:]`, `[::2]`; `[2]` is the slice from 2 to 3 and `isOne`. */
export interface Slice {
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly step: number | undefined;
  readonly isOne: boolean;
}

/** `[?(@.type=="Ready")]`, or `[?(@.ready)]`, whose operator is "exists". */
export interface Filter {
  readonly left: readonly PathStep[];
  /** "==", "!=", "<", "<=", ">", ">=", "exists"; anything else fails when it is used. */
  readonly operator: string;
  readonly right: readonly PathStep[];
}

/** A path that cannot be read, or that does not fit the value that it meets. */
export class JsonPathError extends Error {
  override name = "JsonPathError";
}
