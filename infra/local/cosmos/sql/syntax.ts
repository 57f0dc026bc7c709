import type { Scalar } from "./values.ts";

/** A path below the item: `c.a["b"]` is `["a", "b"]`, and `c` alone is `[]`. */
export type Path = readonly string[];

export type Comparison = "=" | "!=" | "<" | "<=" | ">" | ">=";
export type FunctionName = "STARTSWITH" | "ARRAY_CONTAINS" | "IS_DEFINED" | "IS_NULL";
export type AggregateName = "COUNT" | "MIN" | "MAX" | "SUM";

export type Operand =
  | { readonly kind: "path"; readonly path: Path }
  | { readonly kind: "literal"; readonly value: Scalar }
  | { readonly kind: "parameter"; readonly name: string };

export type Condition =
  | Operand
  | { readonly kind: "and" | "or"; readonly of: readonly Condition[] }
  | { readonly kind: "not"; readonly of: Condition }
  | {
      readonly kind: "compare";
      readonly operator: Comparison;
      readonly left: Operand;
      readonly right: Operand;
    }
  | { readonly kind: "in"; readonly left: Operand; readonly options: readonly Operand[] }
  | { readonly kind: "call"; readonly name: FunctionName; readonly of: readonly Operand[] };

export type Selection =
  | { readonly kind: "all" }
  | { readonly kind: "value"; readonly path: Path }
  | { readonly kind: "columns"; readonly columns: readonly Column[] }
  /** COUNT(1) has no path. */
  | { readonly kind: "aggregate"; readonly name: AggregateName; readonly path: Path | undefined };

export interface Column {
  readonly name: string;
  readonly path: Path;
}

export interface OrderBy {
  readonly path: Path;
  readonly descending: boolean;
}

/** A query of the one form that is supported: `SELECT ... FROM alias ...` over one container. */
export interface Query {
  readonly selection: Selection;
  readonly top: Operand | undefined;
  readonly where: Condition | undefined;
  readonly orderBy: readonly OrderBy[];
  readonly offset: Operand | undefined;
  readonly limit: Operand | undefined;
}
