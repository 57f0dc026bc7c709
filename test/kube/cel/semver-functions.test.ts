import { expect, test } from "vitest";
import { compareSemvers, parseSemver, Semver } from "../../../shared/kube/cel/semver.ts";
import { BudgetSpentError } from "../../../shared/kube/regex/meter.ts";
import type { OpenApiSchema } from "../../../shared/kube/served-kind.ts";
import type { Json } from "../../../shared/lib/kube-object.ts";
import { fc } from "../../chance.ts";
import { compileErrors, objectSchema, told } from "./cel-fixture.ts";

const text: OpenApiSchema = { type: "string" };

const properties: Readonly<Record<string, OpenApiSchema>> = {
  version: text,
  long: text,
  versions: { type: "array", items: text },
  either: { "x-kubernetes-int-or-string": true },
};

const spec: Json = {
  version: "1.34.2",
  long: `1.0.0-${"a.".repeat(500_000)}b`,
  versions: ["1.33.0", "1.34.0"],
  either: 5,
};

function specSchema(rule: string): OpenApiSchema {
  return objectSchema({ type: "object", properties, "x-kubernetes-validations": [{ rule }] });
}

test.each([
  // What is a version
  "isSemver('1.2.3') && isSemver('0.1.0-alpha.1') && isSemver('1.2.3-beta.1+build.1')",
  "isSemver('0.0.0') && isSemver('1.2.3--') && isSemver('1.2.3+001') && isSemver('1.2.3-0a')",
  "!isSemver('') && !isSemver('v1.0.0') && !isSemver('V1.0.0') && !isSemver('=1.0.0')",
  "!isSemver(' 1.0.0') && !isSemver('1. 0.0') && !isSemver('1.0.0 ') && !isSemver('1.0.0\\n')",
  "!isSemver('01.01.01') && !isSemver('1') && !isSemver('1.1') && !isSemver('1.2.3.4')",
  "!isSemver('1.2.3-') && !isSemver('1.2.3+') && !isSemver('1.2.3-a..b') && !isSemver('1.2.3-01')",
  "!isSemver('1.2.3-a_b') && !isSemver('1.2.3+a+b') && !isSemver('1.2.3-ä')",
  "!isSemver('-1.2.3')",
  "!isSemver('1.2.x') && !isSemver('200K') && !isSemver('Three') && !isSemver('1..3')",
  "isSemver('18446744073709551615.0.0') && !isSemver('18446744073709551616.0.0')",
  "isSemver(self.version) && isSemver(self.long)",
  // Normalized first
  "isSemver('v1.0.0', true) && isSemver('01.01.01', true) && isSemver('1', true)",
  "isSemver('1.1', true) && isSemver('v01', true) && isSemver('1.2.3-beta', true)",
  "!isSemver('', true) && !isSemver(' 1.0.0', true) && !isSemver('1. 0.0', true)",
  "!isSemver('1.0.0 ', true) && !isSemver('vv1', true) && !isSemver('V1', true)",
  "!isSemver('1.2-beta', true) && !isSemver('1+a', true) && !isSemver('1.2.3-01', true)",
  "!isSemver('a', true) && !isSemver('..', true) && !isSemver('1.2.03x', true)",
  "isSemver('1.2.3', false) && !isSemver('v1.2.3', false) && !isSemver('1.2', false)",
  "semver('v01.01', true) == semver('1.1.0') && semver('v1', true) == semver('1.0.0')",
  "semver('01.01.01', true) == semver('1.1.1') && semver('00.0.00', true) == semver('0.0.0')",
  "semver('1.2.003-rc.1', true) == semver('1.2.3-rc.1') && semver('1.2.3', false).patch() == 3",
  // Numbers
  "semver('1.2.3').major() == 1 && semver('1.2.3').minor() == 2 && semver('1.2.3').patch() == 3",
  "semver('1.2.3-4.5+6').patch() == 3 && type(semver('1.2.3').major()) == int",
  "semver('9223372036854775807.0.0').major() == 9223372036854775807",
  "semver('18446744073709551615.0.0').major() == -1",
  // Order
  "semver('1.0.0').isLessThan(semver('1.2.3')) && !semver('1.0.0').isLessThan(semver('1.0.0'))",
  "semver('1.2.3').isGreaterThan(semver('1.0.0'))",
  "!semver('1.0.0').isGreaterThan(semver('1.0.0'))",
  "semver('1.2.3').compareTo(semver('1.2.3')) == 0",
  "semver('1.0.0').compareTo(semver('1.2.3')) == -1",
  "semver('1.2.3').compareTo(semver('1.0.0')) == 1",
  "semver('1.10.0').isGreaterThan(semver('1.9.0'))",
  "semver('9007199254740993.0.0').isGreaterThan(semver('9007199254740992.0.0'))",
  "semver('1.0.0-9007199254740993').compareTo(semver('1.0.0-9007199254740992')) == 1",
  "semver('1.0.0-99999999999999999').compareTo(semver('1.0.0-100000000000000000')) == -1",
  "semver(self.version).compareTo(semver('1.34.0')) > 0",
  "self.versions.all(v, semver(v).isLessThan(semver(self.version)))",
  // Equality
  "semver('1.2.3') == semver('1.2.3') && semver('1.2.3') != semver('1.2.4')",
  "semver('1.2.3+a') == semver('1.2.3+b') && semver('1.2.3+a').compareTo(semver('1.2.3')) == 0",
  "semver('1.2.3-a') != semver('1.2.3') && semver('1.2.3-a') == semver('1.2.3-a+b')",
  "semver('1.2.3') in [semver('1.2.2'), semver('1.2.3+a')]",
  "dyn(semver('1.2.3')) == semver('1.2.3') && [semver('1.2.3')] == [semver('1.2.3+a')]",
  "type(semver('1.2.3')) == type(semver('4.5.6')) && dyn(semver('1.2.3')) != dyn('1.2.3')",
  // Another library's functions of the same names
  "quantity('1').isLessThan(quantity('2')) && quantity('1').compareTo(quantity('2')) == -1",
  "dyn(semver('1.0.0')).compareTo(semver('1.0.0')) == dyn(quantity('1')).compareTo(quantity('1'))",
])("holds: %s", (rule) => {
  const schema = specSchema(rule);
  expect(compileErrors(schema)).toEqual([]);
  expect(told(schema, spec)).toEqual([]);
});

