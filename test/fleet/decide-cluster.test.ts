import { expect, test } from "vitest";
import { type ClusterToDecide, decideCluster } from "../../shared/fleet/decide-cluster.ts";
import { clusterIdOf } from "../../shared/fleet/model.ts";
import type { FleetId } from "../../shared/lib/document.ts";
import { clusterArmId, clusterSeen, fleetDocument, memberDocument, noon } from "../builders.ts";

const sight: ClusterToDecide = {
  cluster: clusterIdOf(clusterArmId("aks-1")),
  seen: clusterSeen("aks-1"),
  members: [],
  fleets: [fleetDocument()],
  freeName: "aks-1",
  now: noon,
};
const other = fleetDocument("other", fleetDocument().body.armId.replace("fleet-1", "other"));
const leaving = memberDocument("aks-1", (body) => ({
  ...body,
  metadata: { ...body.metadata, deletionTimestamp: noon },
}));

const cases: readonly (readonly [name: string, sight: Partial<ClusterToDecide>, want: string])[] = [
  ["joins the fleet that its tag names", {}, "create aks-1"],
  ["without a tag joins nothing", { seen: clusterSeen("aks-1", { tags: {} }) }, ""],
  ["with the tag of an unknown fleet joins nothing", { fleets: [] }, ""],
  ["with a tag that two fleets answer to joins nothing", { fleets: [fleetDocument(), other] }, ""],
  ["whose names are both taken joins nothing", { freeName: undefined }, ""],
  ["that is a member joins nothing more", { members: [memberDocument("aks-1")] }, ""],
  ["that was deleted leaves", { seen: undefined, members: [memberDocument("aks-1")] }, "leave"],
  [
    "that was deleted leaves, also when the API had joined it",
    { seen: undefined, members: [memberDocument("aks-1", (body) => body, "api")] },
    "leave",
  ],
  [
    "whose tag is gone leaves",
    { seen: clusterSeen("aks-1", { tags: {} }), members: [memberDocument("aks-1")], fleets: [] },
    "leave",
  ],
  [
    "that the API had joined stays without a tag",
    {
      seen: clusterSeen("aks-1", { tags: {} }),
      members: [memberDocument("aks-1", (body) => body, "api")],
      fleets: [],
    },
    "",
  ],
  [
    "whose tag names another fleet leaves",
    { members: [memberDocument("aks-1")], fleets: [other] },
    "leave",
  ],
  ["whose tag names no fleet stays", { members: [memberDocument("aks-1")], fleets: [] }, ""],
  ["that leaves already is not told again", { seen: undefined, members: [leaving] }, ""],
];

test.each(cases)("a cluster %s", (_name, change, want) => {
  const { writes } = decideCluster({ ...sight, ...change });
  const told = writes.map((write) =>
    write.kind === "create"
      ? `create ${write.key.name}`
      : write.kind === "replace" && isLeaving(write.body)
        ? "leave"
        : write.kind,
  );
  expect(told.join()).toBe(want);
});

test("a cluster's first write goes to the fleet that it joins", () => {
  const [write] = decideCluster(sight).writes;
  const fleet = fleetDocument().body.armId.toLowerCase() as FleetId;
  expect(write?.kind === "create" && write.key.fleet).toBe(fleet);
});

function isLeaving(body: unknown): boolean {
  const { metadata } = body as { metadata: { deletionTimestamp?: string } };
  return metadata.deletionTimestamp === noon;
}
