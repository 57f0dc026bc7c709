import { load } from "js-yaml";
import { expect, test } from "vitest";
import { firstDocument, yamlSchema } from "../../../shared/kube/http/yaml-schema.ts";

test.each([
  ["0644", 0o644],
  ["0400", 0o400],
  ["-017", -0o17],
  ["0o644", 0o644],
  ["0", 0],
  ["420", 420],
  ["0x1f", 31],
  ["089", 89],
  ["1e3", 1000],
  ['"0644"', "0644"],
  ["10:30", "10:30"],
  ["2026-11-21", "2026-11-21"],
  ["1_000", 1000],
  ["1_000.5", 1000.5],
  ["0b101", 5],
  ["-0x1f", -31],
  ["_1", "_1"],
  ["yes", true],
  ["On", true],
  ["y", true],
  ["no", false],
  ["OFF", false],
  ["n", false],
  ['"yes"', "yes"],
  ["yEs", "yEs"],
  ["true", true],
  ["null", null],
])("%s in a YAML body is %j", (text, value) => {
  expect(load(`value: ${text}`, { schema: yamlSchema })).toEqual({ value });
});

test.each<[text: string, value: unknown]>([
  ["y: 1", { true: 1 }],
  ["a: &a {b: 1, c: 2}\nd:\n  <<: *a\n  c: 3", { a: { b: 1, c: 2 }, d: { b: 1, c: 3 } }],
  ["a: &a {b: 1}\nd: {<<: [*a, {b: 2, c: 3}]}", { a: { b: 1 }, d: { b: 1, c: 3 } }],
  ["'<<': 1", { "<<": 1 }],
])("%j in YAML is %j", (text, value) => {
  expect(load(text, { schema: yamlSchema })).toEqual(value);
});

test("maps that take over each other again and again are refused", () => {
  const fields = Array.from({ length: 200 }, (_, index) => `f${index}: 1`).join(", ");
  const text = `a: &a {${fields}}\nb:\n${"  - <<: *a\n".repeat(1_000)}`;
  expect(() => load(text, { schema: yamlSchema })).toThrow(/merge keys exceeded/);
});

test.each([
  ["a: 1", "a: 1"],
  ["a: 1\n---\nb: 2\n", "a: 1\n"],
  ["---\na: 1\n---\nb: 2\n", "---\na: 1\n"],
  ["# who\n\n%YAML 1.1\n--- \na: 1\n...\nb: [", "# who\n\n%YAML 1.1\n--- \na: 1\n"],
  ["---\n---\na: 1", "---\n"],
  ["a: |\n  ---\n  b\n", "a: |\n  ---\n  b\n"],
  ["a: 1\n---b: 2\n", "a: 1\n---b: 2\n"],
  ["a: 1\r\n---\r\nb: 2", "a: 1\r\n"],
  ["", ""],
])("the first document of %j is %j", (text, first) => {
  expect(firstDocument(text)).toBe(first);
});

test.each([".inf", "-.inf", ".nan"])("%s, which JSON has no word for, is refused", (text) => {
  expect(() => load(`a: ${text}`, { schema: yamlSchema })).toThrow(
    `json: cannot unmarshal number ${text}`,
  );
});
