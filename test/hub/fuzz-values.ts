/** Values that nobody sends on purpose. */
import { isArray } from "../../shared/kube/json.ts";
import type { Json, JsonObject } from "../../shared/lib/kube-object.ts";
import { fc } from "../chance.ts";

export const oddTexts = fc.constantFrom(
  "",
  " ",
  ".",
  "..",
  "-",
  "a/b",
  "%",
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "\u0000",
  "\ud800",
  "ü",
  "😀",
  "A".repeat(300),
  "a".repeat(64),
  "$patch",
  "-0",
  "1e309",
  "null",
  "true",
  "9007199254740993",
  "2026-13-45T99:99:99Z",
);

const oddNumbers = fc.constantFrom(
  -0,
  -1,
  0.5,
  1e21,
  1e300,
  Number.MAX_SAFE_INTEGER + 2,
  2 ** 31,
  -(2 ** 63),
);

const deep = (levels: number): Json => {
  let value: Json = 1;
  for (let level = 0; level < levels; level++) value = level % 2 === 0 ? { a: value } : [value];
  return value;
};

export const oddValues: fc.Arbitrary<Json> = fc.oneof(
  oddTexts,
  oddNumbers,
  fc.constantFrom<Json>(null, true, [], {}, [null], [[]], [{}], { "": null }),
  fc.constantFrom(50, 99, 101, 500).map(deep),
  fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>,
);

/** One value somewhere in a document is another, or gone; now and then a name is odd too. */
export function mutated(document: Json): fc.Arbitrary<Json> {
  return fc.tuple(fc.nat(1_000), oddValues, oddTexts, fc.nat(3)).map(([pick, value, name, how]) => {
    const paths = pathsIn(document, []);
    const path = paths[pick % paths.length] ?? [];
    if (how === 0) return at(document, path, () => undefined) ?? null;
    if (how === 1) return at(document, path, (old) => withField(old, name, value)) ?? null;
    return at(document, path, () => value) ?? null;
  });
}

function pathsIn(value: Json, path: readonly string[]): readonly (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [path];
  return [
    path,
    ...Object.entries(value).flatMap(([name, each]) => pathsIn(each as Json, [...path, name])),
  ];
}

function withField(value: Json | undefined, name: string, field: Json): Json {
  if (typeof value !== "object" || value === null) return { [name]: field };
  return isArray(value) ? [...value, field, field] : { ...value, [name]: field };
}

function at(
  value: Json | undefined,
  [name, ...rest]: readonly string[],
  change: (old: Json | undefined) => Json | undefined,
): Json | undefined {
  if (name === undefined) return change(value);
  if (Array.isArray(value)) {
    return value.flatMap((each: Json, index) => {
      const next = String(index) === name ? at(each, rest, change) : each;
      return next === undefined ? [] : [next];
    });
  }
  const object = value as JsonObject;
  const next = at(object[name], rest, change);
  const fields = Object.entries(object).filter(([each]) => each !== name) as [string, Json][];
  return Object.fromEntries(next === undefined ? fields : [...fields, [name, next]]);
}

/** YAML that bites: bombs, aliases to oneself, tags, merges, several documents. */
export const oddYaml = fc.constantFrom(
  "a: &a [x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\n" +
    "d: &d [*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d]\n" +
    "f: &f [*e,*e,*e,*e,*e,*e]\n" +
    "g: &g [*f,*f,*f,*f,*f,*f,*f,*f]\nh: [*g,*g,*g,*g,*g,*g,*g,*g]\n",
  "a: &a {b: *a}\n",
  "&a [*a]\n",
  "metadata: &m {name: fuzz, labels: *m}\n",
  "<<: {metadata: {name: fuzz}}\ndata: {a: b}\n",
  "base: &b {a: 1}\nmetadata:\n  <<: *b\n  name: fuzz\n",
  "metadata: !!js/function 'function(){}'\n",
  "metadata: !!binary SGVsbG8=\n",
  "metadata: !<tag:x> {name: fuzz}\n",
  "--- {a: 1}\n--- {b: 2}\n",
  "? {a: b}\n: c\n",
  "a: 1\na: 2\n",
  "a:\n\t- b\n",
  "{a: [b, {c: }\n",
  "a: .inf\nb: .nan\nc: 0o17\nd: 1_000\ne: 2026-01-01\n",
  "%YAML 9.9\n---\na: 1\n",
  "\ufeffa: 1\n",
  `${"[".repeat(2_000)}${"]".repeat(2_000)}`,
  `${"- ".repeat(2_000)}a`,
  `a: "${"\\u0000".repeat(10)}"\n`,
  "__proto__: {polluted: true}\nconstructor: {prototype: {polluted: true}}\n",
);
