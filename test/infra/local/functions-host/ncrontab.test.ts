import { expect, test } from "vitest";
import { nextOccurrence, parseNcrontab } from "../../../../infra/local/functions-host/ncrontab.ts";
import { fc } from "../../../chance.ts";

test.each([
  ["0 */5 * * * *", "2026-01-01T00:00:00Z", "2026-01-01T00:05:00.000Z"],
  ["0 */5 * * * *", "2026-01-01T00:04:59.999Z", "2026-01-01T00:05:00.000Z"],
  ["* * * * * *", "2026-01-01T00:00:00.500Z", "2026-01-01T00:00:01.000Z"],
  ["*/15 * * * *", "2026-01-01T00:01:00Z", "2026-01-01T00:15:00.000Z"],
  ["0 5/20 * * * *", "2026-01-01T00:06:00Z", "2026-01-01T00:25:00.000Z"],
  ["0 30 9 * * 1-5", "2026-01-02T09:30:00Z", "2026-01-05T09:30:00.000Z"],
  ["0 0 0 13 * Fri", "2026-01-01T00:00:00Z", "2026-02-13T00:00:00.000Z"],
  ["0 0 0 29 2 *", "2026-01-01T00:00:00Z", "2028-02-29T00:00:00.000Z"],
  ["0 0 0 29 Feb Sun", "2020-03-01T00:00:00Z", "2032-02-29T00:00:00.000Z"],
  ["0 0 8-6 1,3 jan *", "2026-01-01T08:00:00Z", "2026-01-03T06:00:00.000Z"],
  ["59 59 23 31 12 *", "2026-12-31T23:59:59Z", "2027-12-31T23:59:59.000Z"],
])("the schedule %s comes after %s at %s", (schedule, from, want) => {
  expect(nextOccurrence(parseNcrontab(schedule), new Date(from)).toISOString()).toBe(want);
});

test.each([
  ["* * * *", /must have 5 or 6 fields/],
  ["60 * * * * *", /second "60" must stay within 0-59/],
  ["* * 24 * * *", /hour "24"/],
  ["* * * 0 * *", /day "0"/],
  ["* * * * Foo *", /month "Foo"/],
  ["* * * * * 7", /day of week "7"/],
  ["*/0 * * * * *", /second "\*\/0"/],
  ["1-2-3 * * * * *", /second "1-2-3"/],
  ["00:05:00 * * * *", /minute "00:05:00"/],
])("the schedule %s is refused", (schedule, message) => {
  expect(() => parseNcrontab(schedule)).toThrow(message);
});

test("a schedule that never comes is refused when it is followed", () => {
  const schedule = parseNcrontab("0 0 0 30 2 *");
  expect(() => nextOccurrence(schedule, new Date(0))).toThrow(/never occurs/);
});

test("the next occurrence is the first second that fits", () => {
  const seconds = fc.constantFrom("*", "0", "*/7", "10-20", "30,45");
  const minutes = fc.constantFrom("*", "*/5", "59", "1-3");
  const hours = fc.constantFrom("*", "0", "23", "*/6");
  const from = fc.date({ min: new Date(0), max: new Date("2090-01-01"), noInvalidDate: true });
  fc.assert(
    fc.property(seconds, minutes, hours, from, (second, minute, hour, start) => {
      const schedule = parseNcrontab(`${second} ${minute} ${hour} * * *`);
      const next = nextOccurrence(schedule, start).getTime();
      expect(next).toBeGreaterThan(start.getTime());
      const before = new Date(next - 1000);
      // Had an earlier second fitted, it would be found from any moment before it.
      if (before >= start) expect(nextOccurrence(schedule, before).getTime()).toBe(next);
      const fields = [...schedule.fields];
      const found = new Date(next);
      expect(fields[0]?.has(found.getUTCSeconds())).toBe(true);
      expect(fields[1]?.has(found.getUTCMinutes())).toBe(true);
      expect(fields[2]?.has(found.getUTCHours())).toBe(true);
    }),
  );
});
