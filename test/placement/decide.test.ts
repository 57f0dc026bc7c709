import { expect, test } from "vitest";
import { clusterProfileKind } from "../../shared/fleet/model.ts";
import { keyOf } from "../../shared/lib/document.ts";
import { decidePlacement } from "../../shared/placement/decide.ts";
import {
  type CandidateToDecide,
  decideCandidate,
} from "../../shared/placement/decide-candidate.ts";
import {
  type Placement,
  type PlacementPolicy,
  placementKind,
} from "../../shared/placement/model.ts";
import { profile as plugins } from "../../shared/placement/profile.ts";
import { schedule } from "../../shared/placement/schedule.ts";
import { policyHash } from "../../shared/placement/scheduling-due.ts";
import { bind, unschedule } from "../../shared/rollout/binding-change.ts";
import { decideProgress } from "../../shared/rollout/decide-progress.ts";
import { documentOf, fleetId, noon } from "../builders.ts";
import { bindingDocument } from "../rollout/rollout-builders.ts";
import { cluster, placementBody } from "./placement-builders.ts";

const profileDocument = (name: string, more = {}) =>
  documentOf(keyOf(clusterProfileKind, fleetId, name), cluster(name, more));

/** A placement that has scheduled its policy, with snapshot "web-1" as the newest. */
function scheduledPlacement(policy: PlacementPolicy = {}, more: Partial<Placement> = {}) {
  const body = placementBody(policy);
  const scheduling = {
    policyHash: policyHash(body.spec),
    snapshots: [{ name: "web-1", index: 0 }],
    nextIndex: 1,
    waves: 0,
    unselected: [],
  };
  return documentOf(keyOf(placementKind, fleetId, "web"), { ...body, scheduling, ...more });
}

const candidate = (more: Partial<CandidateToDecide>): CandidateToDecide => ({
  placement: scheduledPlacement(),
  counts: {},
  profile: profileDocument("aks-1"),
  binding: undefined,
  now: noon,
  ...more,
});

test("K2: a member that fits is bound as long as the placement is what it was", () => {
  const placement = scheduledPlacement();
  const plan = decideCandidate(candidate({ placement }));
  expect(plan.writes[0]).toMatchObject({ kind: "create", key: { name: "web.aks-1" } });
  expect(plan.require).toEqual([{ kind: "unchanged", document: placement }]);
});

test("K3: a placement that lacks clusters is woken, one that has them is not", () => {
  const placement = scheduledPlacement({ placementType: "PickN", numberOfClusters: 2 });
  const actionsWith = (bindings: number) =>
    decideCandidate(candidate({ placement, counts: { bindings } })).actions;
  expect(actionsWith(1)).toEqual([{ kind: "wake-placement" }]);
  expect(actionsWith(2)).toEqual([]);
});

test("K4: a member that fits no more keeps what it has", () => {
  const tainted = profileDocument("aks-1", { taints: [{ key: "x", effect: "NoSchedule" }] });
  const plan = decideCandidate(candidate({ profile: tainted, binding: bindingDocument("aks-1") }));
  expect(plan).toMatchObject({ writes: [], actions: [] });
});

test("K5: before a placement has scheduled its policy it sees the member itself", () => {
  const { body } = scheduledPlacement();
  const terms = [{ labelSelector: { matchLabels: { region: "eu" } } }];
  const required = {
    requiredDuringSchedulingIgnoredDuringExecution: { clusterSelectorTerms: terms },
  };
  const policy = { affinity: { clusterAffinity: required } };
  const changed = { ...body, spec: { ...body.spec, policy } };
  const placement = documentOf(keyOf(placementKind, fleetId, "web"), changed);
  const profile = profileDocument("aks-1", { labels: { region: "eu" } });
  expect(decideCandidate(candidate({ placement, profile })).writes).toEqual([]);
});

