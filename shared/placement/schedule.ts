/**
 * Which clusters a placement goes to: filter, score, pick.
 *
 * S1. The same clusters, bindings and policy give the same choice, in whatever order they come.
 * S2. A cluster that was chosen stays chosen until the policy changes or it leaves the fleet: a
 *     filter that fails later moves nothing.
 * S3. PickN chooses as many clusters as were asked for, or all that fit if those are fewer.
 * S4. Among equals the last name is chosen first and the first name given up first, so that
 *     shrinking undoes growing. A new policy prefers a cluster that it finds chosen.
 * S5. Choosing again after a part of a choice was carried out gives the rest of that choice.
 *
 * Held by test/placement/schedule.property.test.ts.
 */
import type { ClusterProfile } from "../fleet/model.ts";
import type { Binding, ClusterDecision } from "../rollout/model.ts";
import type { PlacementPolicy, UnselectedCluster } from "./model.ts";
import type { Plugin, Unfit } from "./plugin.ts";

export interface ToSchedule {
  readonly policy: PlacementPolicy;
  /** All clusters of the fleet. */
  readonly clusters: readonly ClusterProfile[];
  /** All bindings of the placement. */
  readonly bindings: readonly Binding[];
  /** No choice has been carried out for this policy yet: whoever is bound has to fit again. */
  readonly policyChanged: boolean;
}

export interface Chosen {
  readonly cluster: ClusterProfile;
  readonly decision: ClusterDecision;
}

export interface Schedule {
  /** To be bound: no binding yet, or one that is on its way out. */
  readonly add: readonly Chosen[];
  /** Bound and not wanted any more: their objects are removed. */
  readonly remove: readonly Binding[];
  /** Their clusters left the fleet: the objects stay. */
  readonly forget: readonly Binding[];
  /** Whether the policy got all that it asks for. */
  readonly isFulfilled: boolean;
  /** Why others were not chosen, when it did not; at most `unselectedMax`. */
  readonly unselected: readonly UnselectedCluster[];
}

/** KubeFleet shows as many. */
const unselectedMax = 20;

export function schedule(toSchedule: ToSchedule, plugins: readonly Plugin[]): Schedule {
  const { policy, clusters, bindings } = toSchedule;
  const here = new Map(clusters.map((each) => [each.member, each]));
  const isGone = ({ spec, rollout }: Binding) =>
    here.get(spec.targetCluster)?.clusterId !== rollout.clusterId;
  const forget = bindings.filter(isGone);
  const bound = bindings.filter((each) => each.spec.state === "Bound" && !isGone(each));
  const judged = clusters.map((cluster) => judge(policy, cluster, plugins));

  const pick = pickers[policy.placementType ?? "PickAll"];
  return { ...pick({ ...toSchedule, bound, judged }), forget };
}

interface Judged {
  readonly cluster: ClusterProfile;
  readonly unfit: Unfit | undefined;
  readonly score: number;
}

interface ToPick extends ToSchedule {
  readonly bound: readonly Binding[];
  readonly judged: readonly Judged[];
}

type Pick = (toPick: ToPick) => Omit<Schedule, "forget">;

const pickers = { PickAll: pickAll, PickN: pickN, PickFixed: pickFixed } as const satisfies Record<
  string,
  Pick
>;

/** Whether one cluster fits: all that PickAll needs to know when a member joins or changes. */
export function whyUnfit(
  policy: PlacementPolicy,
  cluster: ClusterProfile,
  plugins: readonly Plugin[],
): Unfit | undefined {
  for (const { filter } of plugins) {
    const unfit = filter?.(policy, cluster);
    if (unfit !== undefined) return unfit;
  }
  return undefined;
}

export function chosen(cluster: ClusterProfile, score = 0): Chosen {
  const { member } = cluster;
  return {
    cluster,
    decision: {
      clusterName: member,
      selected: true,
      clusterScore: { affinityScore: score },
      reason:
        `Successfully scheduled resources for placement in "${member}" ` +
        `(affinity score: ${score}, topology spread score: 0): picked by scheduling policy`,
    },
  };
}

function judge(
  policy: PlacementPolicy,
  cluster: ClusterProfile,
  plugins: readonly Plugin[],
): Judged {
  const score = plugins.reduce((sum, each) => sum + (each.score?.(policy, cluster) ?? 0), 0);
  return { cluster, unfit: whyUnfit(policy, cluster, plugins), score };
}

