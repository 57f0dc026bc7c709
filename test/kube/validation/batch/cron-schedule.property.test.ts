import { expect, test } from "vitest";
import { cronScheduleError } from "../../../../shared/kube/validation/batch/cron-schedule.ts";
import { fc } from "../../../chance.ts";

const months = ["JAN", "feb", "Mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "DEC"];
const days = ["SUN", "mon", "Tue", "wed", "thu", "fri", "SAT"];

/** "7", "JUL" */
function numbers(min: number, max: number, names: readonly string[] = []) {
  return fc
    .tuple(fc.integer({ min, max }), fc.boolean())
    .map(([value, named]) => ({ value, text: (named && names[value - min]) || `${value}` }));
}

/** A field of a schedule, within its bounds: "*", "1-5,10-20/2". */
function fieldOf(min: number, max: number, names?: readonly string[]) {
  const one = numbers(min, max, names);
  const plain = fc.oneof(
    fc.constantFrom("*", "?"),
    one.map(({ text }) => text),
    fc
      .tuple(one, one)
      .map((pair) => pair.sort((left, right) => left.value - right.value))
      .map(([low, high]) => `${low.text}-${high.text}`),
  );
  const stepped = fc
    .tuple(plain, fc.option(fc.integer({ min: 1, max: 1_000 }), { nil: undefined }))
    .map(([range, step]) => (step === undefined ? range : `${range}/${step}`));
  return fc.array(stepped, { minLength: 1, maxLength: 4 }).map((ranges) => ranges.join(","));
}

const schedules = fc
  .tuple(
    fieldOf(0, 59),
    fieldOf(0, 23),
    fieldOf(1, 31),
    fieldOf(1, 12, months),
    fieldOf(0, 6, days),
  )
  .map((fields) => fields.join(" "));

test("each schedule within the bounds of its fields is taken", () => {
  fc.assert(
    fc.property(schedules, (schedule) => {
      expect(cronScheduleError(schedule)).toBeUndefined();
    }),
  );
});

test("a schedule without one of its fields is refused", () => {
  fc.assert(
    fc.property(schedules, fc.nat({ max: 4 }), (schedule, index) => {
      const fields = schedule.split(" ").toSpliced(index, 1);
      expect(cronScheduleError(fields.join(" "))).toBe(
        `expected exactly 5 fields, found 4: [${fields.join(" ")}]`,
      );
    }),
  );
});

const pieces = fc.constantFrom(
  ...["*", "?", "/", "-", ",", " ", "@every ", "TZ=", "CRON_TZ=", "UTC", "0", "59", "JAN", "s"],
);
const texts = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.array(pieces, { maxLength: 20 }).map((parts) => parts.join("")),
);

test("any text is a schedule or is told why not, in one sentence", () => {
  fc.assert(
    fc.property(texts, (text) => {
      const error = cronScheduleError(text);
      if (error !== undefined) expect(error).not.toBe("");
    }),
    { numRuns: 2_000 },
  );
});

test.each(["1".repeat(200_000), "1-".repeat(100_000), "@every ".concat("1h".repeat(100_000))])(
  "a schedule of many characters is read in a moment",
  (text) => {
    const start = performance.now();
    cronScheduleError(`${text} * * * *`);
    cronScheduleError(text);
    expect(performance.now() - start).toBeLessThan(1_000);
  },
);
