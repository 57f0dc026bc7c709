import { expect, test } from "vitest";
import { memoryStore } from "../../infra/local/memory-store/memory-store.ts";
import type { Effects } from "../../shared/effects/effects.ts";
import type { Store } from "../../shared/effects/store.ts";
import { clusterController } from "../../shared/fleet/cluster-controller.ts";
import {
  type ClusterSeen,
  clusterIdOf,
  clusterKey,
  fleetKind,
  fleetNameRef,
  memberKind,
} from "../../shared/fleet/model.ts";
import { keyOf } from "../../shared/lib/document.ts";
import { clusterArmId, clusterSeen, fleetDocument, fleetId, noon } from "../builders.ts";

const clock = { now: () => noon };

test("two looks at one cluster that race join it once", async () => {
  const store = memoryStore({ clock });
  const { body } = fleetDocument();
  const fleet = keyOf(fleetKind, fleetId, "fleet-1");
  const refs = [fleetNameRef("fleet-1")];
  await store.commit({ fleet: fleetId, writes: [{ kind: "create", key: fleet, body, refs }] });

  let isFirstSight = true;
  const slow: Store = {
    ...store,
    find: async (kind, ref) => {
      const found = await store.find(kind, ref);
      if (kind !== memberKind || !isFirstSight) return found;
      isFirstSight = false;
      await look(store);
      return found;
    },
  };
  await look(slow);
  const members = await store.find(memberKind);
  expect(members.map(({ key }) => key.name)).toEqual(["aks-1"]);
});

async function look(store: Store): Promise<void> {
  const clusters = { see: async (): Promise<ClusterSeen> => clusterSeen("aks-1") };
  const effects = { store, clusters, clock } as unknown as Effects;
  const observed = await clusterController.observe(
    clusterKey(clusterIdOf(clusterArmId("aks-1"))),
    effects,
  );
  if (observed === undefined) return;
  const { writes } = clusterController.decide(observed.seen);
  await store.commit({ fleet: fleetId, writes });
}