function pickAll({ bound, judged, policyChanged }: ToPick): Omit<Schedule, "forget"> {
  const names = namesOf(bound);
  const fit = judged.filter(({ unfit }) => unfit === undefined);
  const fitNames = new Set(fit.map(({ cluster }) => cluster.member));
  return {
    add: fit
      .filter(({ cluster }) => !names.has(cluster.member))
      .map(({ cluster }) => chosen(cluster))
      .toSorted(byName),
    remove: policyChanged ? bound.filter(({ spec }) => !fitNames.has(spec.targetCluster)) : [],
    isFulfilled: true,
    unselected: [],
  };
}

function pickN(toPick: ToPick): Omit<Schedule, "forget"> {
  const { policy, bound, judged, policyChanged } = toPick;
  const wanted = policy.numberOfClusters ?? 0;
  const names = namesOf(bound);
  const surplus = Math.max(0, bound.length - wanted);
  const kept = policyChanged ? [] : bound.toSorted(leastWorthFirst(judged)).slice(surplus);
  const keptNames = namesOf(kept);
  const best = judged
    .filter(({ unfit, cluster }) => unfit === undefined && !keptNames.has(cluster.member))
    .toSorted(bestFirst(names));
  const picked = best.slice(0, wanted - kept.length);
  const pickedNames = new Set([...keptNames, ...picked.map(({ cluster }) => cluster.member)]);
  const isFulfilled = pickedNames.size >= wanted;
  return {
    add: picked
      .filter(({ cluster }) => !names.has(cluster.member))
      .map(({ cluster, score }) => chosen(cluster, score)),
    remove: bound.filter(({ spec }) => !pickedNames.has(spec.targetCluster)),
    isFulfilled,
    unselected: isFulfilled ? [] : unselectedOf(judged, pickedNames),
  };
}

function pickFixed({ policy, bound, judged }: ToPick): Omit<Schedule, "forget"> {
  const listed = [...new Set(policy.clusterNames ?? [])].toSorted();
  const names = namesOf(bound);
  const known = new Map(judged.map(({ cluster }) => [cluster.member as string, cluster]));
  const unselected = listed.flatMap((name) => {
    const cluster = known.get(name);
    if (cluster === undefined) {
      return [{ clusterName: name, reason: `Specified cluster "${name}" is not found` }];
    }
    if (cluster.ineligible === undefined || names.has(name)) return [];
    const why = `Cluster "${name}" is not eligible for resource placement yet`;
    return [{ clusterName: name, reason: `${why}: ${cluster.ineligible}` }];
  });
  const missing = new Set(unselected.map(({ clusterName }) => clusterName));
  return {
    add: listed
      .filter((name) => !names.has(name) && !missing.has(name))
      .flatMap((name) => known.get(name) ?? [])
      .map((cluster) => chosen(cluster)),
    remove: bound.filter(({ spec }) => !listed.includes(spec.targetCluster)),
    isFulfilled: unselected.length === 0,
    unselected: unselected.slice(0, unselectedMax),
  };
}

const namesOf = (bindings: readonly Binding[]): ReadonlySet<string> =>
  new Set(bindings.map(({ spec }) => spec.targetCluster));

const compare = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

const byName = (left: Chosen, right: Chosen): number =>
  compare(left.cluster.member, right.cluster.member);

/** S4: a cluster that is chosen already is better than its equals. */
function bestFirst(bound: ReadonlySet<string>): (left: Judged, right: Judged) => number {
  const isBound = ({ cluster }: Judged) => Number(bound.has(cluster.member));
  return (left, right) =>
    right.score - left.score ||
    isBound(right) - isBound(left) ||
    compare(right.cluster.member, left.cluster.member);
}

function leastWorthFirst(judged: readonly Judged[]): (left: Binding, right: Binding) => number {
  const scores = new Map(judged.map(({ cluster, score }) => [cluster.member, score]));
  const scoreOf = ({ spec }: Binding) => scores.get(spec.targetCluster) ?? 0;
  return (left, right) =>
    scoreOf(left) - scoreOf(right) || compare(left.spec.targetCluster, right.spec.targetCluster);
}

function unselectedOf(
  judged: readonly Judged[],
  picked: ReadonlySet<string>,
): readonly UnselectedCluster[] {
  return judged
    .flatMap(({ cluster: { member }, unfit }) =>
      unfit === undefined || picked.has(member) ? [] : [{ clusterName: member, reason: unfit }],
    )
    .toSorted((left, right) => compare(left.clusterName, right.clusterName))
    .slice(0, unselectedMax);
}
