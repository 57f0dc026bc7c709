import type { Json, JsonObject } from "../../lib/kube-object.ts";
import { at, fieldsOf, isArray, isObject, jsonEquals } from "../json.ts";
import type { OpenApiSchema } from "../served-kind.ts";
import { type FieldPath, type FieldSet, fieldSetOf } from "./field-set.ts";
import {
  anySchema,
  fieldSchema,
  fieldType,
  isDeclared,
  itemElement,
  itemsByElement,
} from "./field-type.ts";

/** All fields that an object sets: what a manager that applies it owns. */
export function fieldsOfObject(object: JsonObject, schema: OpenApiSchema): FieldSet {
  return fieldSetOf(ownPaths(object, schema, []));
}

function ownPaths(value: Json, schema: OpenApiSchema, path: FieldPath): readonly FieldPath[] {
  const type = fieldType(schema, value);
  if (type.kind === "map" && isObject(value)) {
    return fieldsOf(value).flatMap(([name, child]) => {
      const childPath = [...path, `f:${name}`];
      const below = ownPaths(child, fieldSchema(schema, name), childPath);
      const isMember = isHollow(child) || !isDeclared(schema, name);
      return isMember ? [...below, childPath] : below;
    });
  }
  if ((type.kind === "set" || type.kind === "keyed") && isArray(value)) {
    return value.flatMap((item) => {
      const itemPath = [...path, itemElement(type, item)];
      return [...ownPaths(item, type.items, itemPath), itemPath];
    });
  }
  return path.length === 0 ? [] : [path];
}

function isHollow(value: Json): boolean {
  return value === null || (isObject(value) && fieldsOf(value).length === 0);
}

/** The set with the fields that the schema names as members too, where something below them is. */
export function withDeclaredParents(set: FieldSet, schema: OpenApiSchema): FieldSet {
  const children = [...set.children].map(([element, child]): [string, FieldSet] => {
    const name = element.startsWith("f:") ? element.slice(2) : undefined;
    const below = name === undefined ? (schema.items ?? anySchema) : fieldSchema(schema, name);
    const { member, children: nested } = withDeclaredParents(child, below);
    const isParent = name !== undefined && nested.size > 0 && isDeclared(schema, name);
    return [element, { member: member || isParent, children: nested }];
  });
  return { member: set.member, children: new Map(children) };
}

/** What changed from one object to another. */
export interface Comparison {
  readonly added: FieldSet;
  readonly modified: FieldSet;
  readonly removed: FieldSet;
}

export function compareObjects(
  before: JsonObject | undefined,
  after: JsonObject,
  schema: OpenApiSchema,
): Comparison {
  const found: Found = { added: [], modified: [], removed: [] };
  compare({ before, after }, schema, [], found);
  return {
    added: fieldSetOf(found.added),
    modified: fieldSetOf(found.modified),
    removed: fieldSetOf(found.removed),
  };
}

interface Found {
  readonly added: FieldPath[];
  readonly modified: FieldPath[];
  readonly removed: FieldPath[];
}

interface Pair {
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

function compare(pair: Pair, schema: OpenApiSchema, path: FieldPath, found: Found): void {
  const { before, after } = pair;
  if (before === undefined && after === undefined) return;
  const sole = soleSide(pair, found);
  const children = childPairs(pair, schema);
  if (children === undefined) {
    if (sole !== undefined) sole.push(path);
    else if (!jsonEquals(before, after)) found.modified.push(path);
    return;
  }
  for (const { element, schema: childSchema, pair: child } of children) {
    compare(child, childSchema, [...path, element], found);
  }
  if (sole !== undefined && path.length > 0) sole.push(path);
}

/** Where to note a value that only one side has. */
function soleSide({ before, after }: Pair, found: Found): FieldPath[] | undefined {
  if (before === undefined) return found.added;
  return after === undefined ? found.removed : undefined;
}

interface ChildPair {
  readonly element: string;
  readonly schema: OpenApiSchema;
  readonly pair: Pair;
}

/** Undefined for what can only be compared as a whole. */
function childPairs(
  { before, after }: Pair,
  schema: OpenApiSchema,
): readonly ChildPair[] | undefined {
  const type = fieldType(schema, after ?? before);
  if (type.kind === "atomic") return undefined;
  if (type.kind === "map") {
    const left = before ?? {};
    const right = after ?? {};
    if (!isObject(left) || !isObject(right)) return undefined;
    const names = new Set([...Object.keys(left), ...Object.keys(right)]);
    return [...names].map((name) => ({
      element: `f:${name}`,
      schema: fieldSchema(schema, name),
      pair: { before: at(left, name), after: at(right, name) },
    }));
  }
  const left = before ?? [];
  const right = after ?? [];
  if (!isArray(left) || !isArray(right)) return undefined;
  const [leftItems, rightItems] = [itemsByElement(left, type), itemsByElement(right, type)];
  return [...new Set([...leftItems.keys(), ...rightItems.keys()])].map((element) => {
    const [before = [], after = []] = [leftItems.get(element), rightItems.get(element)];
    const isRepeated = before.length > 1 || after.length > 1;
    return isRepeated
      ? { element, schema: repeated, pair: { before: some(before), after: some(after) } }
      : { element, schema: type.items, pair: { before: before[0], after: after[0] } };
  });
}

/** Items that share a key cannot be told apart: they change together. */
const repeated: OpenApiSchema = { type: "array", "x-kubernetes-list-type": "atomic" };

function some(items: readonly Json[]): readonly Json[] | undefined {
  return items.length === 0 ? undefined : items;
}
