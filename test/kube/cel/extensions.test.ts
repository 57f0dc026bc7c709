/** Libraries and macros that the language has from cel-go's extensions. */
import { expect, test } from "vitest";
import { compileErrors, told } from "./cel-fixture.ts";
import { sampleSpec, specSchema } from "./sample-spec.ts";

test.each([
  // Extended lists
  "self.sizes.slice(1, 3) == [1, 2] && [[1], [2, [3]]].flatten() == [1, 2, [3]]",
  "[[1], [2, [3]]].flatten(2) == [1, 2, 3] && [1].flatten(0) == [1]",
  "self.sizes.sort() == [1, 2, 3] && ['b', 'ä', 'a'].sort() == ['a', 'b', 'ä']",
  "['\u{1F600}', '\uFFFD', 'a', 'ab', ''].sort() == ['', 'a', 'ab', '\uFFFD', '\u{1F600}']",
  "[b'b', b'a', b''].sort() == [b'', b'a', b'b'] && [b'a', b'a'].distinct() == [b'a']",
  "[9223372036854775807, 0, -0.0, 0.5].distinct().size() == 3",
  "self.items.sortBy(i, -i.size).map(i, i.name) == ['b', 'a']",
  "[1, 2, 1.0, 'a', 'a', [1], [1]].distinct() == [1, 2, 'a', [1]]",
  "self.sizes.reverse() == [2, 1, 3] && lists.range(3) == [0, 1, 2] && lists.range(0) == []",
  "self.sizes.first().value() == 3 && self.sizes.last().value() == 2 && ![].first().hasValue()",
  "self.items.existsOne(i, i.size == 1) && self.map.existsOne(k, k == 'x')",
  // Two variables
  "self.map.all(k, v, k != v) && self.sizes.all(i, size, size > 0 && i < 3)",
  "self.map.exists(k, v, k == 'y' && v == '2') && !self.map.exists(k, v, k == v)",
  "self.map.existsOne(k, v, v == '1') && self.sizes.exists_one(i, size, i + 1 == size) == false",
  "self.sizes.transformList(i, size, i * size) == [0, 1, 4]",
  "self.sizes.transformList(i, size, i > 0, size) == [1, 2]",
  "self.map.transformMap(k, v, k + v) == {'x': 'x1', 'y': 'y2'}",
  "self.map.transformMap(k, v, v == '1', int(v)) == {'x': 1}",
  "self.map.transformMapEntry(k, v, {v: k})['2'] == 'y'",
  "self.items.transformMapEntry(i, item, i > 0, {item.name: i}) == {'b': 1}",
  "self.map.all(k, v, self.sizes.exists(i, size, string(size) == v))",
  "self.sizes.exists(i, size, 1 / i > 0) && !self.sizes.all(i, size, 1 / i > 5)",
  "{1: 'a'}.all(k, v, k == 1) && [7].transformMapEntry(i, v, {v: i})[7] == 0",
  "[7].transformMap(i, v, v) == {0: 7} && {true: 1}[true] == 1 && {'a': 1}.a == 1",
  // Optional values
  "self.?text.optMap(t, t.size()).orValue(0) == 11 && !self.?maybe.optMap(t, t).hasValue()",
  "self.?inner.optFlatMap(i, i.?a).orValue('') == 'q'",
  "!optional.ofNonZeroValue('').hasValue() && optional.ofNonZeroValue(1).value() == 1",
  "optional.unwrap([self.?text, self.?maybe]) == ['hello wörld']",
  "[self.?maybe, self.?dash__dash__name].unwrapOpt() == ['d']",
  'strings.quote(\'a "b"\\n\') == \'"a \\\\"b\\\\"\\\\n"\'',
])("holds: %s", (rule) => {
  const schema = specSchema(rule);
  expect(compileErrors(schema)).toEqual([]);
  expect(told(schema, sampleSpec)).toEqual([]);
});

