import { isArray, isObject } from "../../../shared/kube/json.ts";
import type { Json } from "../../../shared/lib/kube-object.ts";
import { fc } from "../../chance.ts";

const odd: readonly Json[] = [
  ...[null, "", 0, -1, 1.5, 1e308, -0, true, "x".repeat(300), "\u0000", "\u{1F600}", "1e99", "1Ei"],
  ...[[], [null], [[]], [""], [{}], {}, { toString: 1 }, { valueOf: null }, { length: -1 }],
  JSON.parse('{ "__proto__": { "type": "Pod" }, "hasOwnProperty": 1, "constructor": 0 }') as Json,
];

const anyJson: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom(...odd),
  fc.jsonValue({ maxDepth: 2 }).map((value) => value as Json),
);

/** The way to a part of a value: ["spec", "ports", 0, "name"]; the empty one is to all of it. */
export type Path = readonly (string | number)[];

/** The value with something else in the place of one of its parts, of those that may be spoilt. */
export function spoil(good: Json, mayBe: (path: Path) => boolean = () => true): fc.Arbitrary<Json> {
  return fc
    .tuple(fc.constantFrom(...pathsOf(good).filter(mayBe)), anyJson)
    .map(([path, other]) => replaced(good, path, other));
}

function pathsOf(value: Json): Path[] {
  const entries: [string | number, Json][] = isArray(value)
    ? value.map((item, index) => [index, item])
    : isObject(value)
      ? Object.entries(value).filter((entry): entry is [string, Json] => entry[1] !== undefined)
      : [];
  return [[], ...entries.flatMap(([name, part]) => pathsOf(part).map((rest) => [name, ...rest]))];
}

function replaced(value: Json, [name, ...rest]: Path, other: Json): Json {
  if (name === undefined) return other;
  if (isArray(value)) {
    return value.map((item, index) => (index === name ? replaced(item, rest, other) : item));
  }
  return isObject(value) ? { ...value, [name]: replaced(value[name] ?? null, rest, other) } : value;
}
