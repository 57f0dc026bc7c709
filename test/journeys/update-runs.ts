/** Update runs through the official SDK of Azure Kubernetes Fleet Manager. */
import type { UpdateRun } from "@azure/arm-containerservicefleet";
import { createClusters } from "../../infra/local/create-clusters.ts";
import { sampleCluster, sampleClusters } from "../../infra/local/sample-clusters.ts";
import { eventually, eventuallyDespiteFaults } from "./eventually.ts";
import type { Laptop } from "./laptop.ts";
import { joined } from "./members.ts";

/** Two clusters in each update group, and two groups in the last stage. */
export const groups = {
  test: ["aks-eastus-1", "aks-eastus-2"],
  staging: ["aks-westeurope-1", "aks-westeurope-2"],
  "production-1": ["aks-southeastasia-1", "aks-southeastasia-3"],
  "production-2": ["aks-southeastasia-2", "aks-southeastasia-4"],
} as const;

export const waves: readonly (readonly string[])[] = [
  groups.test,
  groups.staging,
  [...groups["production-1"], ...groups["production-2"]],
];

export const everyCluster: readonly string[] = waves.flat().toSorted();

/** So long the test and staging stages wait for what might still go wrong. */
export const waitSeconds = 2;

/** The clusters of `groups`, joined. */
export async function waveFleet(laptop: Laptop): Promise<void> {
  const { fleetName } = laptop.endpoints;
  const clusters = [
    ...sampleClusters(6, fleetName),
    sampleCluster("southeastasia", 3, fleetName),
    sampleCluster("southeastasia", 4, fleetName),
  ];
  await createClusters(laptop.aks, clusters);
  await joined(laptop, everyCluster);
}

const allStages = {
  test: { groups: [{ name: "test" }], afterStageWaitInSeconds: waitSeconds },
  staging: { groups: [{ name: "staging" }], afterStageWaitInSeconds: waitSeconds },
  production: { groups: [{ name: "production-1" }, { name: "production-2" }] },
};

export type Stage = keyof typeof allStages;

const quickly = { updateIntervalInMs: 200 };

/** Puts a strategy of these stages, by default of all, and a run of it to the version. */
export async function putRun(
  laptop: Laptop,
  name: string,
  wanted: { readonly version: string; readonly stages?: readonly Stage[] },
): Promise<void> {
  const { version: kubernetesVersion, stages = ["test", "staging", "production"] } = wanted;
  const { resourceGroup, fleetName } = laptop.endpoints;
  const strategy = await laptop.fleet.fleetUpdateStrategies.createOrUpdate(
    resourceGroup,
    fleetName,
    stages.join("-"),
    {
      properties: {
        strategy: { stages: stages.map((stage) => ({ name: stage, ...allStages[stage] })) },
      },
    },
    quickly,
  );
  const properties = {
    updateStrategyId: strategy.id ?? "",
    managedClusterUpdate: {
      upgrade: { type: "Full", kubernetesVersion },
      nodeImageSelection: { type: "Latest" },
    },
  };
  await laptop.fleet.updateRuns.createOrUpdate(
    resourceGroup,
    fleetName,
    name,
    { properties },
    quickly,
  );
}

export async function startRun({ fleet, endpoints }: Laptop, name: string): Promise<void> {
  await fleet.updateRuns.start(endpoints.resourceGroup, endpoints.fleetName, name, quickly);
}

export async function stopRun({ fleet, endpoints }: Laptop, name: string): Promise<void> {
  await fleet.updateRuns.stop(endpoints.resourceGroup, endpoints.fleetName, name, quickly);
}

export async function getRun({ fleet, endpoints }: Laptop, name: string): Promise<UpdateRun> {
  return await fleet.updateRuns.get(endpoints.resourceGroup, endpoints.fleetName, name);
}

/** Waits until the run is in this state. */
export async function runIs(
  laptop: Laptop,
  name: string,
  wanted: {
    readonly state: string;
    readonly limitSeconds: number;
    readonly faults?: boolean;
  },
): Promise<UpdateRun> {
  const { state, limitSeconds, faults = false } = wanted;
  const expectation = {
    expected: `update run ${name} is ${state}`,
    look: async () => await getRun(laptop, name),
    missing: (run: UpdateRun) => (stateOf(run) === state ? undefined : describe(run)),
    limitSeconds,
  };
  return await (faults ? eventuallyDespiteFaults(expectation) : eventually(expectation));
}

export const stateOf = (run: UpdateRun): string => run.properties?.status?.status?.state ?? "";

/** `{ stage: state }` in the order of the stages. */
export function stageStates(run: UpdateRun): Readonly<Record<string, string>> {
  const seen = run.properties?.status?.stages ?? [];
  return Object.fromEntries(seen.map(({ name, status }) => [name ?? "", status?.state ?? ""]));
}

/** `{ member: state }`, ordered by name. */
export function memberStates(run: UpdateRun): Readonly<Record<string, string>> {
  const seen = (run.properties?.status?.stages ?? [])
    .flatMap((stage) => stage.groups ?? [])
    .flatMap((group) => group.members ?? [])
    .map(({ name, status }) => [name ?? "", status?.state ?? ""] as const);
  return Object.fromEntries(seen.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

/** The version that each cluster and its pools run, by ARM. */
export async function versionsOf({ aks }: Laptop): Promise<Readonly<Record<string, string>>> {
  const versions: Record<string, string> = {};
  for await (const cluster of aks.managedClusters.list()) {
    const pools = cluster.agentPoolProfiles?.map((pool) => pool.currentOrchestratorVersion) ?? [];
    const all = [...new Set([cluster.currentKubernetesVersion, ...pools])];
    versions[cluster.name ?? ""] = all.join(" and ");
  }
  return versions;
}

/** `{ cluster: value }` for each of these, ordered by name. */
export const each = <Value>(
  clusters: readonly string[],
  value: Value,
): Readonly<Record<string, Value>> =>
  Object.fromEntries(clusters.toSorted().map((name) => [name, value]));

const describe = (run: UpdateRun): string =>
  `${stateOf(run)}, stages ${JSON.stringify(stageStates(run))}, ` +
  `members ${JSON.stringify(memberStates(run))}`;
