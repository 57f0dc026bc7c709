/**
 * One workload to all members of a fleet: how long it takes until it is available everywhere, and
 * what each member costs, in fleets of different sizes.
 *
 * The workload is the tour's: a namespace with a config map, a deployment and a service. Each size
 * has a cloud of its own, one after the other. That every member holds the workload is looked up in
 * the member clusters themselves.
 */
import type { KubernetesObject } from "@kubernetes/client-node";
import { apply } from "../../infra/local/tour/kube.ts";
import { waitUntil } from "../../infra/local/tour/wait-until.ts";
import { documentKind } from "../../shared/kube/served-kind.ts";
import { keyOf } from "../../shared/lib/document.ts";
import { placementKind } from "../../shared/placement/model.ts";
import { type BenchCloud, type Spent, spentBetween, startBenchCloud } from "./bench-cloud.ts";
import type { BenchPart, Figure } from "./figure.ts";
import { growthFigures } from "./growth-figures.ts";
import { seedMembers } from "./seed-members.ts";

const sizes = [10, 100, 500] as const;
const placementName = "everywhere";

const secondsToPlaceMax = 600;

export const placement: BenchPart = {
  name: "placement",
  leavesOut:
    "member clusters of flesh and blood: all members' API servers share one process, " +
    "which takes part of the time",
  measure,
};

interface Placed {
  readonly seconds: number;
  readonly spent: Spent;
}

async function measure(tell: (line: string) => void): Promise<readonly Figure[]> {
  const placed = new Map<number, Placed>();
  for (const size of sizes) {
    const each = await placeOnce(size);
    placed.set(size, each);
    tell(`${size} members: ${summary(each, size)}`);
  }
  const figuresOf = (name: string, unit: string, of: (each: Placed) => number) =>
    growthFigures({
      name,
      unit,
      samplesBySize: new Map([...placed].map(([size, each]) => [size, [of(each) / size]])),
      timesMax: 1.2,
    });
  return [
    ...figuresOf("a placement: time", "s/member", ({ seconds }) => seconds),
    ...figuresOf("a placement: cost", "request units/member", ({ spent }) => spent.requestUnits),
    ...figuresOf("a placement: database", "requests/member", ({ spent }) => spent.requests),
    ...figuresOf("a placement: ARM", "requests/member", ({ spent }) => spent.armRequests),
  ];
}

const summary = ({ seconds, spent }: Placed, size: number): string => {
  const kinds = Object.entries(spent.byKind)
    .filter(([, { requests }]) => requests > 0)
    .map(([name, { requests, requestUnits }]) => {
      const units = (requestUnits / size).toFixed(1);
      return `${name} ${(requests / size).toFixed(1)} (${units} units)`;
    });
  const perMember = (spent.requestUnits / size).toFixed(1);
  return `${seconds.toFixed(1)} s; ${perMember} request units a member: ${kinds.join(", ")}`;
};

async function placeOnce(size: number): Promise<Placed> {
  const bench = await startBenchCloud({});
  try {
    const clusters = await seedMembers(bench, size);
    await apply(bench.hub, "demo.yaml");
    await bench.quiet();
    const before = await bench.spent();
    await bench.hub.create(everywhere);
    await available(bench);
    const placedAt = await bench.spent();
    await expectWorkload(bench, clusters);
    await bench.quiet();
    const after = spentBetween(before, await bench.spent());
    return { seconds: spentBetween(before, placedAt).atMs / 1000, spent: after };
  } finally {
    await bench.end();
  }
}

const everywhere: KubernetesObject & { readonly spec: object } = {
  apiVersion: "placement.kubernetes-fleet.io/v1",
  kind: "ClusterResourcePlacement",
  metadata: { name: placementName },
  spec: {
    resourceSelectors: [{ group: "", version: "v1", kind: "Namespace", name: "demo" }],
    policy: { placementType: "PickAll" },
  },
};

/** Looks with a store of its own, so that looking is not in the figures. */
async function available({ store, fleetId }: BenchCloud): Promise<void> {
  const key = keyOf(placementKind, fleetId, placementName);
  await waitUntil({
    expected: "the placement is available in all members",
    look: async () => await store.read(key),
    missing: (seen) => {
      const last = seen?.body.status?.conditions.at(-1);
      const isAvailable =
        last?.type === "ClusterResourcePlacementAvailable" && last.status === "True";
      return isAvailable ? undefined : `${last?.type} is ${last?.status}: ${last?.message}`;
    },
    where: "kubectl get crp everywhere -o yaml",
    limitSeconds: secondsToPlaceMax,
  });
}

async function expectWorkload({ cloud }: BenchCloud, clusters: readonly string[]): Promise<void> {
  for (const id of clusters) {
    const { store, fleet } = await cloud.members.clusters.ensure(id);
    const deployment = keyOf(documentKind("apps", "deployments"), fleet, "demo", "demo");
    if ((await store.read(deployment)) !== undefined) continue;
    throw new Error(`Cannot measure: "${id}" must hold the deployment demo/demo`);
  }
}
