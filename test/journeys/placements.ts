/** Placements of namespaces, and where their content arrived. */
import type { KubernetesObject } from "@kubernetes/client-node";
import { conditionsOf, type Seen } from "../../infra/local/tour/kube.ts";
import { differs, eventually, eventuallyDespiteFaults } from "./eventually.ts";
import type { Laptop } from "./laptop.ts";
import { membersOf, nameOf } from "./members.ts";
import { type ConfigMap, configMap, read } from "./objects.ts";

export interface Placement extends KubernetesObject {
  readonly spec: object;
}

/** Places the namespace of the placement's own name. */
export const placement = (name: string, policy?: object, strategy?: object): Placement => ({
  apiVersion: "placement.kubernetes-fleet.io/v1",
  kind: "ClusterResourcePlacement",
  metadata: { name },
  spec: {
    resourceSelectors: [{ group: "", version: "v1", kind: "Namespace", name }],
    ...(policy !== undefined && { policy }),
    ...(strategy !== undefined && { strategy }),
  },
});

/** A policy of clusters with this location. */
export const located = (location: string, more: object = {}): object => ({
  ...more,
  affinity: {
    clusterAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        clusterSelectorTerms: [
          { labelSelector: { matchLabels: { "fleet.azure.com/location": location } } },
        ],
      },
    },
  },
});

/** The conditions of a placement that arrived everywhere, in their order. */
const conditionTypes = [
  "Scheduled",
  "RolloutStarted",
  "Overridden",
  "WorkSynchronized",
  "Applied",
  "Available",
].map((type) => `ClusterResourcePlacement${type}`);

interface Patience {
  readonly limitSeconds?: number;
  /** Parts of the cloud fail meanwhile. */
  readonly faults?: boolean;
}

/** Waits until the placement says that it is available in these clusters and in no other. */
export async function available(
  laptop: Laptop,
  name: string,
  clusters: readonly string[],
  { limitSeconds = 40, faults = false }: Patience = {},
): Promise<Seen> {
  const wanted = {
    expected: `placement ${name} is available in ${clusters.join(", ")}`,
    look: async () => await read(laptop.hub, placement(name)),
    missing: (seen: Seen | undefined) =>
      differs(clustersOf(seen), clusters.toSorted()) ??
      differs(trueConditions(seen), conditionTypes) ??
      staleGeneration(seen),
    limitSeconds,
  };
  const seen = await (faults ? eventuallyDespiteFaults(wanted) : eventually(wanted));
  return seen as Seen;
}

/** The names in `status.placementStatuses`, in order. */
export function clustersOf(seen: Seen | undefined): readonly string[] {
  const statuses = (seen?.status?.["placementStatuses"] ?? []) as { clusterName?: string }[];
  return statuses.flatMap(({ clusterName }) => clusterName ?? []).toSorted();
}

/** Waits until the members that hold the namespace's text are these, with this text. */
export async function holds(
  laptop: Laptop,
  map: ConfigMap,
  clusters: readonly string[],
  { limitSeconds = 30, faults = false }: Patience = {},
): Promise<void> {
  const wanted = {
    expected: `${nameOf(map)} in ${map.metadata?.namespace} of ${clusters.join(", ") || "nobody"}`,
    look: async () => await textsIn(laptop, map),
    missing: (texts: Readonly<Record<string, string>>) =>
      differs(texts, Object.fromEntries(clusters.toSorted().map((name) => [name, textOf(map)]))),
    limitSeconds,
  };
  await (faults ? eventuallyDespiteFaults(wanted) : eventually(wanted));
}

const textOf = ({ data }: ConfigMap): string => data["text"] ?? "";

/** What the ConfigMap says in each member that has it, by the member's name. */
export async function textsIn(
  laptop: Laptop,
  map: ConfigMap,
): Promise<Readonly<Record<string, string>>> {
  const names = (await membersOf(laptop)).map(nameOf);
  const texts = await Promise.all(
    names.map(async (name) => {
      const seen = (await read(laptop.member(name), map)) as ConfigMap | undefined;
      return seen === undefined ? [] : [[name, textOf(seen)] as const];
    }),
  );
  return Object.fromEntries(texts.flat());
}

/** The greeting that each placed namespace of these journeys holds. */
export const greeting = (within: string, text: string): ConfigMap =>
  configMap(within, "greeting", text);

function trueConditions(seen: Seen | undefined): readonly string[] {
  return Object.entries(conditionsOf(seen)).flatMap(([type, status]) =>
    status === "True" ? [type] : [],
  );
}

/** A condition of an older spec says nothing about this one. */
function staleGeneration(seen: Seen | undefined): string | undefined {
  const { generation } = (seen?.metadata ?? {}) as { generation?: number };
  const conditions = (seen?.status?.["conditions"] ?? []) as { observedGeneration?: number }[];
  return conditions.every(({ observedGeneration }) => observedGeneration === generation)
    ? undefined
    : `conditions are not about generation ${generation}`;
}
