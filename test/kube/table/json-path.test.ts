import { expect, test } from "vitest";
import { evaluateJsonPath } from "../../../shared/kube/table/evaluate-json-path.ts";
import { findFirst, isJsonPath } from "../../../shared/kube/table/json-path.ts";
import { JsonPathError } from "../../../shared/kube/table/json-path-step.ts";
import { parseJsonPath } from "../../../shared/kube/table/parse-json-path.ts";
import type { Json, JsonObject } from "../../../shared/lib/kube-object.ts";
import { fc } from "../../chance.ts";

const value: JsonObject = {
  metadata: { labels: { "example.com/tier": "front", app: "web" }, name: "n" },
  status: {
    conditions: [
      { type: "Created", status: "True", at: 1 },
      { type: "Ready", status: "False", reason: "It's (not) so", at: 2, isLast: true },
      { type: "Half", at: 2.5, isLast: false },
    ],
    empty: [],
    nothing: null,
  },
  spec: { ports: [{ port: 80 }, { port: 443 }, { port: 8080 }], replicas: 0, a: "x", b: "y" },
};

const find = (path: string): readonly Json[] => evaluateJsonPath(value, parseJsonPath(path));

test.each<[path: string, found: readonly Json[]]>([
  [".metadata.name", ["n"]],
  [".spec.replicas", [0]],
  [".spec.nothing.below", []],
  [".metadata.name.below", []],
  [".status.nothing", [null]],
  [".status.nothing.below", []],
  [".status.nothing[*]", []],
  [".metadata.constructor", []],
  [".", []],
  ['. "text"', ["text"]],
  [".metadata .name", ["n"]],
  [".metadata.name}, and text", ["n"]],
  // Indexes and slices.
  [".spec.ports[0].port", [80]],
  [".spec.ports[-1].port", [8080]],
  [".spec.ports[-1:].port", [8080]],
  [".spec.ports[-2:].port", [443, 8080]],
  [".spec.ports[:2].port", [80, 443]],
  [".spec.ports[0:2].port", [80, 443]],
  [".spec.ports[0:-1].port", [80, 443]],
  [".spec.ports[::2].port", [80, 8080]],
  [".spec.ports[0:3:2].port", [80, 8080]],
  [".spec.ports[1:1].port", []],
  [".spec.ports[].port", [80]],
  [".spec.ports[*].port", [80, 443, 8080]],
  [".status.empty[*]", []],
  [".status.empty[0:0]", []],
  // Wildcards, unions, all that is below.
  [".metadata.labels.*", ["front", "web"]],
  [".spec.ports.*.port", [80, 443, 8080]],
  [".spec['a','b']", ["x", "y"]],
  [".spec['a', 'b']", ["x", "y"]],
  [".spec.ports[0,2].port", [80, 8080]],
  ["..port", [80, 443, 8080]],
  [".spec..port", [80, 443, 8080]],
  ["..name", ["n"]],
  ["..['name']", ["n"]],
  // Names.
  [".metadata['name']", ["n"]],
  [".metadata.labels.example\\.com/tier", ["front"]],
  [".metadata.labels['example\\.com/tier']", ["front"]],
  [".metadata.labels['example.com/tier']", []],
  // Filters.
  [".status.conditions[?(@.type=='Ready')].status", ["False"]],
  ['.status.conditions[?(@.type=="Ready")].status', ["False"]],
  ['.status.conditions[?(@.type=="Ready" )].status', ["False"]],
  [".status.conditions[?( @.type=='Ready' )].status", ["False"]],
  [".status.conditions[?(@.type == 'Ready')].status", ["False"]],
  [".status.conditions[?(@.type=='None')].status", []],
  ['.status.conditions[?(@.type!="Ready")].type', ["Created", "Half"]],
  [".status.conditions[?(@.reason=='It\\'s (not) so')].type", ["Ready"]],
  ['.status.conditions[?(@.reason=="It\'s (not) so")].type', ["Ready"]],
  [".status.conditions[?(@.status)].type", ["Created", "Ready"]],
  [".status.conditions[?(@.isLast==true)].type", ["Ready"]],
  [".status.conditions[?(@.isLast!=true)].type", ["Half"]],
  [".spec.ports[?(@.port>80)].port", [443, 8080]],
  [".spec.ports[?(@.port>=443)].port", [443, 8080]],
  [".spec.ports[?(@.port<443)].port", [80]],
  [".spec.ports[?(@.port<=443)].port", [80, 443]],
  [".spec.ports[?(@.port==+80)].port", [80]],
  [".status.conditions[?(@.type>='I')].type", ["Ready"]],
  [".status.conditions[?(@.type==@.status)].type", []],
  [".status.conditions[?(@.tags[0])].type", []],
])("the path %s finds %j", (path, found) => {
  expect(find(path)).toEqual(found);
  expect(findFirst(value, path)).toEqual(found[0]);
});

