import { expect, test } from "vitest";
import { checkExpression } from "../../../../shared/kube/cel/admission/check-expression.ts";
import { readableText } from "../../../../shared/kube/cel/admission/readable-text.ts";
import { fc } from "../../../chance.ts";
import { everything } from "./admission-scopes.ts";

test.each([
  ["a.b == 'c{?' // {?", "a.b == 'c{?' // {?"],
  ["Object.spec{a: 1}", undefined],
  ["[a, Object . spec {?a: b}]", undefined],
  ["[?a, ?b] + c[?0]", "[ a,  b] + c[?0]"],
  ["a ? [b] : {'c': d}", "a ? [b] : {'c': d}"],
  ["a in {'b': c}", "a in {'b': c}"],
  ["f(a, {?'b': c})", "f(a, { 'b': c})"],
  [".a + (.b.c)", " a + ( b.c)"],
  ["a..b", "a..b"],
  ["a()\f.b", "a() .b"],
  ["'open", "'open"],
  ["'''a'b''' + \"\\\"{\"", "'''a'b''' + \"\\\"{\""],
  ["r'\\' + 'a'", undefined],
  ['bR"""a"""', undefined],
  ["a.`b`", undefined],
  ["a > .5", undefined],
  ["a.b5 > 0.5", "a.b5 > 0.5"],
])("%s is read as what the library knows", (original, text) => {
  expect(readableText(original)?.text).toBe(text);
});

test("optional entries are told by their brackets", () => {
  const readable = readableText("[?a, {?'c': d}] + [b]");
  expect([...(readable?.optionals ?? [])]).toEqual([0, 5]);
});

/** Pieces that make more sense, and more nonsense, than any letters. */
const pieces = fc
  .array(
    fc.oneof(
      fc.constantFrom(..."{}[]()?:.,'\"`\\\f\n&|!<=+- ".split("")),
      fc.constantFrom("'''", '"""', "r'", "br'", "//", "Object{", "object", "a", "1"),
      fc.constantFrom("in", "has(", ".all(", "variables", "request", ".?", "1.5", "null", "true"),
      fc.string(),
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(""));

test("whatever is written is read in its place, and nothing makes it fail", () => {
  fc.assert(
    fc.property(pieces, (text) => {
      expect(readableText(text)?.text.length ?? text.length).toBe(text.length);
      expect(["typed", "refused", "unknown"]).toContain(checkExpression(text, everything).kind);
    }),
    { numRuns: 2_000 },
  );
});

test.each([
  ["quotes", '"\\"'.repeat(33_000)],
  ["brackets", "[?{?".repeat(25_000)],
  ["names", "a.b".repeat(33_000)],
  ["blanks", " \f// x\n".repeat(14_000)],
  ["types", "A.b{".repeat(25_000)],
])("an expression of %s only has an answer", (_, text) => {
  expect(["refused", "unknown"]).toContain(checkExpression(text, everything).kind);
});
