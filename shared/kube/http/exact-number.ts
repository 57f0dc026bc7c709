import { badRequest, type StatusError } from "../status-error.ts";

/** What a text must have to hold a number that is not kept as it is written. */
const suspicious = /\d{16}|[eE]\+?\d{3}/;

/**
 * Throws 400 for a number in a JSON text that would be kept as another one. Kubernetes keeps whole
 * numbers of 64 bits; the fleet log keeps those that JSON's readers agree on (RFC 8259, section 6),
 * and must not change one without a word. The text has been parsed before.
 */
export function assertExactNumbers(text: string): void {
  if (!suspicious.test(text)) return;
  const check = (key: string, value: unknown, told?: { readonly source?: string }) => {
    if (typeof value === "number") assertExactNumber(told?.source ?? "0", key);
    return value;
  };
  JSON.parse(text, check as Parameters<typeof JSON.parse>[1]);
}

/** `field`: the last part of where it stands, when that is known. */
export function assertExactNumber(source: string, field = ""): void {
  if (!Number.isFinite(Number(source))) throw outOfRange(source);
  if (isRounded(source)) throw rounded(source, field);
}

const int64Max = 2n ** 63n;

/**
 * Whether a whole number is another one when it is written again: 2^60 is, although it is kept.
 * Larger ones than of 64 bits are floating point numbers in Kubernetes, too.
 */
function isRounded(source: string): boolean {
  if (!/^([-+]?\d{16,}|0[xo][\da-fA-F]{14,})$/.test(source)) return false;
  const exact = BigInt(source.replace("+", ""));
  if (exact >= int64Max || exact < -int64Max) return false;
  return BigInt(JSON.stringify(Number(exact))) !== exact;
}

function rounded(source: string, field: string): StatusError {
  const where = field === "" ? "" : ` of field ${JSON.stringify(field)}`;
  return badRequest(
    `the number ${source}${where} cannot be kept exactly: it must be between ` +
      `${Number.MIN_SAFE_INTEGER} and ${Number.MAX_SAFE_INTEGER}, or a text`,
  );
}

function outOfRange(source: string): StatusError {
  return badRequest(`json: cannot unmarshal number ${source} into Go value of type float64`);
}
