import type { OpenApiSchema, PrinterColumn, ServedKind, ServedVersion } from "../served-kind.ts";

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
  | "lacks"
  | "selectableFields"
  | "holdsNamespaces"
  | "emptiedWithinSeconds"
  | "finalizersOnDelete"
  | "prepare"
  | "validate"
  | "expand"
  | "shownDefaults"
  | "checkBeside"
  | "isMadeByPut"
  | "withCreator"
  | "changesBelow"
> & {
  /** True when left out. */
  readonly namespaced?: boolean;
  /** False when left out. */
  readonly hasStatus?: boolean;
  /** ["v1"] when left out. */
  readonly versions?: readonly string[];
  /** Versions after those, in another form than the stored one. */
  readonly otherVersions?: readonly Pick<ServedVersion, "name" | "toStored" | "fromStored">[];
  /** Whose documents it shows, where they are another kind's too. */
  readonly documents?: ServedKind["documents"];
  readonly columns?: readonly PrinterColumn[];
  readonly mergeShape?: OpenApiSchema;
};
