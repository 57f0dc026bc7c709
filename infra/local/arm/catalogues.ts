import { type State, sameText } from "./state.ts";
import type { Catalogue } from "./versions.ts";

/** What each region offers; it differs while a release is on its way through the regions. */
export interface Catalogues {
  readonly of: (location: string) => Catalogue;
  /** Replaces what a region offers, or all regions when none is named. */
  readonly publish: (change: (catalogue: Catalogue) => Catalogue, location?: string) => void;
}

const everywhere = "everywhere";

/** `announce` is told of new versions, with the data of AKS's event. */
export function createCatalogues(
  state: Pick<State, "note" | "noted">,
  initial: Catalogue,
  announce: (location: string | undefined, data: Readonly<Record<string, string>>) => void,
): Catalogues {
  const noted = (state.noted("catalogues") ?? {}) as Record<string, Catalogue>;
  const catalogues = new Map(Object.entries({ [everywhere]: initial, ...noted }));
  const of = (location: string): Catalogue =>
    catalogues.get(keyOf(location)) ?? catalogues.get(everywhere) ?? initial;
  return {
    of,
    publish: (change, location) => {
      const keys = location === undefined ? [...catalogues.keys()] : [keyOf(location)];
      const before = of(location ?? everywhere);
      for (const key of keys) catalogues.set(key, change(of(key)));
      state.note("catalogues", Object.fromEntries(catalogues));
      const after = of(location ?? everywhere);
      if (!sameText(newest(before, false), newest(after, false))) announce(location, dataOf(after));
    },
  };
}

function keyOf(location: string): string {
  return location.replaceAll(" ", "").toLowerCase();
}

function newest({ releases }: Catalogue, isPreview: boolean): string {
  return (
    releases
      .filter((release) => (release.isPreview ?? false) === isPreview)
      .at(-1)
      ?.patches.at(-1) ?? ""
  );
}

function dataOf(catalogue: Catalogue): Readonly<Record<string, string>> {
  const stable = catalogue.releases.find(({ isDefault }) => isDefault);
  const oldest = catalogue.releases.find(({ isLongTermOnly }) => isLongTermOnly !== true);
  return {
    latestSupportedKubernetesVersion: newest(catalogue, false),
    latestStableKubernetesVersion: stable?.patches.at(-1) ?? newest(catalogue, false),
    lowestMinorKubernetesVersion: oldest?.patches[0] ?? "",
    latestPreviewKubernetesVersion: newest(catalogue, true),
  };
}
