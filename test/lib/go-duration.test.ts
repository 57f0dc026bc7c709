import { expect, test } from "vitest";
import { parseGoDuration } from "../../shared/lib/go-duration.ts";
import { fc } from "../chance.ts";

test.each([
  ["0", 0n],
  ["-0", 0n],
  ["1h30m", 5_400_000_000_000n],
  ["-1.5s", -1_500_000_000n],
  ["+.5ms", 500_000n],
  ["1.s", 1_000_000_000n],
  ["1us", 1_000n],
  ["1µs", 1_000n],
  ["1μs", 1_000n],
  ["3ns", 3n],
  ["1.0000000001s", 1_000_000_000n],
])("%s is a duration", (text, nanos) => {
  expect(parseGoDuration(text)).toEqual({ kind: "duration", nanos });
});

test.each([
  ["", 'invalid duration ""'],
  ["-", 'invalid duration "-"'],
  ["s", 'invalid duration "s"'],
  ["1..5s", 'invalid duration "1..5s"'],
  [".s", 'invalid duration ".s"'],
  ["5", 'missing unit in duration "5"'],
  ["1h5", 'missing unit in duration "1h5"'],
  ["1d", 'unknown unit "d" in duration "1d"'],
  ["1toString", 'unknown unit "toString" in duration "1toString"'],
  ["9223372036854775808ns", 'invalid duration "9223372036854775808ns"'],
  ["1 s", 'unknown unit " s" in duration "1 s"'],
])("%j is no duration", (text, because) => {
  expect(parseGoDuration(text)).toEqual({ kind: "wrong", because });
});

test("any text is a duration or not, however long", () => {
  const unit = fc.constantFrom("ns", "us", "ms", "s", "m", "h", "x", "");
  const likely = fc.array(fc.tuple(fc.double(), unit)).map((parts) => parts.flat().join(""));
  fc.assert(
    fc.property(fc.oneof(fc.string(), likely), (text) => {
      expect(["duration", "wrong"]).toContain(parseGoDuration(text).kind);
    }),
  );
  expect(parseGoDuration("1s".repeat(1_000_000)).kind).toBe("wrong");
});
