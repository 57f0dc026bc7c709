import { expect, test } from "vitest";
import { cronScheduleError } from "../../../../shared/kube/validation/batch/cron-schedule.ts";

test.each([
  "* * * * *",
  "*/5 * * * *",
  "0 3 * * 1-5",
  "0,30 8-18/2 1,15 JAN-JUN mon,Wed",
  "? ? ? ? ?",
  "5/15 * * * *",
  "0 0 31 12 6",
  "00 007 1 1 0",
  "+5 * * * *",
  "  0   0\t* * *  ",
  ", * * * *",
  "*-7 * * * *",
  "0-0 0 1 1 SUN",
  "@yearly",
  "@annually",
  "@monthly",
  "@weekly",
  "@daily",
  "@midnight",
  "@hourly",
  "@every 1h30m",
  "@every 90s",
  "@every 1.5h10ms",
  "@every -5m",
  "@every 0",
  "@every 1\u00B5s2\u03BCs",
  "TZ=Europe/Paris 0 3 * * *",
  "CRON_TZ=UTC @daily",
  "TZ= 0 3 * * *",
  "TZ=Local 0 3 * * *",
])("%j is a schedule", (schedule) => {
  expect(cronScheduleError(schedule)).toBeUndefined();
});

const noNumber = 'failed to parse int from FOO: strconv.Atoi: parsing "FOO": invalid syntax';

test.each([
  ["", "empty spec string"],
  ["bad", "expected exactly 5 fields, found 1: [bad]"],
  ["0 3 * *", "expected exactly 5 fields, found 4: [0 3 * *]"],
  ["0 0 3 * * *", "expected exactly 5 fields, found 6: [0 0 3 * * *]"],
  [" @daily", "expected exactly 5 fields, found 1: [@daily]"],
  ["60 * * * *", "end of range (60) above maximum (59): 60"],
  ["* 24 * * *", "end of range (24) above maximum (23): 24"],
  ["* * 0 * *", "beginning of range (0) below minimum (1): 0"],
  ["* * 32 * *", "end of range (32) above maximum (31): 32"],
  ["* * * 0 *", "beginning of range (0) below minimum (1): 0"],
  ["* * * 13 *", "end of range (13) above maximum (12): 13"],
  ["* * * * 7", "end of range (7) above maximum (6): 7"],
  ["5-3 * * * *", "beginning of range (5) beyond end of range (3): 5-3"],
  ["1,99 * * * *", "end of range (99) above maximum (59): 99"],
  ["99/5 * * * *", "beginning of range (99) beyond end of range (59): 99/5"],
  ["*/0 * * * *", "step of range should be a positive number: */0"],
  ["1-2-3 * * * *", "too many hyphens: 1-2-3"],
  ["1/2/3 * * * *", "too many slashes: 1/2/3"],
  ["*/-5 * * * *", "negative number (-5) not allowed: -5"],
  ["* * * FOO *", noNumber],
  ["JAN * * * *", noNumber.replaceAll("FOO", "JAN")],
  ["* * * JAN-FOO *", noNumber],
  ["*/ * * * *", 'failed to parse int from : strconv.Atoi: parsing "": invalid syntax'],
  ["-5 * * * *", 'failed to parse int from : strconv.Atoi: parsing "": invalid syntax'],
  [
    "99999999999999999999 * * * *",
    "failed to parse int from 99999999999999999999: strconv.Atoi: parsing " +
      '"99999999999999999999": value out of range',
  ],
  [
    "9223372036854775808 * * * *",
    "failed to parse int from 9223372036854775808: strconv.Atoi: parsing " +
      '"9223372036854775808": value out of range',
  ],
  ["@reboot", "unrecognized descriptor: @reboot"],
  ["@Daily", "unrecognized descriptor: @Daily"],
  ["@every", "unrecognized descriptor: @every"],
  ["@every ", 'failed to parse duration @every : time: invalid duration ""'],
  ["@every day", 'failed to parse duration @every day: time: invalid duration "day"'],
  ["@every 10", 'failed to parse duration @every 10: time: missing unit in duration "10"'],
  ["@every 1d", 'failed to parse duration @every 1d: time: unknown unit "d" in duration "1d"'],
  ["@every .s", 'failed to parse duration @every .s: time: invalid duration ".s"'],
  ["@every 1.2.3s", 'failed to parse duration @every 1.2.3s: time: invalid duration "1.2.3s"'],
  [
    "@every 9999999h",
    'failed to parse duration @every 9999999h: time: invalid duration "9999999h"',
  ],
  [
    "TZ=Nowhere/City 0 3 * * *",
    "provided bad location Nowhere/City: unknown time zone Nowhere/City",
  ],
  ["CRON_TZ=../etc 0 3 * * *", "provided bad location ../etc: time: invalid location name"],
  ["TZ=UTC 0 3 * *", "expected exactly 5 fields, found 4: [0 3 * *]"],
  ["TZ=UTC", "invalid schedule format: runtime error: slice bounds out of range [:-1]"],
])("the schedule %j is refused", (schedule, because) => {
  expect(cronScheduleError(schedule)).toBe(because);
});
