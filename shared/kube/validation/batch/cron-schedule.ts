/**
 * The schedules of CronJobs: five fields ("minute hour day-of-month month day-of-week"), each a
 * list of `*`, numbers, names and ranges with steps, or a descriptor ("@daily", "@every 1h30m"). It
 * is the language of robfig/cron v3's standard parser, which Kubernetes uses, and its words for
 * what is wrong.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax
 */
import { parseGoDuration } from "../../../lib/go-duration.ts";
import { scheduleZoneError } from "./time-zone.ts";

interface Bounds {
  readonly min: bigint;
  readonly max: bigint;
  readonly names?: readonly string[];
}

const months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

const fieldBounds: readonly Bounds[] = [
  { min: 0n, max: 59n },
  { min: 0n, max: 23n },
  { min: 1n, max: 31n },
  { min: 1n, max: 12n, names: months },
  { min: 0n, max: 6n, names: days },
];

const descriptors = [
  "@yearly",
  "@annually",
  "@monthly",
  "@weekly",
  "@daily",
  "@midnight",
  "@hourly",
];
const every = "@every ";

/** Go's largest int. */
const intMax = 2n ** 63n - 1n;
const intDigitsMax = 19;

class ScheduleError extends Error {
  override readonly name = "ScheduleError";
}

/** Why a text is no schedule, in one sentence; undefined for a good one. */
export function cronScheduleError(schedule: string): string | undefined {
  try {
    checkSchedule(schedule);
    return undefined;
  } catch (error) {
    if (error instanceof ScheduleError) return error.message;
    throw error;
  }
}

function checkSchedule(schedule: string): void {
  if (schedule === "") throw new ScheduleError("empty spec string");
  const spec = withoutZone(schedule);
  if (spec.startsWith("@")) checkDescriptor(spec);
  else checkFields(spec);
}

function checkFields(spec: string): void {
  const fields = spec.split(/\s+/).filter((field) => field !== "");
  if (fields.length !== fieldBounds.length) {
    const found = `found ${fields.length}: [${fields.join(" ")}]`;
    throw new ScheduleError(`expected exactly ${fieldBounds.length} fields, ${found}`);
  }
  for (const [index, bounds] of fieldBounds.entries()) checkField(fields[index] ?? "", bounds);
}

/** "TZ=Europe/Paris 0 3 * * *" without its zone, which must be a good one. */
function withoutZone(schedule: string): string {
  if (!/^(?:CRON_)?TZ=/.test(schedule)) return schedule;
  const end = schedule.indexOf(" ");
  if (end < 0) {
    // The parser crashes on it, and Kubernetes tells its users how.
    const crash = "runtime error: slice bounds out of range [:-1]";
    throw new ScheduleError(`invalid schedule format: ${crash}`);
  }
  const error = scheduleZoneError(schedule.slice(schedule.indexOf("=") + 1, end));
  if (error !== undefined) throw new ScheduleError(error);
  return schedule.slice(end).trim();
}

function checkDescriptor(spec: string): void {
  if (descriptors.includes(spec)) return;
  if (!spec.startsWith(every)) throw new ScheduleError(`unrecognized descriptor: ${spec}`);
  const duration = parseGoDuration(spec.slice(every.length));
  if (duration.kind === "wrong") {
    throw new ScheduleError(`failed to parse duration ${spec}: time: ${duration.because}`);
  }
}

/** "1-5,10-20/2": a list of ranges, in which nothing between two commas is nothing. */
function checkField(field: string, bounds: Bounds): void {
  for (const range of field.split(",")) {
    if (range !== "") checkRange(range, bounds);
  }
}

function checkRange(range: string, bounds: Bounds): void {
  const [lowAndHigh = "", step = "1", ...otherSteps] = range.split("/");
  const { start, end } = limitsOf(lowAndHigh, range, bounds);
  if (otherSteps.length > 0) throw new ScheduleError(`too many slashes: ${range}`);
  const stepSize = integerOf(step);
  // "5/15" is "5-59/15".
  const isOpen = range.includes("/") && !lowAndHigh.includes("-");
  const last = isOpen ? bounds.max : end;
  if (start < bounds.min) {
    const beginning = `beginning of range (${start})`;
    throw new ScheduleError(`${beginning} below minimum (${bounds.min}): ${range}`);
  }
  if (last > bounds.max) {
    throw new ScheduleError(`end of range (${last}) above maximum (${bounds.max}): ${range}`);
  }
  if (start > last) {
    const beginning = `beginning of range (${start})`;
    throw new ScheduleError(`${beginning} beyond end of range (${last}): ${range}`);
  }
  if (stepSize === 0n) {
    throw new ScheduleError(`step of range should be a positive number: ${range}`);
  }
}

function limitsOf(text: string, range: string, bounds: Bounds): { start: bigint; end: bigint } {
  const [low = "", high, ...others] = text.split("-");
  if (low === "*" || low === "?") return { start: bounds.min, end: bounds.max };
  const start = numberOf(low, bounds);
  if (high === undefined) return { start, end: start };
  if (others.length > 0) throw new ScheduleError(`too many hyphens: ${range}`);
  return { start, end: numberOf(high, bounds) };
}

/** A number or a name: months count from 1, days from 0, as their bounds do. */
function numberOf(text: string, { min, names = [] }: Bounds): bigint {
  const index = names.indexOf(text.toLowerCase());
  return index < 0 ? integerOf(text) : min + BigInt(index);
}

/** As Go's `strconv.Atoi` reads it: decimal, with a sign or none. */
function integerOf(text: string): bigint {
  const [, sign, digits] = /^([-+]?)([0-9]+)$/.exec(text) ?? [];
  if (digits === undefined) throw unreadable(text, "invalid syntax");
  const significant = digits.replace(/^0+(?=[0-9])/, "");
  if (significant.length > intDigitsMax) throw unreadable(text, "value out of range");
  const value = BigInt(significant);
  if (value > intMax) throw unreadable(text, "value out of range");
  if (sign === "-" && value > 0n) {
    throw new ScheduleError(`negative number (-${value}) not allowed: ${text}`);
  }
  return value;
}

function unreadable(text: string, because: string): ScheduleError {
  const parsing = `strconv.Atoi: parsing ${JSON.stringify(text)}`;
  return new ScheduleError(`failed to parse int from ${text}: ${parsing}: ${because}`);
}
