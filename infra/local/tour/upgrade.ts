import type { UpdateRun } from "@azure/arm-containerservicefleet";
import { versionAfter } from "../sample-clusters.ts";
import type { Step, TourContext } from "./step.ts";
import { waitUntil } from "./wait-until.ts";

const strategyName = "waves";
const runName = "to-1-34";
const waitSeconds = 3;

export const upgrade: Step = {
  name: "upgrade",
  title: `Clusters upgrade to ${versionAfter} in waves: test, then staging, then production`,
  tryIt: "kubectl get memberclusters -o wide",
  run: async (context) => {
    const { resourceGroup, fleetName } = context.endpoints;
    const { fleetUpdateStrategies, updateRuns } = context.fleet;
    const strategy = await fleetUpdateStrategies.createOrUpdate(
      resourceGroup,
      fleetName,
      strategyName,
      { properties: { strategy: { stages: stages.map((stage) => ({ ...stage })) } } },
    );
    await updateRuns.createOrUpdate(resourceGroup, fleetName, runName, {
      properties: {
        updateStrategyId: strategy.id ?? "",
        managedClusterUpdate: {
          upgrade: { type: "Full", kubernetesVersion: versionAfter },
          nodeImageSelection: { type: "Latest" },
        },
      },
    });
    await updateRuns.start(resourceGroup, fleetName, runName);
    context.tell(`started the update run ${runName}`);
    await follow(context);
  },
};

const stages = [
  { name: "test", groups: [{ name: "test" }], afterStageWaitInSeconds: waitSeconds },
  { name: "staging", groups: [{ name: "staging" }], afterStageWaitInSeconds: waitSeconds },
  { name: "production", groups: [{ name: "production-1" }, { name: "production-2" }] },
];

/** Watches the run until it is over, and remembers who started when. */
async function follow(context: TourContext): Promise<void> {
  const { resourceGroup, fleetName } = context.endpoints;
  const order: string[] = [];
  const run = await waitUntil({
    expected: `the update run ${runName} completes`,
    look: async () => {
      const seen = await context.fleet.updateRuns.get(resourceGroup, fleetName, runName);
      for (const { name, state } of membersOf(seen)) {
        if (state === "NotStarted" || order.includes(name)) continue;
        order.push(name);
        context.tell(`${name} upgrades`);
      }
      return seen;
    },
    missing: (seen) => {
      const state = stateOf(seen);
      return state === "Completed" ? undefined : `the run is ${state}`;
    },
    where: `the run's status: GET .../updateRuns/${runName}, or the dashboard`,
    limitSeconds: 90,
  });
  const upgraded = await upgradedClusters(context);
  context.result.updateRun = { state: stateOf(run), upgraded, order };
  context.tell(`${upgraded.length} clusters run ${versionAfter}`);
}

async function upgradedClusters(context: TourContext): Promise<readonly string[]> {
  const upgraded: string[] = [];
  for await (const { name, currentKubernetesVersion } of context.aks.managedClusters.list()) {
    if (currentKubernetesVersion === versionAfter) upgraded.push(name ?? "");
  }
  const absent = context.result.members.filter((name) => !upgraded.includes(name));
  if (absent.length > 0) {
    throw new Error(`Expected ${versionAfter} in every cluster; not so in ${absent.join(", ")}`);
  }
  return upgraded.toSorted();
}

const stateOf = (run: UpdateRun): string => run.properties?.status?.status?.state ?? "NotStarted";

function membersOf(run: UpdateRun): readonly { readonly name: string; readonly state: string }[] {
  const groups = (run.properties?.status?.stages ?? []).flatMap((stage) => stage.groups ?? []);
  return groups
    .flatMap((group) => group.members ?? [])
    .map(({ name, status }) => ({ name: name ?? "", state: status?.state ?? "NotStarted" }));
}
