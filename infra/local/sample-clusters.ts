/** The small fleet that the laptop starts with: where its clusters are and what their tags say. */
export interface SampleCluster {
  readonly name: string;
  readonly resourceGroup: string;
  readonly location: string;
  readonly tags: Readonly<Record<string, string>>;
}

const regions = ["eastus", "westeurope", "southeastasia"] as const;

/**
 * `count` clusters, two a region until each region has two, then on and on. A region is an
 * environment: eastus tests, westeurope stages, southeastasia produces, in two update groups.
 */
export function sampleClusters(count: number, fleetName: string): readonly SampleCluster[] {
  return Array.from({ length: count }, (_, index) => {
    const location = regions[Math.floor(index / 2) % regions.length] ?? "eastus";
    const number = (index % 2) + 1 + 2 * Math.floor(index / (2 * regions.length));
    return sampleCluster(location, number, fleetName);
  });
}

export function sampleCluster(location: string, number: number, fleetName: string): SampleCluster {
  const environment = environments[location] ?? "test";
  return {
    name: `aks-${location}-${number}`,
    resourceGroup: `rg-${location}`,
    location,
    tags: {
      "hubless-fleet": fleetName,
      env: environment,
      ...(environment === "production" && {
        "hubless-group": `production-${number % 2 === 1 ? 1 : 2}`,
      }),
    },
  };
}

const environments: Readonly<Record<string, string>> = {
  eastus: "test",
  westeurope: "staging",
  southeastasia: "production",
};

/** What the sample clusters run before the tour, and what it upgrades them to. */
export const versionBefore = "1.33.5";
export const versionAfter = "1.34.1";