test.each([
  ".spec.ports[3]",
  ".spec.ports[-4]",
  ".spec.ports[0:4]",
  ".spec.ports[2:1]",
  ".spec.ports[::0]",
  ".spec.ports[::-1]",
  ".status.empty[0]",
  ".status.empty[-1:]",
  ".spec[0]",
  ".spec[*]",
  "..[0]",
  ".spec[?(@.a)]",
  ".status.nothing[?(@.a)]",
  '.spec.ports[?(@.port=="80")]',
  ".spec.ports[?(@.port>80.5)]",
  ".status.conditions[?(@.isLast>true)]",
  ".spec.ports[?(@==1)]",
  ". metadata",
  ".spec.ports[?(@.port=~80)]",
  ".spec range",
])("the path %s does not fit, so it finds nothing", (path) => {
  expect(() => find(path)).toThrow(JsonPathError);
  expect(findFirst(value, path)).toBeUndefined();
});

test.each([
  ".a[",
  ".a[x]",
  '.a["b"]',
  ".a[-]",
  ".a[1:2:3:4]",
  ".a[99999999999999999999]",
  ".a]",
  ".a,b",
  ".a{b",
  ".a&b[",
  ".a\\",
  ".a\n.b",
  "....a",
  "..*",
  ".a[?(@.b]",
  ".a[?(@.b)",
  ".a[?(@.b=='c)]",
  ".a[?(@.b=='c' && @.d=='e')]",
  ".a[?(@.b=='\\q')]",
  ".a[?(@.b==1.2.3)]",
  ".a[?(@.b==1)].c[?(@.d~)]x~[",
])("the path %s cannot be read", (path) => {
  expect(isJsonPath(path)).toBe(false);
  expect(findFirst(value, path)).toBeUndefined();
});

test("a path that is too long cannot be read", () => {
  expect(isJsonPath(`.${"a".repeat(5000)}`)).toBe(false);
});

test("text in a filter has Go's escapes", () => {
  const item = { a: 'tab\t "quoted" \\ A\u00e9\u{1f600}' };
  const path = String.raw`.[?(@.a=="tab\t \"quoted\" \\ \x41\u00e9\U0001F600")]`;
  expect(evaluateJsonPath([item], parseJsonPath(path.slice(1)))).toEqual([item]);
});

test("a path that visits too much finds nothing, soon", () => {
  let deep: Json = 1;
  for (let depth = 0; depth < 3000; depth += 1) deep = { a: deep };
  expect(findFirst({ b: deep }, "..a..a..a..a")).toBeUndefined();
  let wide: Json = 1;
  for (let depth = 0; depth < 30; depth += 1) wide = [wide];
  expect(findFirst({ b: wide }, `.b${"[0,0,0]".repeat(30)}`)).toBeUndefined();
  const many = Array.from({ length: 200_000 }, (_, index) => ({ index }));
  expect(findFirst({ many }, "..index")).toBeUndefined();
  expect(findFirst({ many }, ".many[?(@.index==199999)]")).toBeUndefined();
  expect(findFirst({ many }, ".many[-1:].index")).toBe(199_999);
  expect(isJsonPath(`.a${"[".repeat(2000)}`)).toBe(false);
  expect(isJsonPath(`.a[${",".repeat(4000)}]`)).toBe(true);
});

test("no path and no object make it throw", () => {
  const part = fc.constantFrom(
    ...[".", "..", "a", "[", "]", "?(", "@", ")", "'", '"', "\\", ",", "*", ":", "-1", "=="],
    ...[" ", "}", "{", "\n", "true", "1.5", "&&", "$", "é"],
  );
  const path = fc.array(part, { maxLength: 30 }).map((parts) => `.${parts.join("")}`);
  fc.assert(
    fc.property(path, fc.jsonValue(), (text, json) => {
      findFirst({ a: json as Json }, text);
    }),
    { numRuns: 2000 },
  );
});