test("a cluster that is well again is looked at now, not when its turn comes", () => {
  const wakeAt = "2026-11-21T12:05:00.000Z" as typeof noon;
  const binding = bindingDocument("aks-1", { unreachable: "no route" }, { wakeAt });
  expect(decideCandidate(candidate({ binding })).writes).toMatchObject([{ wakeAt: noon }]);
  const ill = profileDocument("aks-1", { ineligible: "unhealthy" });
  expect(decideCandidate(candidate({ binding, profile: ill })).writes).toEqual([]);
});

test("P3: a policy is scheduled only if no cluster changed since the clusters were read", () => {
  const body = placementBody();
  const placement = documentOf(keyOf(placementKind, fleetId, "web"), body);
  const manifests = [{ apiVersion: "v1", kind: "Namespace", metadata: { name: "demo" } }];
  const content = { name: "web-1", parts: [manifests] };
  const plan = decidePlacement({
    placement,
    selection: {
      kind: "selected",
      manifests,
      snapshot: { content, counts: undefined, partsSaved: new Set() },
    },
    counts: undefined,
    scheduling: { clusters: [profileDocument("aks-1")], bindings: [], revision: 7 },
    stale: [],
    now: noon,
  });
  expect(plan.require).toEqual([
    { kind: "none-changed-since", fleet: fleetId, documents: clusterProfileKind, revision: 7 },
  ]);
  const own = plan.writes.find((write) => write.kind === "replace");
  expect(own).toMatchObject({
    document: placement,
    body: { scheduling: { policyHash: policyHash(body.spec), waves: 1 } },
  });
});

test("of two looks that take clusters for a rollout only one can be saved", () => {
  const placement = scheduledPlacement(
    {},
    {
      scheduling: {
        snapshots: [
          { name: "web-1", index: 0 },
          { name: "web-2", index: 1 },
        ],
        nextIndex: 2,
        waves: 4,
        unselected: [],
      },
    },
  );
  const stale = [bindingDocument("aks-1", { outcome: "available" })];
  const plan = decideProgress({
    placement,
    counts: { bindings: 1, ready: 1 },
    snapshot: {},
    stale,
    now: noon,
  });
  expect(plan.writes).toContainEqual(
    expect.objectContaining({
      document: placement,
      body: { ...placement.body, scheduling: { ...placement.body.scheduling, waves: 5 } },
    }),
  );
});

test("a binding that is wanted again remembers what its cluster may hold", () => {
  const before = bindingDocument("aks-1", { mayHold: ["web-0", "web-1"] });
  const leaving = { ...before, body: unschedule(before) };
  const toBind = {
    placement: "web",
    decision: before.body.spec.clusterDecision,
    snapshot: "web-2",
    settleSeconds: 60,
    now: noon,
  };
  const again = bind({ ...toBind, cluster: cluster("aks-1") }, leaving);
  expect(again.rollout.mayHold).toEqual(["web-0", "web-1", "web-2"]);
  const other = { ...cluster("aks-1"), clusterId: cluster("aks-9").clusterId };
  expect(bind({ ...toBind, cluster: other }, leaving).rollout.mayHold).toEqual(["web-2"]);
});

test("S4: among equals a new policy prefers a cluster that it finds chosen", () => {
  const toSchedule = {
    policy: { placementType: "PickN", numberOfClusters: 1 } as const,
    clusters: [cluster("aks-1"), cluster("aks-2")],
    policyChanged: true,
  };
  const pick = (bound: readonly string[]) =>
    schedule({ ...toSchedule, bindings: bound.map((name) => bindingDocument(name).body) }, plugins);
  expect(pick([]).add.map((each) => each.cluster.member)).toEqual(["aks-2"]);
  expect(pick(["aks-1"])).toMatchObject({ add: [], remove: [] });
});

test("a placement that goes is looked at again when its last binding went", () => {
  const placement = scheduledPlacement(
    {},
    {
      metadata: { deletionTimestamp: noon, finalizers: [] },
    },
  );
  const actionsWith = (counts: object) =>
    decideProgress({ placement, counts, snapshot: {}, stale: [], now: noon }).actions;
  expect(actionsWith({ leaving: 1 })).toEqual([]);
  expect(actionsWith({ leaving: 0, bindings: 0 })).toEqual([{ kind: "wake-placement" }]);
});
