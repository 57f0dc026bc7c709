import { expect, test } from "vitest";
import type { OpenApiSchema } from "../../../../shared/kube/served-kind.ts";
import { fc } from "../../../chance.ts";
import { costOf } from "./cost-fixture.ts";
import { bool, int, intOrText, list, map, object, text } from "./schema-parts.ts";

test.each<[root: OpenApiSchema, rule: string, cost: number]>([
  [text(), "self.split(',').all(x, x.matches('a'))", 989_573_677_050],
  [text(9), "self.split(',')[0].matches('a')", 14],
  [text(9), "['a', 'bcd'].exists(x, self.contains(x))", 55],
  [intOrText, "type(self) == string ? self.matches('a') : self < 3", 629_150],
  [intOrText, "quantity(self).isLessThan(quantity('1'))", 314_576],
  [list(text(), 5), "self.filter(x, x == 'a').all(y, y == 'b')", 113],
])("items of what a rule makes are as large as %j: %s", (root, rule, cost) => {
  expect(costOf(rule, root)).toBe(cost);
});

const item = object({ name: text(20), tags: list(text(8), 4) });

test.each([
  ["self.matches('^[a-z]+$')", text],
  ["self.all(x, self.exists_one(y, x == y))", (max: number) => list(text(10), max)],
  ["self.all(x, x.contains('abc'))", (max: number) => list(text(max), 10)],
  ["self.map(x, x.name).filter(n, n != '').size() == 1", (max: number) => list(item, max)],
  ["self.all(k, k != '' && self[k].startsWith('a'))", (max: number) => map(text(5), max)],
  ["self.sort().join(',').lowerAscii() == 'a'", (max: number) => list(text(3), max)],
  ["sets.contains(self, self)", (max: number) => list(int, max)],
  ["self.distinct().all(x, x > 3)", (max: number) => list(int, max)],
])("a rule never costs less where more is allowed: %s", (rule, schemaOf) => {
  const bound = fc.integer({ min: 0, max: 100_000 });
  fc.assert(
    fc.property(bound, bound, (left, right) => {
      const [less, more] = [Math.min(left, right), Math.max(left, right)];
      expect(costOf(rule, schemaOf(less))).toBeLessThanOrEqual(costOf(rule, schemaOf(more)));
    }),
    { numRuns: 20 },
  );
});

test("no bound costs as much as a request can have, a bound beyond that costs more", () => {
  const rule = "self.all(x, true)";
  expect(costOf(rule, list(int))).toBe(4_718_591);
  expect(costOf(rule, list(int, 3 * 1024 * 2048))).toBe(18_874_370);
});

test.each<[rule: string, nest: (inner: string) => string, root: OpenApiSchema]>([
  ["self", (inner) => `(${inner} == true)`, bool],
  ["self.size() == 1", (inner) => inner.replace("self", "self.sortBy(x, x)"), list(int, 1)],
  ["true", (inner) => `self.all(x, ${inner})`, list(int, 1)],
  ["true", (inner) => `(self > 3 ? ${inner} : false)`, int],
])("each part of a deep rule is looked at once: %s", (rule, nest, root) => {
  let deep = rule;
  for (let depth = 0; depth < 40; depth += 1) deep = nest(deep);
  const began = performance.now();
  expect(costOf(deep, root)).toBeGreaterThanOrEqual(40);
  expect(performance.now() - began).toBeLessThan(2_000);
});
