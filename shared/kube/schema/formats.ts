import { isIPv4, isIPv6 } from "node:net";
import { durationNanos } from "../cel/duration.ts";

/**
 * The formats of strings that a kube-apiserver (1.34) checks; any other format only documents.
 *
 * @see https://pkg.go.dev/k8s.io/kube-openapi/pkg/validation/strfmt
 */
export function hasFormat(format: string, text: string): boolean {
  const check = formats.get(format);
  return check === undefined || check(text);
}

const label = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const host = /^[A-Za-z0-9_]([A-Za-z0-9_-]{0,62})$/;

const formats: ReadonlyMap<string, (text: string) => boolean> = new Map([
  ["bsonobjectid", matches(/^[0-9a-fA-F]{24}$/)],
  ["uri", isUri],
  ["email", matches(/^[^\s@<>,;:"()[\]\\]+@[^\s@<>,;:"()[\]\\]+$/)],
  ["hostname", isHostname],
  ["ipv4", isIPv4],
  ["ipv6", (text: string) => isIPv6(text) && !text.includes("%")],
  ["cidr", isCidr],
  ["mac", matches(/^([0-9a-fA-F]{2}([:-]))([0-9a-fA-F]{2}\2){4}[0-9a-fA-F]{2}$/)],
  ["uuid", uuid("[0-9a-fA-F]", "")],
  ["uuid3", uuid("3", "")],
  ["uuid4", uuid("4", "[89abAB]")],
  ["uuid5", uuid("5", "[89abAB]")],
  ["isbn", (text: string) => isIsbn10(text) || isIsbn13(text)],
  ["isbn10", isIsbn10],
  ["isbn13", isIsbn13],
  ["creditcard", isCreditCard],
  ["ssn", matches(/^\d{3}[- ]?\d{2}[- ]?\d{4}$/)],
  ["hexcolor", matches(/^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/)],
  [
    "rgbcolor",
    (text: string) =>
      (/^rgb\((\s*\d{1,3}\s*(,|\)$)){3}$/.test(text) && text.match(/\d+/g)?.every(isByte)) ?? false,
  ],
  ["byte", isBase64],
  ["date", isDate],
  ["datetime", isDateTime],
  ["date-time", isDateTime],
  ["duration", isDuration],
  ["k8s-short-name", matches(label)],
  ["k8s-long-name", (text: string) => text.length <= 253 && text.split(".").every(matches(label))],
]);

function matches(pattern: RegExp): (text: string) => boolean {
  return (text) => pattern.test(text);
}

function uuid(version: string, variant: string): (text: string) => boolean {
  const x = "[0-9a-fA-F]";
  const third = version.length === 1 ? `${version}${x}{3}` : `${x}{4}`;
  const fourth = variant === "" ? `${x}{4}` : `${variant}${x}{3}`;
  return matches(new RegExp(`^${x}{8}-?${x}{4}-?${third}-?${fourth}-?${x}{12}$`));
}

function isUri(text: string): boolean {
  return text.startsWith("/") ? !/\s/.test(text) : URL.canParse(text);
}

function isHostname(text: string): boolean {
  const name = text.replace(/\.$/, "");
  return name.length <= 255 && name.split(".").every((part) => host.test(part));
}

function isCidr(text: string): boolean {
  const [address = "", prefix = "", ...more] = text.split("/");
  if (more.length > 0 || !/^(0|[1-9]\d{0,2})$/.test(prefix)) return false;
  if (isIPv4(address)) return Number(prefix) <= 32;
  return isIPv6(address) && Number(prefix) <= 128;
}

/** The pattern that Kubernetes checks by takes no empty text. */
function isBase64(text: string): boolean {
  return text !== "" && text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}

/** Of the offset only the form is looked at, as Kubernetes does. */
function isDateTime(text: string): boolean {
  const [, date = "", hour = ""] =
    /^(.{10})[Tt](\d\d):[0-5]\d:[0-5]\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/.exec(text) ?? [];
  return isDate(date) && hour <= "23";
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const time = new Date(`${text}T00:00:00Z`);
  // A day that its month has not is one of the next.
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(text);
}

/** As Go writes it ("1h30m"), or in words ("2 days"). */
function isDuration(text: string): boolean {
  if (durationNanos(text) !== undefined) return true;
  const [, unit = ""] = /^\s*\d+(?:\.\d+)?\s*([a-zµ]+)$/i.exec(text) ?? [];
  return durationUnits.test(unit);
}

const durationUnits = /^(ns|us|µs|ms|[smhdw]|(nano|micro|milli|second|minute|hour|day|week)s?)$/i;

function isByte(digits: string): boolean {
  return Number(digits) <= 255;
}

function isIsbn10(text: string): boolean {
  const digits = text.replaceAll(/[\s-]/g, "");
  if (!/^\d{9}[\dX]$/.test(digits)) return false;
  const sum = [...digits].reduce(
    (all, each, index) => all + (each === "X" ? 10 : Number(each)) * (index + 1),
    0,
  );
  return sum % 11 === 0;
}

function isIsbn13(text: string): boolean {
  const digits = text.replaceAll(/[\s-]/g, "");
  if (!/^\d{13}$/.test(digits)) return false;
  return (
    [...digits].reduce((all, each, i) => all + Number(each) * (i % 2 === 0 ? 1 : 3), 0) % 10 === 0
  );
}

/** Luhn's check. */
function isCreditCard(text: string): boolean {
  const digits = text.replaceAll(/\D/g, "");
  if (digits.length < 13 || digits.length > 19) return false;
  const sum = [...digits].reverse().reduce((all, each, index) => {
    const value = Number(each) * (index % 2 === 0 ? 1 : 2);
    return all + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}
