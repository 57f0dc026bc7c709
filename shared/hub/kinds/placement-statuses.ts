import { listAll } from "../../effects/list-all.ts";
import type { Store } from "../../effects/store.ts";
import { objectOf } from "../../kube/json.ts";
import type { KubeObject } from "../../kube/served-kind.ts";
import type { Document } from "../../lib/document.ts";
import { kubeTime } from "../../lib/instant.ts";
import type { Condition, JsonObject } from "../../lib/kube-object.ts";
import { type Placement, placementTypeOf } from "../../placement/model.ts";
import { type Binding, bindingKind, placementRef } from "../../rollout/model.ts";

/** As many as a fleet has members. */
const clustersMax = 1_000;

/**
 * A placement with `status.placementStatuses`, one for each cluster that it is bound to and one for
 * each that it lacks: what is kept in its bindings, put together for whoever reads it.
 */
export async function withPlacementStatuses(
  object: KubeObject,
  document: Document,
  store: Store,
): Promise<KubeObject> {
  const placement = document as Document<Placement>;
  if (placement.body.status === undefined) return object;
  const bindings = await bindingsOf(placement, store);
  const bound = bindings.filter(({ body }) => body.spec.state === "Bound");
  const placementStatuses = [
    ...bound.map((each) => clusterStatus(each, placement)),
    ...missingStatuses(placement, bound.length),
  ];
  return { ...object, status: { ...objectOf(object["status"]), placementStatuses } };
}

async function bindingsOf(
  { key }: Document<Placement>,
  store: Store,
): Promise<readonly Document<Binding>[]> {
  const query = { fleet: key.fleet, kind: bindingKind, ref: placementRef(key.name) };
  return await listAll(store, query, clustersMax);
}

function clusterStatus(
  { body, createdAt }: Document<Binding>,
  { body: placement, generation }: Document<Placement>,
): JsonObject {
  const { clusterDecision, resourceSnapshotName, targetCluster } = body.spec;
  const snapshots = placement.scheduling?.snapshots ?? [];
  const index = snapshots.find(({ name }) => name === resourceSnapshotName)?.index;
  const scheduled: Condition = {
    type: "Scheduled",
    status: "True",
    reason: "Scheduled",
    message: clusterDecision.reason,
    lastTransitionTime: kubeTime(createdAt),
  };
  const conditions = [scheduled, ...body.status.conditions].map((each) => ({
    ...each,
    observedGeneration: generation,
  }));
  return {
    clusterName: targetCluster,
    ...(index !== undefined && { observedResourceIndex: String(index) }),
    conditions,
    ...(body.status.failedPlacements !== undefined && {
      failedPlacements: body.status.failedPlacements as unknown as readonly JsonObject[],
    }),
  } as unknown as JsonObject;
}

/** KubeFleet tells why as many clusters as are lacking were not chosen. */
function missingStatuses(
  { body, generation, createdAt }: Document<Placement>,
  bound: number,
): readonly JsonObject[] {
  const { policy } = body.spec;
  const isNamed = placementTypeOf(body.spec) === "PickFixed";
  const wanted = isNamed ? (policy?.clusterNames?.length ?? 0) : (policy?.numberOfClusters ?? 0);
  const unselected = body.scheduling?.unselected ?? [];
  return unselected.slice(0, Math.max(0, wanted - bound)).map(({ clusterName, reason }) => ({
    conditions: [
      {
        type: "Scheduled",
        status: "False",
        reason: "ScheduleFailed",
        message: `${clusterName}: ${reason}`,
        observedGeneration: generation,
        lastTransitionTime: kubeTime(createdAt),
      },
    ],
  }));
}