const ascending = [
  "0.9.9",
  "1.0.0-0",
  "1.0.0-2",
  "1.0.0-10",
  "1.0.0--",
  "1.0.0-10a",
  "1.0.0-alpha",
  "1.0.0-alpha.1",
  "1.0.0-alpha.beta",
  "1.0.0-beta",
  "1.0.0-beta.2",
  "1.0.0-beta.11",
  "1.0.0-rc.1",
  "1.0.0",
  "1.0.1",
  "2.0.0-0",
];

test("versions are in the order of the specification", () => {
  for (const [index, low] of ascending.entries()) {
    for (const high of ascending.slice(index + 1)) {
      const rule =
        `semver('${low}').isLessThan(semver('${high}')) && ` +
        `semver('${high}').isGreaterThan(semver('${low}')) && ` +
        `semver('${high}').compareTo(semver('${low}')) == 1 && ` +
        `semver('${low}') != semver('${high}')`;
      expect(told(specSchema(rule), spec)).toEqual([]);
    }
  }
});

test.each([
  ["''", "Version string empty"],
  ["'v1.0'", "No Major.Minor.Patch elements found"],
  ["'200K'", "No Major.Minor.Patch elements found"],
  ["'v1.0.0'", 'Invalid character(s) found in major number "v1"'],
  ["'1.x.0'", 'Invalid character(s) found in minor number "x"'],
  ["'1.0.0 '", 'Invalid character(s) found in patch number "0 "'],
  ["'01.0.0'", 'Major number must not contain leading zeroes "01"'],
  ["'1.00.0'", 'Minor number must not contain leading zeroes "00"'],
  ["'1.0.01'", 'Patch number must not contain leading zeroes "01"'],
  ["'1..0'", 'strconv.ParseUint: parsing "": invalid syntax'],
  [
    "'1.18446744073709551616.0'",
    'strconv.ParseUint: parsing "18446744073709551616": value out of range',
  ],
  [
    "'1.0.0-18446744073709551616'",
    'strconv.ParseUint: parsing "18446744073709551616": value out of range',
  ],
  ["'1.0.0-'", "Prerelease is empty"],
  ["'1.0.0-a.01'", 'Numeric PreRelease version must not contain leading zeroes "01"'],
  ["'1.0.0-a_b'", 'Invalid character(s) found in prerelease "a_b"'],
  ["'1.0.0+a..b'", "Build meta data is empty"],
  ["'1.0.0+a+b'", 'Invalid character(s) found in build meta data "a+b"'],
  ["'1.0-a', true", "short version cannot contain PreRelease/Build meta data"],
  ["'V1', true", 'Invalid character(s) found in major number "0V1"'],
  ["'', true", 'strconv.ParseUint: parsing "": invalid syntax'],
  ["'v1.0.0', false", 'Invalid character(s) found in major number "v1"'],
])("fails: semver(%s) with %s", (args, because) => {
  const rule = `semver(${args}).major() == 1`;
  expect(compileErrors(specSchema(rule))).toEqual([]);
  expect(told(specSchema(rule), spec)).toEqual([
    `spec FieldValueInvalid Invalid value: "object": ${because} evaluating rule: ${rule}`,
  ]);
});

