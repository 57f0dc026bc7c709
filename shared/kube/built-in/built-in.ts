import type { OpenApiSchema, PrinterColumn, ServedKind } from "../served-kind.ts";

/** What is said of each of Kubernetes' own kinds; the rest is the same for all. */
export type BuiltIn = Pick<
  ServedKind,
  | "group"
  | "kind"
  | "plural"
  | "shortNames"
  | "categories"
  | "nameRule"
  | "hasGeneration"
  | "scale"
  | "selectableFields"
  | "holdsNamespaces"
  | "emptiedWithinSeconds"
  | "prepare"
  | "validate"
> & {
  /** True when left out. */
  readonly namespaced?: boolean;
  /** False when left out. */
  readonly hasStatus?: boolean;
  /** ["v1"] when left out. */
  readonly versions?: readonly string[];
  readonly columns?: readonly PrinterColumn[];
  readonly mergeShape?: OpenApiSchema;
};