test.each([
  ["self.sizes.slice(1, 9) == []", "cannot slice(1, 9), list is length 3"],
  ["self.sizes.slice(-1, 1) == []", "cannot slice(-1, 1), negative indexes not supported"],
  [
    "self.sizes.slice(2, 1) == []",
    "cannot slice(2, 1), start index must be less than or equal to end index",
  ],
  ["[[1]].flatten(-1) == []", "level must be non-negative"],
  ["[dyn(1), dyn('a')].sort() == []", "list elements must have the same type"],
  ["self.items.sort() == []", "list elements must be comparable"],
  ["self.items.sortBy(i, dyn(i)) == []", "list elements must be comparable"],
  ["self.sizes.all(i, size, 1 / i >= 0)", "division by zero"],
  ["self.sizes.existsOne(i, size, 1 / i > 0)", "division by zero"],
  [
    "self.sizes.transformMapEntry(i, size, {'a': i}).size() == 1",
    "insert failed: key a already exists",
  ],
  ["dyn(self.int).all(k, v, true)", "no such overload"],
  ["self.sizes.all(i, size, dyn(size))", "no such overload"],
  ["dyn(self.int).optMap(i, i).hasValue()", "no such overload"],
  ["self.?int.optFlatMap(i, dyn(i)).hasValue()", "no such overload"],
  ["[].first().value() == 1", "optional.none() dereference"],
])("fails: %s", (rule, because) => {
  const schema = specSchema(rule);
  expect(compileErrors(schema)).toEqual([]);
  const sentence =
    because === "no such overload"
      ? "'no such overload': call arguments did not match a supported operator, function or " +
        `macro signature for rule: ${rule}`
      : `${because} evaluating rule: ${rule}`;
  expect(told(schema, sampleSpec)).toEqual([
    `spec FieldValueInvalid Invalid value: "object": ${sentence}`,
  ]);
});

test.each([
  ["self.inner.all(k, v, true)", /cannot be range of a comprehension \(must be list, map, or dyn/],
  ["self.int.all(k, v, true)", /expression of type 'int' cannot be range of a comprehension/],
  ["self.map.all(k, k, true)", /duplicate variable name: k/],
  ["self.map.all('k', v, true)", /argument must be a simple name/],
  ["self.map.all(k, v, v)", /expected type 'bool' but found 'string'/],
  ["self.map.transformList(k, v, v, v) == []", /expected type 'bool' but found 'string'/],
  ["self.map.transformMapEntry(k, v, v) == {}", /no matching overload for 'cel.@mapInsert'/],
  ["self.map.all(k, v, w == k)", /undeclared reference to 'w'/],
  ["self.map.all(k, v, true) && k == ''", /undeclared reference to 'k'/],
  ["self.text.sortBy(t, t) == []", /type 'string' cannot be range of a comprehension/],
  ["self.items.sortBy(i, i) == []", /no matching overload for 'sortBy'/],
  ["self.map.sortBy(k, k) == []", /no matching overload for 'sortBy'/],
  ["self.items.sortBy(1, 1) == []", /argument must be a simple name/],
  ["self.text.optMap(t, t).hasValue()", /expected an optional type but found 'string'/],
  ["self.?text.optFlatMap(t, t).hasValue()", /expected an optional type but found 'string'/],
  ["self.sizes.transformList(i, size, size) == ['a']", /no matching overload for '_==_'/],
  ["lists.range('a') == []", /no matching overload for 'range'/],
])("does not compile, with a message like: %s", (rule, because) => {
  expect(compileErrors(specSchema(rule)).join()).toMatch(because);
});

test.each([
  ["are sorted", "self.sizes.map(i, self.text + 'x').sort().size() > 0"],
  ["have a least", "self.sizes.map(i, self.text + 'x').min() != ''"],
  ["are parsed as queries", "url('/?' + self.text).getQuery().size() > 0"],
])("long texts that %s cost what reading them costs", (_what, rule) => {
  const spec = { ...sampleSpec, text: "a&".repeat(400_000), sizes: Array(400).fill(1) };
  const said = told(specSchema(rule), spec).join();
  expect(said === "" || said.includes("actual cost limit exceeded")).toBe(true);
});

test("pairs that are gone over again and again are paid for", () => {
  const rule = "cel.bind(l, dyn(self.sizes), l.all(i, v, l.exists(j, w, true)))";
  const spec = { ...sampleSpec, sizes: Array(20_000).fill(1) };
  expect(told(specSchema(rule), spec).join()).toMatch(/actual cost limit exceeded/);
});

test("macros and lists that grow without end are stopped", () => {
  const large = "lists.range(1000000000).size() > 0";
  const nested =
    "lists.range(3000).all(i, a, lists.range(3000).all(j, b, lists.range(3000).all(k, c, true)))";
  for (const rule of [large, nested]) {
    expect(told(specSchema(rule), sampleSpec).join()).toMatch(/actual cost limit exceeded/);
  }
});
