const layout = "2006-01-02T15:04:05Z07:00";

/** What Go reads of a time, part after part, each with its name in the layout. */
const parts: readonly (readonly [name: string, form: RegExp, range?: Range])[] = [
  ["2006", /^\d{4}/],
  ["-", /^-/],
  ["01", /^\d{2}/, { of: "month", min: 1, max: 12 }],
  ["-", /^-/],
  ["02", /^\d{2}/],
  ["T", /^T/],
  ["15", /^\d{1,2}/, { of: "hour", min: 0, max: 23 }],
  [":", /^:/],
  ["04", /^\d{2}/, { of: "minute", min: 0, max: 59 }],
  [":", /^:/],
  ["05", /^\d{2}(?:[.,]\d+)?/, { of: "second", min: 0, max: 59 }],
  ["Z07:00", /^(?:Z|[+-]\d{2}:\d{2})/],
];

interface Range {
  readonly of: string;
  readonly min: number;
  readonly max: number;
}

/**
 * Why Go does not take a text as a time of RFC 3339, in its words; undefined for one that it takes.
 * `parsing time "foo" as "2006-01-02T15:04:05Z07:00": cannot parse "foo" as "2006"`
 *
 * @see https://pkg.go.dev/time#ParseError
 */
export function goTimeError(text: string): string | undefined {
  const parsing = `parsing time ${JSON.stringify(text)}`;
  let rest = text;
  for (const [name, form, range] of parts) {
    const found = form.exec(rest)?.[0];
    if (found === undefined) {
      const [left, wanted] = [JSON.stringify(rest), JSON.stringify(name)];
      return `${parsing} as ${JSON.stringify(layout)}: cannot parse ${left} as ${wanted}`;
    }
    if (range !== undefined && !isWithin(found, range)) {
      return `${parsing}: ${range.of} out of range`;
    }
    rest = rest.slice(found.length);
  }
  if (rest !== "") return `${parsing}: extra text: ${JSON.stringify(rest)}`;
  return isDayOfMonth(text) ? undefined : `${parsing}: day out of range`;
}

function isWithin(found: string, { min, max }: Range): boolean {
  const value = Math.trunc(Number(found.replace(",", ".")));
  return value >= min && value <= max;
}

function isDayOfMonth(text: string): boolean {
  const [year, month, day] = text.slice(0, 10).split("-").map(Number);
  const date = new Date(0);
  date.setUTCFullYear(year ?? 0, (month ?? 1) - 1, day ?? 0);
  return date.getUTCMonth() + 1 === month && date.getUTCDate() === day;
}
