import type { Effects } from "../effects/effects.ts";
import { parseArmId } from "../lib/arm-id.ts";
import type { Document, FleetId, Key } from "../lib/document.ts";
import { keyOf } from "../lib/document.ts";
import { type Controller, controller, type Observed } from "../reconcile/controller.ts";
import { fleetTag } from "./cluster-labels.ts";
import { type ClusterToDecide, decideCluster } from "./decide-cluster.ts";
import { memberNames } from "./member-name.ts";
import {
  type ClusterId,
  type ClusterSeen,
  clusterRef,
  type Fleet,
  fleetKind,
  fleetNameRef,
  memberKind,
} from "./model.ts";

/** Looks at a cluster that may have to join or leave: what an event of any cluster asks for. */
export const clusterController = controller<ClusterToDecide, never>({
  observe,
  decide: decideCluster,
  act: async (action) => action,
} satisfies Controller<ClusterToDecide, never>);

async function observe(key: Key, effects: Effects): Promise<Observed<ClusterToDecide>> {
  const cluster = key.name as ClusterId;
  const [seen, members] = await Promise.all([
    effects.clusters.see(cluster),
    membersOf(cluster, effects),
  ]);
  const fleets = seen === undefined ? [] : await fleetsOfTag(seen, effects);
  const sight = { cluster, seen, members, fleets, freeName: undefined, now: effects.clock.now() };
  if (seen === undefined || members.length > 0 || fleets.length !== 1) return { seen: sight };
  const name = await freeName(seen.name, cluster, fleets[0]?.key.fleet, effects);
  // Two looks at one cluster may race: who took its name meanwhile may be the cluster itself.
  return { seen: { ...sight, freeName: name, members: await membersOf(cluster, effects) } };
}

const membersOf = async (cluster: ClusterId, { store }: Effects) =>
  await store.find(memberKind, clusterRef(cluster));

/** A tag is the ARM id of a fleet, or the name of one in the cluster's subscription. */
async function fleetsOfTag(
  cluster: ClusterSeen,
  { store }: Effects,
): Promise<readonly Document<Fleet>[]> {
  const tag = cluster.tags[fleetTag];
  if (tag === undefined) return [];
  const asId = parseArmId(tag);
  if (asId !== undefined) {
    const fleet = await store.read(keyOf(fleetKind, tag.toLowerCase() as FleetId, asId.name));
    return fleet === undefined ? [] : [fleet];
  }
  const subscription = parseArmId(cluster.armId)?.subscriptionId.toLowerCase();
  const named = await store.find(fleetKind, fleetNameRef(tag));
  return named.filter(
    ({ key }) => parseArmId(key.fleet)?.subscriptionId.toLowerCase() === subscription,
  );
}

async function freeName(
  clusterName: string,
  cluster: ClusterId,
  fleet: FleetId | undefined,
  { store }: Effects,
): Promise<string | undefined> {
  if (fleet === undefined) return undefined;
  for (const name of memberNames(clusterName, cluster)) {
    if ((await store.read(keyOf(memberKind, fleet, name))) === undefined) return name;
  }
  return undefined;
}
