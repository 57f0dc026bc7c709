import { expect, test } from "vitest";
import {
  insertCharge,
  queryCharge,
  readCharge,
  replaceCharge,
} from "../../../../infra/local/cosmos/request-units.ts";

const terms = (...names: readonly string[]): ReadonlySet<string> => new Set(names);

test.each([
  [100, 1],
  [1_024, 1],
  [4 * 1_024, 1.14],
  [5 * 1_024, 1.19],
  [64 * 1_024, 4.76],
  [1_024 * 1_024, 145.9],
])("a point read of %i bytes costs %f units", (bytes, units) => {
  expect(readCharge(bytes)).toBeCloseTo(units);
});

test("a create of 1 KB with ten terms costs 6.95 units, as published", () => {
  const ten = terms(..."abcdefghij");
  expect(insertCharge(1_024, ten)).toBeCloseTo(6.95);
});

test("a replace pays for both versions and for the terms that change", () => {
  const charge = replaceCharge({
    bytesBefore: 1_024,
    bytesAfter: 4 * 1_024,
    termsBefore: terms("a", "b"),
    termsAfter: terms("b", "c", "d"),
    patchOperations: 2,
  });
  expect(charge).toBeCloseTo(4.95 + 6.67 + 3 * 0.2 + 2 * 0.4);
});

test("a scan costs what the published example of one does, within a percent", () => {
  const charge = queryCharge({
    returnedBytes: 510,
    discarded: 60_944,
    discardedBytes: 399_998_938,
    counted: 0,
  });
  expect(charge / 4_059.95).toBeGreaterThan(0.99);
  expect(charge / 4_059.95).toBeLessThan(1.01);
});
