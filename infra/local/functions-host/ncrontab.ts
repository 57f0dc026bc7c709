/**
 * A schedule as timers write it: `{second} {minute} {hour} {day} {month} {day of week}`, in UTC;
 * five fields mean second 0. A field is `*`, a number, a name (`Jan`, `Mon`), a range `a-b`, each
 * with `/step`, or a list of these. Day and day of week must both fit.
 *
 * @see https://learn.microsoft.com/azure/azure-functions/functions-bindings-timer
 */
export interface Ncrontab {
  readonly text: string;
  /** The allowed numbers of each field, from second to day of week. */
  readonly fields: readonly ReadonlySet<number>[];
}

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly words?: readonly string[];
}

const fieldsOfSix: readonly Field[] = [
  { name: "second", min: 0, max: 59 },
  { name: "minute", min: 0, max: 59 },
  { name: "hour", min: 0, max: 23 },
  { name: "day", min: 1, max: 31 },
  {
    name: "month",
    min: 1,
    max: 12,
    words: "jan feb mar apr may jun jul aug sep oct nov dec".split(" "),
  },
  { name: "day of week", min: 0, max: 6, words: "sun mon tue wed thu fri sat".split(" ") },
];

/** Throws a RangeError that names the field at fault. */
export function parseNcrontab(text: string): Ncrontab {
  const given = text.trim().split(/\s+/);
  const six = given.length === 5 ? ["0", ...given] : given;
  if (six.length !== fieldsOfSix.length) {
    throw new RangeError(`Cannot parse schedule "${text}": must have 5 or 6 fields`);
  }
  const fields = fieldsOfSix.map((field, at) => {
    const allowed = parseField(six[at] ?? "", field);
    if (allowed !== undefined) return allowed;
    throw new RangeError(
      `Cannot parse schedule "${text}": ${field.name} "${six[at]}" must stay within ` +
        `${field.min}-${field.max}`,
    );
  });
  return { text, fields };
}

function parseField(text: string, field: Field): ReadonlySet<number> | undefined {
  const allowed = new Set<number>();
  for (const item of text.split(",")) {
    const range = parseRange(item, field);
    if (range === undefined) return undefined;
    for (let value = range.from; value <= range.to; value += range.step) allowed.add(value);
  }
  return allowed;
}

function parseRange(item: string, field: Field) {
  const [range = "", stepText, ...more] = item.split("/");
  const step = stepText === undefined ? 1 : Number(stepText);
  if (!Number.isInteger(step) || step < 1 || more.length > 0) return undefined;
  if (range === "*") return { from: field.min, to: field.max, step };
  const [first = "", last, ...rest] = range.split("-");
  const from = parseValue(first, field);
  const to = last === undefined ? undefined : parseValue(last, field);
  if (from === undefined || rest.length > 0 || (last !== undefined && to === undefined)) {
    return undefined;
  }
  if (to !== undefined) return { from: Math.min(from, to), to: Math.max(from, to), step };
  return { from, to: stepText === undefined ? from : field.max, step };
}

function parseValue(text: string, { min, max, words }: Field): number | undefined {
  const word = words?.findIndex((each) => text.toLowerCase().startsWith(each)) ?? -1;
  if (word >= 0) return word + min;
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return value >= min && value <= max ? value : undefined;
}

/** A leap day on one weekday comes every 28 years, or every 40 across a year like 2100. */
const searchMilliseconds = 41 * 366 * 86_400_000;

/** The first moment after `from` that fits. Throws a RangeError when there is none, as Feb 30. */
export function nextOccurrence({ text, fields }: Ncrontab, from: Date): Date {
  const at = new Date(Math.floor(from.getTime() / 1000) * 1000 + 1000);
  const end = at.getTime() + searchMilliseconds;
  while (at.getTime() < end) {
    if (!moveTowards(at, fields)) return at;
  }
  throw new RangeError(`Cannot follow schedule "${text}": it never occurs`);
}

/** Moves to the start of the next unit when the largest one that does not fit; says whether. */
function moveTowards(at: Date, fields: Ncrontab["fields"]): boolean {
  const fits = (field: number, value: number) => fields[field]?.has(value) === true;
  if (!fits(4, at.getUTCMonth() + 1)) {
    at.setUTCMonth(at.getUTCMonth() + 1, 1);
    at.setUTCHours(0, 0, 0, 0);
  } else if (!(fits(3, at.getUTCDate()) && fits(5, at.getUTCDay()))) {
    at.setUTCDate(at.getUTCDate() + 1);
    at.setUTCHours(0, 0, 0, 0);
  } else if (!fits(2, at.getUTCHours())) {
    at.setUTCHours(at.getUTCHours() + 1, 0, 0, 0);
  } else if (!fits(1, at.getUTCMinutes())) {
    at.setUTCMinutes(at.getUTCMinutes() + 1, 0, 0);
  } else if (!fits(0, at.getUTCSeconds())) {
    at.setUTCSeconds(at.getUTCSeconds() + 1, 0);
  } else {
    return false;
  }
  return true;
}
