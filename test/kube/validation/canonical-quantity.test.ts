import { expect, test } from "vitest";
import {
  canonicalQuantity,
  wholeUnits,
} from "../../../shared/kube/validation/canonical-quantity.ts";

test.each<[given: string | number, text: string]>([
  ["0", "0"],
  ["0Gi", "0"],
  ["-0", "0"],
  ["1", "1"],
  [2, "2"],
  [0.5, "500m"],
  ["0.5", "500m"],
  ["1.5", "1500m"],
  ["1000m", "1"],
  ["100u", "100u"],
  ["1000", "1k"],
  ["1500", "1500"],
  ["1000k", "1M"],
  ["-2000", "-2k"],
  ["1024Mi", "1Gi"],
  ["1.5Gi", "1536Mi"],
  ["0.5Ki", "512"],
  ["1025Ki", "1025Ki"],
  ["1.0001Ki", "1025"],
  ["1048576", "1048576"],
  ["1e3", "1e3"],
  ["1000e3", "1e6"],
  ["1E", "1E"],
  ["5e0", "5"],
])("the quantity %j is written %s", (given, text) => {
  expect(canonicalQuantity(given)?.text).toBe(text);
});

test.each([["much"], [""], [true], [null], [{}], [undefined]])("%j is no quantity", (given) => {
  expect(canonicalQuantity(given)).toBeUndefined();
});

test("a part of a unit takes a whole one", () => {
  expect(wholeUnits(1n)).toBe(1n);
  expect(wholeUnits(1_000_000_000n)).toBe(1n);
  expect(wholeUnits(1_000_000_001n)).toBe(2n);
  expect(wholeUnits(-1_500_000_000n)).toBe(-1n);
});
