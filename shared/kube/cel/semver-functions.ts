import type { Meter } from "../regex/meter.ts";
import { type Call, CelError, type CelFunction, notMine } from "./cel-function.ts";
import { compareSemvers, normalizedVersion, parseSemver, Semver } from "./semver.ts";

/** @see https://kubernetes.io/docs/reference/using-api/cel/#kubernetes-semver-library */
export const semverFunctions: readonly CelFunction[] = [
  {
    signatures: ["semver(string): kubernetes.Semver", "semver(string, bool): kubernetes.Semver"],
    run: onText((found) => {
      if (typeof found === "string") throw new CelError(found);
      return found;
    }),
  },
  {
    signatures: ["isSemver(string): bool", "isSemver(string, bool): bool"],
    run: onText((found) => found instanceof Semver),
  },
  { signatures: ["kubernetes.Semver.major(): int"], run: onNumber(0) },
  { signatures: ["kubernetes.Semver.minor(): int"], run: onNumber(1) },
  { signatures: ["kubernetes.Semver.patch(): int"], run: onNumber(2) },
  {
    signatures: ["kubernetes.Semver.isLessThan(kubernetes.Semver): bool"],
    run: onPair((order) => order < 0),
  },
  {
    signatures: ["kubernetes.Semver.isGreaterThan(kubernetes.Semver): bool"],
    run: onPair((order) => order > 0),
  },
  {
    signatures: ["kubernetes.Semver.compareTo(kubernetes.Semver): int"],
    run: onPair((order) => BigInt(Math.sign(order))),
  },
];

/** With the version that the text is, or what is wrong with it. */
function onText(run: (found: Semver | string) => unknown): CelFunction["run"] {
  return ({ args: [text, normalize = false], meter }) => {
    if (typeof text !== "string" || typeof normalize !== "boolean") return notMine;
    return run(normalize ? parseLoosely(text, meter) : parseSemver(text, meter));
  };
}

function parseLoosely(text: string, meter: Meter): Semver | string {
  const version = normalizedVersion(text);
  return version === undefined
    ? "short version cannot contain PreRelease/Build meta data"
    : parseSemver(version, meter);
}

/** Kubernetes turns the unsigned numbers into signed ones, so the upper half is below 0. */
function onNumber(index: 0 | 1 | 2): CelFunction["run"] {
  return ({ args: [version] }) =>
    version instanceof Semver ? BigInt.asIntN(64, BigInt(version.numbers[index])) : notMine;
}

function onPair(run: (order: number) => unknown): CelFunction["run"] {
  return ({ args: [left, right], meter }: Call) =>
    left instanceof Semver && right instanceof Semver
      ? run(compareSemvers(left, right, meter))
      : notMine;
}
