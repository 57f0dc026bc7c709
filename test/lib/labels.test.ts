import { expect, test } from "vitest";
import { cleanLabel, labelsOfTags } from "../../shared/lib/labels.ts";
import { fc } from "../chance.ts";

test.each([
  ["production", "production"],
  ["Cost Center / EMEA", "Cost-Center-EMEA"],
  ["-lead", "lead"],
  ["trail_", "trail"],
  ["a".repeat(70), "a".repeat(63)],
  ["", ""],
  ["日本", ""],
])("a text %j is the label %j", (text, label) => {
  expect(cleanLabel(text)).toBe(label);
});

test("of two tags with one cleaned name the one that sorts first stays", () => {
  expect(labelsOfTags({ "a b": "2", "a  b": "1", "!": "x" })).toEqual({ "a-b": "1" });
});

test("a cleaned text is a label value that Kubernetes takes, and stays as it is", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 100, unit: "binary" }), (text) => {
      const label = cleanLabel(text);
      expect(label).toMatch(/^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/);
      expect(label.length).toBeLessThanOrEqual(63);
      expect(cleanLabel(label)).toBe(label);
    }),
  );
});
