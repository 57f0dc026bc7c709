import type { Json } from "../../../lib/kube-object.ts";
import { invalidValue, unsupportedValue } from "../../field-errors.ts";
import { at, isString } from "../../json.ts";
import type { FieldError, KubeObject } from "../../served-kind.ts";
import { nonNegative } from "../number-rules.ts";
import { all, fields, type ObjectRule, oneOf, type Rule, required, struct, text } from "../rule.ts";
import { cronScheduleError } from "./cron-schedule.ts";
import { jobSpecRule } from "./job-spec-rule.ts";
import { timeZoneErrors } from "./time-zone.ts";

/** A Job is called after its CronJob, with 11 characters more. */
const nameCharactersMax = 52;

const schedule = required(
  text((value) => {
    const error = cronScheduleError(value);
    return error === undefined ? [] : [error];
  }),
);

/** A zone in the schedule itself is for those alone that have had one. */
function scheduleZoneRule(before: KubeObject | undefined): Rule {
  const mayHaveZone = hasZone(at(before, "spec", "schedule"));
  return (spec, path) => {
    const told = at(spec, "schedule");
    if (!isString(told) || !hasZone(told)) return [];
    if (!mayHaveZone) {
      const because = "cannot use TZ or CRON_TZ in schedule, use timeZone field instead";
      return [invalidValue(`${path}.schedule`, told, because)];
    }
    if (at(spec, "timeZone") === undefined) return [];
    const because = "cannot use both timeZone field and TZ or CRON_TZ in schedule";
    return [invalidValue(`${path}.schedule`, told, because)];
  };
}

function hasZone(value: Json | undefined): boolean {
  return isString(value) && value.includes("TZ");
}

/** A zone that does not change is not looked up again. */
function timeZoneRule(before: KubeObject | undefined): Rule {
  return (value, path) =>
    !isString(value) || at(before, "spec", "timeZone") === value
      ? []
      : timeZoneErrors(value).map((because) => invalidValue(path, value, because));
}

const noSelector: Rule = fields({
  selector: (value, path) =>
    value === undefined ? [] : [invalidValue(path, value, "`selector` will be auto-generated")],
  manualSelector: (value, path) =>
    value === true ? [unsupportedValue(path, value, ["nil", "false"])] : [],
});

function nameErrors({ metadata: { name } }: KubeObject): readonly FieldError[] {
  if (!isString(name) || name.length <= nameCharactersMax) return [];
  const because = `must be no more than ${nameCharactersMax} characters`;
  return [invalidValue("metadata.name", name, because)];
}

const afterZone: Rule = struct({
  concurrencyPolicy: oneOf("Allow", "Forbid", "Replace"),
  jobTemplate: struct({ spec: all(jobSpecRule, noSelector) }),
  successfulJobsHistoryLimit: nonNegative,
  failedJobsHistoryLimit: nonNegative,
});

/**
 * What a CronJob must be.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/cron-job-v1/
 */
export const cronJobRules: ObjectRule = (cronJob, before) => {
  const spec = all(
    struct({ schedule }),
    scheduleZoneRule(before),
    fields({ startingDeadlineSeconds: nonNegative, timeZone: timeZoneRule(before) }),
    afterZone,
  );
  return [...spec(cronJob["spec"], "spec"), ...(before === undefined ? nameErrors(cronJob) : [])];
};
