const unitNanoseconds: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  "\u00B5s": 1e3,
  "\u03BCs": 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3_600e9,
};

/** Go counts in 64 bits. */
const nanosecondsMax = 2 ** 63;

/**
 * Why a text is no duration, in the words of Go's `time.ParseDuration`; undefined for "1h30m".
 *
 * @see https://pkg.go.dev/time#ParseDuration
 */
export function durationError(text: string): string | undefined {
  const invalid = `time: invalid duration ${JSON.stringify(text)}`;
  const unsigned = /^[-+]/.test(text) ? text.slice(1) : text;
  if (unsigned === "0") return undefined;
  if (!/^[0-9.]/.test(unsigned)) return invalid;
  let nanoseconds = 0;
  for (const [, digits = "", unit = ""] of unsigned.matchAll(/([0-9.]+)([^0-9.]*)/g)) {
    if (!/^(?:[0-9]+\.?[0-9]*|\.[0-9]+)$/.test(digits)) return invalid;
    if (unit === "") return `time: missing unit in duration ${JSON.stringify(text)}`;
    const factor = Object.hasOwn(unitNanoseconds, unit) ? unitNanoseconds[unit] : undefined;
    if (factor === undefined) {
      return `time: unknown unit ${JSON.stringify(unit)} in duration ${JSON.stringify(text)}`;
    }
    nanoseconds += Number(digits) * factor;
  }
  return nanoseconds > nanosecondsMax ? invalid : undefined;
}
