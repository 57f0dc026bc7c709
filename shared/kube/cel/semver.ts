import { type Meter, spend } from "../regex/meter.ts";
import type { Comparable } from "./cel-equals.ts";

interface Parts {
  readonly numbers: readonly [major: string, minor: string, patch: string];
  readonly prerelease: readonly string[];
}

/**
 * A semantic version without its build metadata, which says nothing of the order. A class, because
 * expressions tell their types by their constructors.
 */
export class Semver implements Comparable {
  readonly numbers: Parts["numbers"];
  readonly prerelease: readonly string[];
  /** "1.2.3-beta.1": no number has leading zeroes, so equal versions have equal texts. */
  readonly text: string;

  constructor({ numbers, prerelease }: Parts) {
    this.numbers = numbers;
    this.prerelease = prerelease;
    const suffix = prerelease.length === 0 ? "" : `-${prerelease.join(".")}`;
    this.text = `${numbers.join(".")}${suffix}`;
  }

  equals(other: unknown): boolean {
    return other instanceof Semver && other.text === this.text;
  }
}

/**
 * The version that a text is, or what is wrong with it, in the words of blang/semver.
 *
 * @see https://pkg.go.dev/github.com/blang/semver/v4#Parse
 */
export function parseSemver(text: string, meter: Meter): Semver | string {
  if (text === "") return "Version string empty";
  const match = /^([^.]*)\.([^.]*)\.([^+-]*)(?:-([^+]*))?(?:\+(.*))?$/s.exec(text);
  if (match === null) return "No Major.Minor.Patch elements found";
  const [, major = "", minor = "", patch = "", dotted, build] = match;
  const prerelease = dotted?.split(".") ?? [];
  const metadata = build?.split(".") ?? [];
  spend(meter, prerelease.length + metadata.length);
  return (
    wrongNumber("Major", major) ??
    wrongNumber("Minor", minor) ??
    wrongNumber("Patch", patch) ??
    firstWrong(prerelease, wrongPrerelease) ??
    firstWrong(metadata, wrongMetadata) ??
    new Semver({ numbers: [major, minor, patch], prerelease })
  );
}

/**
 * The text without a leading "v" and leading zeroes and with a minor and a patch number: "v1.02" is
 * "1.2.0". Undefined for a short version with more than numbers: "1.2-beta".
 */
export function normalizedVersion(text: string): string | undefined {
  const [, ...groups] = /^v?([^.]*)(?:\.([^.]*))?(?:\.(.*))?$/s.exec(text) ?? [];
  const parts = (groups as (string | undefined)[]).filter((part) => part !== undefined);
  if (parts.length < 3 && /[+-]/.test(parts.at(-1) ?? "")) return undefined;
  return [...parts.map(withoutZeroes), "0", "0"].slice(0, 3).join(".");
}

/** Below 0, 0 or above 0. Numbers are compared as numbers, all else by the codes of characters. */
export function compareSemvers(left: Semver, right: Semver, meter: Meter): number {
  const identifiers = Math.min(left.prerelease.length, right.prerelease.length);
  spend(meter, identifiers + Math.min(left.text.length, right.text.length) / 10);
  return (
    compareLists(left.numbers, right.numbers) ||
    // A version is above all that lead to it.
    Number(left.prerelease.length === 0) - Number(right.prerelease.length === 0) ||
    compareLists(left.prerelease, right.prerelease) ||
    left.prerelease.length - right.prerelease.length
  );
}

function compareLists(left: readonly string[], right: readonly string[]): number {
  for (const [index, each] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 0;
    const order = compareIdentifiers(each, other);
    if (order !== 0) return order;
  }
  return 0;
}

/** Numbers come before words. They have no leading zeroes, so the longer number is the larger. */
function compareIdentifiers(left: string, right: string): number {
  if (left === right) return 0;
  const [isNumber, isOther] = [digits.test(left), digits.test(right)];
  if (isNumber !== isOther) return isNumber ? -1 : 1;
  if (isNumber && left.length !== right.length) return left.length - right.length;
  return left < right ? -1 : 1;
}

const numberMax = 2n ** 64n - 1n;
const digits = /^\d*$/;
const identifier = /^[0-9A-Za-z-]*$/;

function wrongNumber(name: string, text: string): string | undefined {
  if (!digits.test(text)) {
    return `Invalid character(s) found in ${name.toLowerCase()} number ${JSON.stringify(text)}`;
  }
  if (hasLeadingZeroes(text)) {
    return `${name} number must not contain leading zeroes ${JSON.stringify(text)}`;
  }
  return text === "" ? 'strconv.ParseUint: parsing "": invalid syntax' : wrongSize(text);
}

function wrongSize(number: string): string | undefined {
  // Long numbers are slow to read.
  if (number.length <= 20 && BigInt(number) <= numberMax) return undefined;
  return `strconv.ParseUint: parsing ${JSON.stringify(number)}: value out of range`;
}

function wrongPrerelease(text: string): string | undefined {
  if (text === "") return "Prerelease is empty";
  if (!digits.test(text)) {
    return identifier.test(text)
      ? undefined
      : `Invalid character(s) found in prerelease ${JSON.stringify(text)}`;
  }
  return hasLeadingZeroes(text)
    ? `Numeric PreRelease version must not contain leading zeroes ${JSON.stringify(text)}`
    : wrongSize(text);
}

function wrongMetadata(text: string): string | undefined {
  if (text === "") return "Build meta data is empty";
  return identifier.test(text)
    ? undefined
    : `Invalid character(s) found in build meta data ${JSON.stringify(text)}`;
}

function firstWrong(
  texts: readonly string[],
  wrong: (text: string) => string | undefined,
): string | undefined {
  for (const text of texts) {
    const because = wrong(text);
    if (because !== undefined) return because;
  }
  return undefined;
}

function hasLeadingZeroes(text: string): boolean {
  return text.length > 1 && text.startsWith("0");
}

/** "0" stays, and what is no number gets one in front, which makes it no number either. */
function withoutZeroes(part: string): string {
  if (part.length < 2) return part;
  const rest = part.replace(/^0+/, "");
  return /^\d/.test(rest) ? rest : `0${rest}`;
}
