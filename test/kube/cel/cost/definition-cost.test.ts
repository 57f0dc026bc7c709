import { expect, test } from "vitest";
import type { OpenApiSchema } from "../../../../shared/kube/served-kind.ts";
import { excesses, toldOfCosts } from "./cost-fixture.ts";
import { int, list, map, object, ruled, text, wholeObject } from "./schema-parts.ts";

const advice =
  "(try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, " +
  "maps, and strings are declared)";

const contributed =
  "FieldValueForbidden Forbidden: contributed to estimated rule cost total exceeding cost limit " +
  "for entire OpenAPIv3 schema";

const total =
  " FieldValueForbidden Forbidden: x-kubernetes-validations estimated rule cost total for entire " +
  "OpenAPIv3 schema exceeds budget by factor of";

function excess(what: string, factor: string): string {
  const sentence = `estimated ${what} cost exceeds budget by factor of ${factor}`;
  return `FieldValueForbidden Forbidden: ${sentence} ${advice}`;
}

/** A rule of which a run costs 10: it may run 1,000,000 times. */
const tenth = "self > 1 && self > 2 && self > 3 && self > 4 && self > 5";

test.each<[schema: OpenApiSchema, told: readonly string[]]>([
  [list(ruled(int, tenth)), ["rule 0: 1.6x"]],
  [list(ruled(int, tenth), 1_000_000), []],
  [list(ruled(int, tenth), 1_000_001), ["rule 0: 1.000001x"]],
  [list(list(ruled(int, tenth), 1_000), 1_000), []],
  [list(list(ruled(int, tenth), 1_000), 3_456), ["rule 0: 3.5x"]],
  [list(list(ruled(int, tenth), 1_000)), ["rule 0: 1.6x"]],
  [map(list(ruled(int, tenth), 1)), ["rule 0: 1.6x"]],
  [map(object({ a: ruled(int, tenth) }), 2_000_000), ["rule 0: 2.0x"]],
  [list(ruled(int, tenth), 0), []],
  [list(ruled(object({ a: text() }, ["a"]), "true")), []],
])("a rule costs as often as it may run: %j", (schema, told) => {
  expect(excesses(wholeObject(schema))).toEqual(told);
});

test("a value takes bytes, so that fewer of large ones fit in a request", () => {
  const rule = "self.aaaaaaaaaa > 1 && self.aaaaaaaaaa > 2 && self.aaaaaaaaaa > 3 && 1 < 2";
  const item = object({ aaaaaaaaaa: int }, ["aaaaaaaaaa"]);
  expect(excesses(wholeObject(list(ruled(object({ aaaaaaaaaa: int }), rule))))).toEqual([
    "rule 0: 1.048576x",
  ]);
  expect(excesses(wholeObject(list(ruled(item, rule))))).toEqual([]);
});

test("a message is made once, however often its rule runs", () => {
  const schema = (messageExpression: string): OpenApiSchema =>
    wholeObject(
      list(
        { ...int, "x-kubernetes-validations": [{ rule: "self > 3", messageExpression }] },
        100_000,
      ),
    );
  expect(toldOfCosts(schema("'a' + 'b'"))).toEqual([]);
  const field = "properties[spec].items.x-kubernetes-validations[0].messageExpression";
  expect(toldOfCosts(schema("'is ' + string(self)"))).toEqual([
    `${field} ${excess("messageExpression", "more than 100x")}`,
    `${field} ${contributed}`,
    `${total} more than 100x ${advice}`,
  ]);
});

const long = "x".repeat(100);

test("what is below is told first, then the expressions that take most, then the whole", () => {
  const schema = object({
    spec: ruled(
      object({
        a: list(ruled(text(), `self.contains('${long}')`)),
        b: ruled(text(), "self != ''"),
      }),
      `self.b.contains('${long}') || self.b.matches('${long}')`,
    ),
  });
  const below = "properties[spec].properties[a].items.x-kubernetes-validations[0].rule";
  const own = "properties[spec].x-kubernetes-validations[0].rule";
  expect(toldOfCosts(schema)).toEqual([
    `${below} ${excess("rule", "more than 100x")}`,
    `${own} ${excess("rule", "1.101006x")}`,
    `${below} ${contributed}`,
    `${own} ${contributed}`,
    `${total} more than 100x ${advice}`,
  ]);
});

test("rules that each cost little may cost too much together; four are told", () => {
  const costly = `self.contains('${long.repeat(3)}')`;
  const fields = Object.fromEntries(
    [..."abcdefghijk"].map((name) => [name, ruled(text(), costly)]),
  );
  const told = toldOfCosts(wholeObject(object({ ...fields, z: ruled(int, "self > 3") })));
  expect(told).toEqual([
    ...[..."abcd"].map(
      (name) =>
        `properties[spec].properties[${name}].x-kubernetes-validations[0].rule ${contributed}`,
    ),
    `${total} 1.038091x ${advice}`,
  ]);
});

test("a schema without rules costs nothing", () => {
  expect(toldOfCosts(wholeObject(list(text())))).toEqual([]);
});
