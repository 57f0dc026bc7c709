import { type Catalogue, defaultCatalogue } from "../arm/versions.ts";

/** AKS withdraws old patches; on a laptop all stay, so that any manifest's version is there. */
export const laptopCatalogue: Catalogue = {
  ...defaultCatalogue,
  releases: defaultCatalogue.releases.map((release) => {
    const last = Number(release.patches.at(-1)?.split(".").at(-1) ?? 0);
    const patches = Array.from({ length: last + 1 }, (_, patch) => `${release.minor}.${patch}`);
    return { ...release, patches };
  }),
};