test.each([
  "semver(self.either).major() == 5",
  "semver('1.0.0', dyn('true')).major() == 1",
  "isSemver(self.either)",
  "semver('1.0.0').isLessThan(dyn('1.0.1'))",
  "semver('1.0.0').compareTo(dyn(quantity('1'))) == 0",
  "dyn('1.0.0').major() == 1",
])("fails when it runs, as the types are others: %s", (rule) => {
  expect(compileErrors(specSchema(rule))).toEqual([]);
  expect(told(specSchema(rule), spec).join()).toMatch(/no (matching|such) overload/);
});

test.each([
  "isSemver([1, 2, 3])",
  "isSemver('1.0.0', 'true')",
  "isSemver('1.0.0', true, true)",
  "semver(1) == semver('1.0.0')",
  "semver('1.0.0') == '1.0.0'",
  "semver('1.0.0') < semver('1.0.1')",
  "semver('1.0.0').major == 1",
  "semver('1.0.0').text == '1.0.0'",
  "semver('1.0.0').prerelease() == ''",
  "semver('1.0.0').compareTo('1.0.0') == 0",
  "semver('1.0.0').compareTo(quantity('1')) == 0",
  "quantity('1').isLessThan(semver('1.0.0'))",
  "semver('1.0.0').sign() == 1",
  "string(semver('1.0.0')) == '1.0.0'",
])("does not compile: %s", (rule) => {
  expect(compileErrors(specSchema(rule)).join()).toContain("compilation failed");
});

test.each(["semver(self.long).major() == 1", "!isSemver(self.long, true)"])(
  "reading a long version again and again spends the budget: %s",
  (each) => {
    const many = "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]";
    const rule = `${many}.all(a, ${many}.all(b, ${many}.all(c, ${each} || true)))`;
    expect(compileErrors(specSchema(rule))).toEqual([]);
    expect(told(specSchema(rule), spec).join()).toMatch(/cost|budget/);
  },
);

test("comparing long versions spends in proportion to their lengths", () => {
  const long = parsed(`1.0.0-${"a.".repeat(1_000)}b`);
  const meter = { left: 2_000 };
  expect(compareSemvers(long, long, meter)).toBe(0);
  expect(meter.left).toBeLessThan(1_000);
  expect(() => compareSemvers(long, long, meter)).toThrow(BudgetSpentError);
});

const number = fc.nat({ max: 20 });
const identifier = fc.oneof(
  number.map(String),
  fc.stringMatching(/^[0-9A-Za-z-]{0,3}[A-Za-z-][0-9A-Za-z-]{0,3}$/),
);
const identifiers = fc.array(identifier, { maxLength: 3 });
const version = fc
  .record({
    numbers: fc.tuple(number, number, number),
    prerelease: identifiers,
    build: identifiers,
  })
  .map(
    ({ numbers, prerelease, build }) =>
      numbers.join(".") + suffix("-", prerelease) + suffix("+", build),
  );

function suffix(sign: string, parts: readonly string[]): string {
  return parts.length === 0 ? "" : `${sign}${parts.join(".")}`;
}

function parsed(from: string): Semver {
  const found = parseSemver(from, { left: 1e6 });
  if (typeof found === "string") throw new TypeError(found);
  return found;
}

test("versions have one order, and are equal when neither is less", () => {
  const compare = (left: Semver, right: Semver): number =>
    Math.sign(compareSemvers(left, right, { left: 1e6 }));
  fc.assert(
    fc.property(version, version, version, (...texts) => {
      const [a, b, c] = texts.map(parsed).sort(compare) as [Semver, Semver, Semver];
      expect([compare(a, b), compare(b, c), compare(a, c)]).not.toContain(1);
      expect(compare(b, a)).toBe(-compare(a, b) || 0);
      expect(a.equals(b)).toBe(compare(a, b) === 0);
    }),
  );
});

test("no text makes parsing fail in another way than with words", () => {
  // As https://semver.org suggests it.
  const numeric = "(?:0|[1-9]\\d*)";
  const prerelease = `(?:${numeric}|\\d*[a-zA-Z-][0-9a-zA-Z-]*)`;
  const suggested = new RegExp(
    `^${numeric}\\.${numeric}\\.${numeric}(?:-${prerelease}(?:\\.${prerelease})*)?` +
      "(?:\\+[0-9a-zA-Z-]+(?:\\.[0-9a-zA-Z-]+)*)?$",
  );
  const pieces = fc.constantFrom("0", "1", "v", ".", "-", "+", " ", "a", "ä", "\n", "_");
  fc.assert(
    fc.property(
      fc.array(pieces, { maxLength: 12 }).map((each) => each.join("")),
      (any) => {
        const found = parseSemver(any, { left: 1e6 });
        expect(found instanceof Semver).toBe(suggested.test(any));
      },
    ),
  );
});
