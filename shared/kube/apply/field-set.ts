import type { Json, JsonObject } from "../../lib/kube-object.ts";
import { fieldsOf, isObject, objectOf } from "../json.ts";

/**
 * A set of field paths, as managed fields keep it: a tree whose nodes are path elements (`f:spec`,
 * `k:{"name":"web"}`, `v:"a"`), each of which may itself be a member.
 *
 * @see https://pkg.go.dev/sigs.k8s.io/structured-merge-diff/v6/fieldpath
 */
export interface FieldSet {
  readonly member: boolean;
  readonly children: ReadonlyMap<string, FieldSet>;
}

export type FieldPath = readonly string[];

export const noFields: FieldSet = { member: false, children: new Map() };

export function isEmptySet({ member, children }: FieldSet): boolean {
  return !member && children.size === 0;
}

/** The set of the given paths. */
export function fieldSetOf(paths: Iterable<FieldPath>): FieldSet {
  const root = growing();
  for (const path of paths) insert(root, path);
  return root;
}

interface GrowingSet extends FieldSet {
  member: boolean;
  readonly children: Map<string, GrowingSet>;
}

function growing(): GrowingSet {
  return { member: false, children: new Map() };
}

function insert(root: GrowingSet, path: FieldPath): void {
  let node = root;
  for (const element of path) {
    const child = node.children.get(element) ?? growing();
    node.children.set(element, child);
    node = child;
  }
  node.member = true;
}

/** The paths of all members, in the order in which they are kept. */
export function pathsOf(set: FieldSet, prefix: FieldPath = []): readonly FieldPath[] {
  const own = set.member && prefix.length > 0 ? [prefix] : [];
  return [
    ...own,
    ...[...set.children].flatMap(([element, child]) => pathsOf(child, [...prefix, element])),
  ];
}

type Keep = (left: boolean, right: boolean) => boolean;

function combine(left: FieldSet | undefined, right: FieldSet | undefined, keep: Keep): FieldSet {
  const elements = new Set([...(left?.children.keys() ?? []), ...(right?.children.keys() ?? [])]);
  const children = new Map<string, FieldSet>();
  for (const element of elements) {
    const child = combine(left?.children.get(element), right?.children.get(element), keep);
    if (!isEmptySet(child)) children.set(element, child);
  }
  return { member: keep(left?.member ?? false, right?.member ?? false), children };
}

export function union(left: FieldSet, right: FieldSet): FieldSet {
  return combine(left, right, (a, b) => a || b);
}

export function intersection(left: FieldSet, right: FieldSet): FieldSet {
  return combine(left, right, (a, b) => a && b);
}

/** Members of `left` that are no members of `right`. */
export function difference(left: FieldSet, right: FieldSet): FieldSet {
  return combine(left, right, (a, b) => a && !b);
}

/** As `difference`; a member of `right` takes away everything below it too. */
export function differenceBelow(left: FieldSet, right: FieldSet): FieldSet {
  if (right.member) return noFields;
  const children = new Map<string, FieldSet>();
  for (const [element, child] of left.children) {
    const other = right.children.get(element);
    const rest = other === undefined ? child : differenceBelow(child, other);
    if (!isEmptySet(rest)) children.set(element, rest);
  }
  return { member: left.member, children };
}

/** The set without the paths; what is below them goes too. */
export function withoutPaths(set: FieldSet, paths: readonly FieldPath[]): FieldSet {
  return differenceBelow(set, fieldSetOf(paths));
}

export function setEquals(left: FieldSet, right: FieldSet): boolean {
  return (
    left.member === right.member &&
    left.children.size === right.children.size &&
    [...left.children].every(([element, child]) => {
      const other = right.children.get(element);
      return other !== undefined && setEquals(child, other);
    })
  );
}

/** The JSON form in `managedFields`: `{"f:data":{".":{},"f:a":{}}}`. */
export function toFieldsV1(set: FieldSet): JsonObject {
  return Object.fromEntries(
    [...set.children]
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([element, child]) => [element, nodeJson(child)]),
  );
}

function nodeJson(set: FieldSet): JsonObject {
  const below = toFieldsV1(set);
  return set.member && set.children.size > 0 ? { ".": {}, ...below } : below;
}

/** Reads `fieldsV1`; undefined for what is no set of fields. Unknown elements are left out. */
export function fromFieldsV1(fields: Json): FieldSet | undefined {
  if (!isObject(fields)) return undefined;
  const children = new Map<string, FieldSet>();
  for (const [element, below] of fieldsOf(fields)) {
    if (element === "." || !/^[fvki]:/.test(element)) continue;
    const nested = fromFieldsV1(below);
    if (nested === undefined || !isPathElement(element)) return undefined;
    const member = nested.children.size === 0 || (isObject(below) && "." in below);
    children.set(element, { member, children: nested.children });
  }
  return { member: false, children };
}

/** Whether what an element says after its kind can be read. */
function isPathElement(element: string): boolean {
  const value = element.slice(2);
  switch (element.slice(0, 2)) {
    case "k:":
      return isObject(parsed(value));
    case "v:":
      return parsed(value) !== undefined;
    case "i:":
      return /^-?\d+$/.test(value);
    default:
      return true;
  }
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** As conflicts name a field: `.spec.containers[name="web"].image`. */
export function formatPath(path: FieldPath): string {
  return path.map(formatElement).join("");
}

/** `[name="web"]`, `.image` */
export function formatElement(element: string): string {
  const value = element.slice(2);
  switch (element.slice(0, 2)) {
    case "f:":
      return `.${value}`;
    case "k:":
      return `[${Object.entries(objectOf(parsed(value)))
        .map(([name, each]) => `${name}=${JSON.stringify(each)}`)
        .join(",")}]`;
    case "v:":
      return `[=${value}]`;
    default:
      return `[${value}]`;
  }
}
