import { expect, test } from "vitest";
import type { KubeObject } from "../../../../shared/kube/served-kind.ts";
import { cronJobRules } from "../../../../shared/kube/validation/batch/cron-job-rules.ts";
import { errorsOf } from "../errors-of.ts";
import { expectNeverThrows } from "../never-throws.ts";
import { cronJob, templateOf } from "./jobs.ts";

const notNegative = "must be greater than or equal to 0";
const noZone = "cannot use TZ or CRON_TZ in schedule, use timeZone field instead";
const inParis = "TZ=Europe/Paris 0 3 * * *";

const bad: [name: string, cronJob: KubeObject, want: readonly string[]][] = [
  ["without a schedule", cronJob({ schedule: null }), ["spec.schedule: Required value"]],
  ["with an empty schedule", cronJob({ schedule: "" }), ["spec.schedule: Required value"]],
  [
    "with no schedule",
    cronJob({ schedule: "bad" }),
    ['spec.schedule: Invalid value: "bad": expected exactly 5 fields, found 1: [bad]'],
  ],
  [
    "with a schedule in a zone of its own",
    cronJob({ schedule: inParis }),
    [`spec.schedule: Invalid value: "${inParis}": ${noZone}`],
  ],
  [
    "with a schedule in no zone",
    cronJob({ schedule: "CRON_TZ=Nowhere 0 3 * * *" }),
    [
      'spec.schedule: Invalid value: "CRON_TZ=Nowhere 0 3 * * *": provided bad location Nowhere: ' +
        "unknown time zone Nowhere",
      `spec.schedule: Invalid value: "CRON_TZ=Nowhere 0 3 * * *": ${noZone}`,
    ],
  ],
  [
    "with a deadline in the past",
    cronJob({ startingDeadlineSeconds: -1 }),
    [`spec.startingDeadlineSeconds: Invalid value: -1: ${notNegative}`],
  ],
  [
    "in an empty zone",
    cronJob({ timeZone: "" }),
    ['spec.timeZone: Invalid value: "": timeZone must be nil or non-empty string'],
  ],
  [
    "in an unknown zone",
    cronJob({ timeZone: "Europe/Pariss" }),
    ['spec.timeZone: Invalid value: "Europe/Pariss": unknown time zone Europe/Pariss'],
  ],
  [
    "in the zone of whoever asks",
    cronJob({ timeZone: "Local" }),
    [
      'spec.timeZone: Invalid value: "Local": timeZone must be an explicit time zone as defined ' +
        "in https://www.iana.org/time-zones",
    ],
  ],
  [
    "in the zone of whoever asks, in small letters",
    cronJob({ timeZone: "local" }),
    [
      'spec.timeZone: Invalid value: "local": timeZone must be an explicit time zone as defined ' +
        "in https://www.iana.org/time-zones",
      'spec.timeZone: Invalid value: "local": unknown time zone local',
    ],
  ],
  [
    "that does something unknown about a Job that still runs",
    cronJob({ concurrencyPolicy: "Wait" }),
    [
      'spec.concurrencyPolicy: Unsupported value: "Wait": supported values: "Allow", "Forbid", ' +
        '"Replace"',
    ],
  ],
  [
    "that keeps less than nothing",
    cronJob({ successfulJobsHistoryLimit: -1, failedJobsHistoryLimit: -1 }),
    [
      `spec.successfulJobsHistoryLimit: Invalid value: -1: ${notNegative}`,
      `spec.failedJobsHistoryLimit: Invalid value: -1: ${notNegative}`,
    ],
  ],
  [
    "without Jobs",
    cronJob({ jobTemplate: null }),
    [
      "spec.jobTemplate.spec.template.spec.containers: Required value",
      "spec.jobTemplate.spec.template.spec.restartPolicy: Required value: valid values: " +
        '"OnFailure", "Never"',
    ],
  ],
  [
    "whose Jobs have selectors",
    cronJob({
      jobTemplate: { spec: { template: templateOf(), selector: {}, manualSelector: true } },
    }),
    [
      "spec.jobTemplate.spec.selector: Invalid value: {}: `selector` will be auto-generated",
      'spec.jobTemplate.spec.manualSelector: Unsupported value: true: supported values: "nil", ' +
        '"false"',
    ],
  ],
  [
    "whose Jobs are wrong",
    cronJob({ jobTemplate: { spec: { template: templateOf(), backoffLimit: -1 } } }),
    [`spec.jobTemplate.spec.backoffLimit: Invalid value: -1: ${notNegative}`],
  ],
  [
    "with a name that leaves no place for its Jobs'",
    cronJob({}, "a".repeat(53)),
    [`metadata.name: Invalid value: "${"a".repeat(53)}": must be no more than 52 characters`],
  ],
];

