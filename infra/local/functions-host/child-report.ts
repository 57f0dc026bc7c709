/** What the host's process tells its parent, once. */
export type ChildReport =
  | {
      readonly kind: "ready";
      readonly url: string;
      readonly pid: number;
      readonly functions: readonly string[];
    }
  | { readonly kind: "failed"; readonly message: string };
