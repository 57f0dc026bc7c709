import type { CelNode, CelType } from "../cel-node.ts";
import { either, exactly, type SizeRange, smallest, unbounded } from "./size-range.ts";

/** What a value is known to be: a variable's, or an expression's result. */
export interface Value {
  /** Left out where nothing is known. */
  readonly size?: SizeRange | undefined;
  /**
   * Where it comes from: ["self", "spec", "@items"]. The first is a variable and is not looked at;
   * what is made by an expression has no path, and its items have one of their own, ["@items"].
   */
  readonly path?: readonly string[] | undefined;
  readonly entries?: Entries | undefined;
}

/** The sizes of what is in a list or a map that an expression makes. */
export interface Entries {
  readonly isList: boolean;
  readonly key: SizeRange;
  readonly value: SizeRange;
}

export interface Estimate extends Value {
  /** The worst that can be. */
  readonly cost: number;
}

/** An estimate whose size is settled. */
export interface Sized extends Estimate {
  readonly size: SizeRange;
}

/** What is known in a place of an expression. */
export interface CostScope {
  readonly estimate: (node: CelNode) => Sized;
  readonly variable: (name: string) => Value | undefined;
  /** The scope below, with more variables. */
  readonly inside: (variables: Readonly<Record<string, Value>>) => CostScope;
  /** The size of what is at a path of the schema. */
  readonly sizeAt: (path: readonly string[]) => SizeRange | undefined;
}

const scalars: ReadonlySet<string | undefined> = new Set([
  "bool",
  "double",
  "google.protobuf.Duration",
  "google.protobuf.Timestamp",
  "int",
  "uint",
]);

export const scalarSize = exactly(1);

/** The size that all values of a type have. */
export function sizeOfType(type: CelType | undefined): SizeRange | undefined {
  return scalars.has(type?.name) ? scalarSize : undefined;
}

/** The size of a value that nothing is known of; what may be a number here is one. */
export function unknownSize(type: CelType | undefined): SizeRange {
  return type === undefined || type.kind === "dyn" ? smallest : unbounded;
}

export function eitherEntries(left: Value, right: Value): Entries | undefined {
  const [first, second] = [left.entries, right.entries];
  if (first === undefined || second === undefined) return undefined;
  return {
    isList: first.isList,
    key: either(first.key, second.key),
    value: either(first.value, second.value),
  };
}

/** The path of a part: "@items" of a list, "@keys" and "@values" of a map, or a field. */
export function partOf({ path = [] }: Value, part: string): readonly string[] {
  return [...path, part];
}

export function kindOf({ checkedType }: CelNode): string {
  return checkedType?.kind ?? "dyn";
}

/** The type of a value that is there: what an optional may have. */
export function typeInside({ checkedType }: CelNode): CelType | undefined {
  return checkedType?.kind === "optional" ? checkedType.valueType : checkedType;
}

export function isTextType(type: CelType | undefined): boolean {
  return type?.name === "string" || type?.name === "bytes";
}
