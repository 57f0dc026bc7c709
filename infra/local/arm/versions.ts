/**
 * Which Kubernetes versions and node images a region has, and what can follow what.
 *
 * @see https://learn.microsoft.com/azure/aks/supported-kubernetes-versions
 */

export interface KubernetesRelease {
  /** `1.34`. */
  readonly minor: string;
  /** `1.34.1`, oldest first. */
  readonly patches: readonly string[];
  readonly isDefault?: boolean;
  readonly isPreview?: boolean;
  /** Out of the ordinary support: for clusters with long-term support alone. */
  readonly isLongTermOnly?: boolean;
}

/** What AKS offers in a region. */
export interface Catalogue {
  /** Oldest first. */
  readonly releases: readonly KubernetesRelease[];
  /** `202611.01.0`, oldest first; the last is what a new node gets. */
  readonly imageDates: readonly string[];
}

export const defaultCatalogue: Catalogue = {
  releases: [
    { minor: "1.31", patches: ["1.31.12", "1.31.13"], isLongTermOnly: true },
    { minor: "1.32", patches: ["1.32.9", "1.32.10"] },
    { minor: "1.33", patches: ["1.33.4", "1.33.5"] },
    { minor: "1.34", patches: ["1.34.1", "1.34.2"], isDefault: true },
    { minor: "1.35", patches: ["1.35.0"], isPreview: true },
  ],
  imageDates: ["202610.13.0", "202611.03.0"],
};

/** The newest patch for `1.34`, the version itself for `1.34.1`; undefined when not offered. */
export function resolveVersion(catalogue: Catalogue, wanted: string): string | undefined {
  const release = releaseOf(catalogue, wanted);
  if (release === undefined) return undefined;
  return wanted === release.minor
    ? release.patches.at(-1)
    : release.patches.find((patch) => patch === wanted);
}

export function releaseOf(catalogue: Catalogue, version: string): KubernetesRelease | undefined {
  return catalogue.releases.find(({ minor }) => minor === minorOf(version));
}

export function defaultVersion(catalogue: Catalogue): string {
  const release =
    catalogue.releases.find(({ isDefault }) => isDefault) ?? catalogue.releases.at(-1);
  const version = release?.patches.at(-1);
  if (version === undefined) throw new Error("Cannot choose a version: the catalogue is empty");
  return version;
}

/**
 * What a control plane may go to: later patches of its minor and all of the next minor. One that is
 * older than everything on offer may go to the oldest minor.
 */
export function upgradesOf(catalogue: Catalogue, from: string): readonly string[] {
  const later = catalogue.releases.flatMap(({ patches }) =>
    patches.filter((patch) => compareVersions(patch, from) > 0),
  );
  const next = later.find((patch) => minorOf(patch) !== minorOf(from));
  return later.filter((patch) =>
    [minorOf(from), next === undefined ? "" : minorOf(next)].includes(minorOf(patch)),
  );
}

/** Below zero when `one` is older. Both are `1.34` or `1.34.1`. */
export function compareVersions(one: string, other: string): number {
  const [left, right] = [one, other].map((version) => version.split(".").map(Number));
  for (const index of [0, 1, 2]) {
    const difference = (left?.[index] ?? 0) - (right?.[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

export function minorOf(version: string): string {
  return version.split(".").slice(0, 2).join(".");
}

/** 34 for `1.34.1`. */
export function minorNumber(version: string): number {
  return Number(version.split(".")[1] ?? 0);
}

/** `AKSUbuntu-2204gen2containerd-202611.03.0`. */
export function latestImage(catalogue: Catalogue, pool: { osType: string; osSKU: string }): string {
  return `${imageFamily(pool)}-${catalogue.imageDates.at(-1) ?? "202601.01.0"}`;
}

function imageFamily({ osType, osSKU }: { osType: string; osSKU: string }): string {
  if (osType.toLowerCase() === "windows") return "AKSWindows-2022-containerd";
  return osSKU.toLowerCase() === "azurelinux"
    ? "AKSAzureLinux-V3gen2"
    : "AKSUbuntu-2204gen2containerd";
}