test.each(bad)("a CronJob %s is refused", (_, object, want) => {
  expect(errorsOf(cronJobRules, object)).toEqual(want);
});

test.each(["+01:00", "+0100", "-0100", "Europe/", "/Paris", "Europe//Paris", "../UTC", "a b"])(
  "%j is no time zone",
  (timeZone) => {
    expect(errorsOf(cronJobRules, cronJob({ timeZone }))).toEqual([
      `spec.timeZone: Invalid value: "${timeZone}": unknown time zone ${timeZone}`,
    ]);
  },
);

test.each([
  "Etc/UTC",
  "UTC",
  "America/New_York",
  "Etc/GMT+5",
  "America/Argentina/Ushuaia",
  "US/Pacific",
])("%j is a time zone", (timeZone) => {
  expect(errorsOf(cronJobRules, cronJob({ timeZone }))).toEqual([]);
});

const good: [name: string, cronJob: KubeObject][] = [
  ["of the least that there is", cronJob()],
  ["with a name as long as can be", cronJob({}, "a".repeat(52))],
  [
    "with all its fields",
    cronJob({
      schedule: "0 3 * * 1-5",
      timeZone: "Etc/UTC",
      startingDeadlineSeconds: 200,
      concurrencyPolicy: "Forbid",
      suspend: true,
      successfulJobsHistoryLimit: 0,
      failedJobsHistoryLimit: 0,
      jobTemplate: {
        metadata: { labels: { app: "hello" }, annotations: { a: "b" } },
        spec: {
          completionMode: "Indexed",
          completions: 3,
          parallelism: 3,
          backoffLimitPerIndex: 1,
          activeDeadlineSeconds: 100,
          ttlSecondsAfterFinished: 60,
          manualSelector: false,
          template: templateOf({ restartPolicy: "OnFailure" }),
        },
      },
    }),
  ],
  ["each day", cronJob({ schedule: "@daily" })],
];

test.each(good)("a CronJob %s is taken", (_, object) => {
  expect(errorsOf(cronJobRules, object)).toEqual([]);
});

test("a CronJob that has a zone in its schedule keeps it, without another", () => {
  const before = cronJob({ schedule: inParis });
  expect(errorsOf(cronJobRules, before, before)).toEqual([]);
  expect(errorsOf(cronJobRules, cronJob({ schedule: inParis, timeZone: "UTC" }), before)).toEqual([
    `spec.schedule: Invalid value: "${inParis}": cannot use both timeZone field and TZ or ` +
      "CRON_TZ in schedule",
  ]);
});

test("a CronJob changes all it has, but its zone to a good one only", () => {
  const before = cronJob({ timeZone: "Mars/Olympus" });
  const jobTemplate = { spec: { template: templateOf({ restartPolicy: "OnFailure" }) } };
  const change = { schedule: "1 2 3 4 5", jobTemplate };
  expect(errorsOf(cronJobRules, cronJob({ ...change, timeZone: "Mars/Olympus" }), before)).toEqual(
    [],
  );
  expect(
    errorsOf(cronJobRules, cronJob({ ...change, timeZone: "Mars/Sheffield" }), before),
  ).toEqual(['spec.timeZone: Invalid value: "Mars/Sheffield": unknown time zone Mars/Sheffield']);
});

test("the name of a CronJob is looked at once, when it is new", () => {
  const long = cronJob({}, "a".repeat(60));
  expect(errorsOf(cronJobRules, long, long)).toEqual([]);
});

test("the rules of a CronJob never throw", () => {
  expectNeverThrows(
    cronJobRules,
    cronJob({
      timeZone: "UTC",
      startingDeadlineSeconds: 1,
      concurrencyPolicy: "Allow",
      jobTemplate: { spec: { template: templateOf(), parallelism: 1, selector: {} } },
    }),
  );
});
