import type { Json } from "../../lib/kube-object.ts";
import { at, fieldsOf, isArray, isObject, printed } from "../json.ts";
import type { KubeObject, OpenApiSchema } from "../served-kind.ts";
import { badRequest } from "../status-error.ts";
import { formatElement } from "./field-set.ts";
import { fieldSchema, fieldType, itemElement, type KeyedList } from "./field-type.ts";

/** So many mistakes are told; the rest is as wrong. */
const mistakesMax = 20;

/**
 * Throws 400 for an applied object whose lists cannot be merged: an item without a key, or two with
 * the same. The message is a kube-apiserver's; its code there is 500, which would tell the client
 * that the fault is ours.
 *
 * @see https://github.com/kubernetes-sigs/structured-merge-diff/blob/master/typed/validate.go
 */
export function checkApplied(object: KubeObject, schema: OpenApiSchema): void {
  const mistakes = appliedMistakes(object, schema);
  const [first] = mistakes;
  if (first === undefined) return;
  const told = mistakes.slice(0, mistakesMax).map((each) => `\n  ${each}`);
  throw badRequest(
    `failed to create typed patch object (${describe(object)}): ` +
      (mistakes.length === 1 ? first : `errors:${told.join("")}`),
  );
}

/** What is wrong with the lists of an object. */
export function appliedMistakes(object: KubeObject, schema: OpenApiSchema): readonly string[] {
  const mistakes: string[] = [];
  checkValue(object, schema, { path: "", mistakes });
  return mistakes;
}

function describe({ apiVersion, kind, metadata }: KubeObject): string {
  const groupVersion = apiVersion.includes("/") ? apiVersion : `/${apiVersion}`;
  return `/${printed(metadata["name"])}; ${groupVersion}, Kind=${kind}`;
}

interface Place {
  readonly path: string;
  readonly mistakes: string[];
}

function checkValue(value: Json, schema: OpenApiSchema, { path, mistakes }: Place): void {
  const type = fieldType(schema, value);
  if (type.kind === "map" && isObject(value)) {
    for (const [name, child] of fieldsOf(value)) {
      checkValue(child, fieldSchema(schema, name), { path: `${path}.${name}`, mistakes });
    }
  } else if (type.kind !== "atomic" && type.kind !== "map" && isArray(value)) {
    checkList(value, type, { path, mistakes });
  }
}

function checkList(items: readonly Json[], type: KeyedList, { path, mistakes }: Place): void {
  const seen = new Set<string>();
  for (const [index, item] of items.entries()) {
    const because = type.kind === "set" ? noValue(item) : noKey(item, type);
    if (because !== undefined) {
      mistakes.push(`${path}: element ${index}: ${because}`);
      return;
    }
    const element = itemElement(type, item);
    const named = formatElement(element);
    if (seen.has(element)) mistakes.push(`${path}: duplicate entries for key ${named}`);
    seen.add(element);
    checkValue(item, type.items, { path: `${path}${named}`, mistakes });
  }
}

function noValue(item: Json): string | undefined {
  return item === null
    ? "associative list without keys has an element that's an explicit null"
    : undefined;
}

function noKey(item: Json, { keys, items }: Extract<KeyedList, { kind: "keyed" }>) {
  if (item === null) return "associative list with keys may not have a null element";
  if (!isObject(item)) return "associative list with keys may not have non-map elements";
  const { properties } = items;
  const hasKey = keys.some(
    (key) => at(item, key) !== undefined || properties?.[key]?.default !== undefined,
  );
  if (hasKey) return undefined;
  return (
    `associative list with keys has an element that omits all key fields ${quoted(keys)} (and ` +
    "doesn't have default values for any key fields)"
  );
}

/** As Go prints a list of texts. */
function quoted(keys: readonly string[]): string {
  return `[${keys.map((key) => JSON.stringify(key)).join(" ")}]`;
}
