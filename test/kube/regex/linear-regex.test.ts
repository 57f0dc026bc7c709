import { expect, test } from "vitest";
import { linearRegex } from "../../../shared/kube/regex/linear-regex.ts";
import { BudgetSpentError } from "../../../shared/kube/regex/meter.ts";
import { fc } from "../../chance.ts";

const plenty = () => ({ left: 10_000_000 });

test.each<[pattern: string, text: string, found: string | undefined]>([
  ["b+", "abbbc", "bbb"],
  ["b+?", "abbbc", "b"],
  ["a{2,3}", "aaaa", "aaa"],
  ["(ab|a)(c|bcd)", "abcd", "abc"],
  ["x|", "y", ""],
  ["(?i)straße", "STRAßE", "STRAßE"],
  ["[^a-c]", "abcd", "d"],
  ["[]a]+", "]a", "]a"],
  ["[[:digit:]]+", "a12", "12"],
  ["\\bb\\B", "a bc", "b"],
  ["(?m)^b$", "a\nb\nc", "b"],
  ["a.b", "a\nb", undefined],
  ["(?s)a.b", "a\nb", "a\nb"],
  ["\\Qa.b\\E", "a.b", "a.b"],
  ["\\p{Greek}+", "abγδ", "γδ"],
  ["\\x{1F600}", "a😀", "😀"],
  ["^.$", "😀", "😀"],
  ["\\A\\z", "", ""],
  ["(a*)*b", "aaab", "aaab"],
])("%s finds in %j: %j", (pattern, text, found) => {
  const span = linearRegex(pattern).find(text, 0, plenty());
  expect(span && text.slice(span.start, span.end)).toBe(found);
  expect(linearRegex(pattern).test(text, plenty())).toBe(found !== undefined);
});

test.each([
  ["(?=a)", "invalid or unsupported Perl syntax: `(?=`"],
  ["a**", "invalid nested repetition operator: `**`"],
  ["*", "missing argument to repetition operator: `*`"],
  ["[a", "missing closing ]: `[a`"],
  ["(a", "missing closing ): `(a`"],
  ["a)", "unexpected ): `a)`"],
  ["a{1001}", "invalid repeat count: `{1001}`"],
  ["\\1", "invalid escape sequence: `\\1`"],
  ["[b-a]", "invalid character class range: `b-a`"],
  ["a\\", "trailing backslash at end of expression: ``"],
  ["((a{99}){99}){99}", "invalid repeat count: `{99}`"],
  ["a".repeat(10_001), "expression too large"],
])("%s is refused: %s", (pattern, message) => {
  expect(() => linearRegex(pattern)).toThrow(`error parsing regexp: ${message}`);
});

test("a pattern that explodes in JavaScript takes time by the text's length", () => {
  const started = performance.now();
  expect(linearRegex("^(a+)+$").test(`${"a".repeat(50_000)}b`, plenty())).toBe(false);
  expect(performance.now() - started).toBeLessThan(2_000);
});

test("what a match may cost is bounded", () => {
  const costly = linearRegex("(a?){500}a{500}b");
  expect(() => costly.test("a".repeat(5_000), { left: 10_000 })).toThrow(BudgetSpentError);
});

/** Patterns that both languages read alike. */
const patterns = fc.letrec<{ pattern: string }>((tie) => ({
  pattern: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom("a", "b", "[ab]", "[^a]", ".", "\\w", "^", "$"),
    fc.tuple(tie("pattern"), tie("pattern")).map(([left, right]) => `${left}${right}`),
    fc.tuple(tie("pattern"), tie("pattern")).map(([left, right]) => `(?:${left}|${right})`),
    fc
      .tuple(tie("pattern"), fc.constantFrom("*", "+", "?", "{1,2}", "*?"))
      .map(([part, count]) => `(?:${part})${count}`),
  ),
})).pattern;

test("it matches as JavaScript's own does", () => {
  fc.assert(
    fc.property(
      patterns,
      fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 8 }),
      (pattern, text) => {
        expect(linearRegex(pattern).test(text, plenty())).toBe(new RegExp(pattern).test(text));
      },
    ),
    { numRuns: 500 },
  );
});
