import { expect, test } from "vitest";
import { type Instant, kubeTime, plusSeconds } from "../../shared/lib/instant.ts";
import type { Condition } from "../../shared/lib/kube-object.ts";
import { moveTo, unschedule } from "../../shared/rollout/binding-change.ts";
import { decideBinding } from "../../shared/rollout/decide.ts";
import type {
  Binding,
  Counts,
  Manifest,
  ManifestSeen,
  WorkSeen,
} from "../../shared/rollout/model.ts";
import { observedBinding, secondsUntilLook } from "../../shared/rollout/observed-binding.ts";
import { placementConditions } from "../../shared/rollout/placement-conditions.ts";
import { rollForward, unavailableMax } from "../../shared/rollout/roll-forward.ts";
import { noon } from "../builders.ts";
import { bindingDocument } from "./rollout-builders.ts";

const later = plusSeconds(noon, 10);

const resource = {
  group: "apps",
  version: "v1",
  kind: "Deployment",
  namespace: "demo",
  name: "web",
};

const applied = (availability: "available" | "not-yet" | "not-trackable"): ManifestSeen => ({
  kind: "applied",
  resource,
  availability,
  message: "0 of 2 replicas are available",
});

const failed: ManifestSeen = {
  kind: "failed",
  resource,
  reason: "ManifestApplyFailed",
  message: "denied (403)",
};

const seen = (...manifests: ManifestSeen[]): WorkSeen => ({
  kind: "seen",
  manifests,
  remaining: [],
});

const tell = (conditions: readonly Condition[] = []) =>
  conditions.map(({ type, status, reason }) => `${type} ${status} ${reason}`);

const started = ["RolloutStarted True RolloutStarted", "Overridden True NoOverrideSpecified"];
const synced = [...started, "WorkSynchronized True AllWorkSynced"];
const allApplied = [...synced, "Applied True AllWorkHaveBeenApplied"];

test.each<[string, WorkSeen, readonly string[]]>([
  [
    "that does not answer",
    { kind: "unreachable", reason: "no route" },
    [...started, "WorkSynchronized False SyncWorkFailed", "Reachable False ClusterUnreachable"],
  ],
  [
    "that refuses an object",
    seen(applied("available"), failed),
    [...synced, "Applied False NotAllWorkHaveBeenApplied"],
  ],
  [
    "where something is waited for",
    seen(applied("not-yet")),
    [...allApplied, "Available False NotAllWorkAreAvailable"],
  ],
  [
    "where something cannot tell",
    seen(applied("not-trackable")),
    [...allApplied, "Available True NotAllWorkAreAvailabilityTrackable"],
  ],
  [
    "where all is well",
    seen(applied("available")),
    [...allApplied, "Available True AllWorkAreAvailable"],
  ],
  ["that has nothing to hold", seen(), [...allApplied, "Available True AllWorkAreAvailable"]],
])("a cluster %s has these conditions", (_name, work, want) => {
  const { after } = observedBinding(bindingDocument("aks-1"), work, later);
  expect(tell(after?.status.conditions)).toEqual(want);
});

test("O1: a cluster that stops answering keeps what was known of it", () => {
  const before = bindingDocument("aks-1");
  const known = observedBinding(before, seen(failed), noon).after as Binding;
  const lost = observedBinding(
    { ...before, body: known },
    { kind: "unreachable", reason: "no route" },
    later,
  );
  expect(lost.after?.rollout).toMatchObject({ outcome: "failed", unreachable: "no route" });
  expect(tell(lost.after?.status.conditions)).toEqual([
    ...synced,
    "Applied False NotAllWorkHaveBeenApplied",
    "Reachable False ClusterUnreachable",
  ]);
  const back = observedBinding({ ...before, body: lost.after as Binding }, seen(), later);
  expect(back.after?.rollout.unreachable).toBeUndefined();
});

test("O2: what may be in the cluster is forgotten only when it is gone", () => {
  const before = bindingDocument("aks-1", { mayHold: ["web-0", "web-1"] });
  const remaining = [resource];
  const held = observedBinding(before, { kind: "seen", manifests: [], remaining }, later);
  expect(held.after?.rollout.mayHold).toEqual(["web-0", "web-1"]);
  expect(held.wakeAt).toBe(plusSeconds(later, 2));
  const clean = observedBinding(before, seen(), later);
  expect(clean.after?.rollout.mayHold).toEqual(["web-1"]);
  expect(clean.wakeAt).toBeUndefined();
});

test("O3: looks become rarer, up to one in five minutes", () => {
  expect([1, 2, 3, 8, 9, 50].map(secondsUntilLook)).toEqual([2, 4, 8, 256, 300, 300]);
  const before = bindingDocument("aks-1", { attempts: 3 });
  expect(observedBinding(before, seen(applied("not-yet")), later)).toMatchObject({
    after: { rollout: { attempts: 4 } },
    wakeAt: plusSeconds(later, 16),
  });
});

test("a failed object is listed with its reason, since when it fails", () => {
  const before = bindingDocument("aks-1");
  const first = observedBinding(before, seen(failed), noon).after as Binding;
  const again = observedBinding({ ...before, body: first }, seen(failed), later).after;
  expect(again?.status.failedPlacements).toEqual([
    {
      ...resource,
      condition: {
        type: "Applied",
        status: "False",
        reason: "ManifestApplyFailed",
        message: "denied (403)",
        observedGeneration: 1,
        lastTransitionTime: kubeTime(noon),
      },
    },
  ]);
});

test("a binding that goes is gone when its cluster holds nothing of it", () => {
  const bound = bindingDocument("aks-1");
  const before = { ...bound, body: unschedule(bound) };
  expect(observedBinding(before, seen(), later)).toEqual({ key: before.key, before });
  const waiting = { kind: "seen", manifests: [], remaining: [resource] } as const;
  expect(observedBinding(before, waiting, later)).toMatchObject({
    after: { spec: { state: "Unscheduled" } },
    wakeAt: plusSeconds(later, 2),
  });
});

const manifest = (name: string): Manifest => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace: "demo" },
});

test("B1: a cluster is asked when its moment has come, and not before", () => {
  const snapshots = new Map([["web-1", [manifest("a")]]]);
  const binding = bindingDocument("aks-1", {}, { wakeAt: later });
  expect(decideBinding({ binding, snapshots, now: noon })).toMatchObject({
    writes: [],
    actions: [],
    wakeAt: later,
  });
  expect(decideBinding({ binding, snapshots, now: later })).toMatchObject({
    writes: [],
    actions: [{ kind: "ask-cluster", manifests: [manifest("a")], remove: [] }],
    again: true,
  });
  const { wakeAt: _, ...idle } = binding;
  expect(decideBinding({ binding: idle, snapshots, now: later }).actions).toEqual([]);
});

test("B2: all that older snapshots left is removed with the next asking", () => {
  const snapshots = new Map([
    ["web-0", [manifest("a"), manifest("b")]],
    ["web-1", [manifest("b"), manifest("c")]],
  ]);
  const binding = bindingDocument("aks-1", { mayHold: ["web-0", "web-1"] });
  const [asked] = decideBinding({ binding, snapshots, now: noon }).actions;
  expect(asked?.manifests).toEqual([manifest("b"), manifest("c")]);
  expect(asked?.remove.map(({ name }) => name)).toEqual(["a"]);

  const leaving = { ...binding, body: unschedule(binding) };
  const [last] = decideBinding({ binding: leaving, snapshots, now: noon }).actions;
  expect(last?.manifests).toEqual([]);
  expect(last?.remove.map(({ name }) => name)).toEqual(["a", "b", "c"]);
});

test("what cannot tell its availability counts as available after a while", () => {
  const before = bindingDocument("aks-1");
  const silent = observedBinding(before, seen(applied("not-trackable")), noon);
  const settlesAt = plusSeconds(noon, 60);
  expect(silent).toMatchObject({ after: { rollout: { settlesAt } }, wakeAt: settlesAt });
  const waiting = { ...before, body: silent.after as Binding, wakeAt: settlesAt };
  const plan = decideBinding({ binding: waiting, snapshots: new Map(), now: settlesAt });
  expect(plan.writes[0]).toMatchObject({ body: { rollout: { outcome: "available" } } });
  expect(plan.writes[1]).toMatchObject({ kind: "count", add: { ready: 1 } });
});

test("a move to another snapshot remembers what may be there before it is asked for", () => {
  const before = bindingDocument("aks-1", { outcome: "available", attempts: 7 });
  expect(moveTo("web-2", before, later)).toMatchObject({
    spec: { resourceSnapshotName: "web-2" },
    rollout: { outcome: "pending", attempts: 0, mayHold: ["web-1", "web-2"] },
  });
});

test.each([
  [undefined, 3, 1],
  [undefined, 4, 1],
  [undefined, 5, 2],
  ["0%", 10, 1],
  ["100%", 10, 10],
  [0, 10, 1],
  [7, 10, 7],
  ["7", 10, 7],
])("of maxUnavailable %j and %d clusters, %d may be between versions", (share, all, want) => {
  expect(unavailableMax(share === undefined ? {} : { maxUnavailable: share }, all)).toBe(want);
});

test("F1: ready clusters are taken while few are not ready, others at once", () => {
  const ready = ["a", "b", "c"].map((name) => bindingDocument(name, { outcome: "available" }));
  const broken = bindingDocument("d", { outcome: "failed" });
  const toRoll = { snapshot: "web-2", rollingUpdate: { maxUnavailable: 2 }, now: noon };
  const moved = (unready: number) =>
    rollForward({ ...toRoll, stale: [broken, ...ready], bindings: 8, ready: 8 - unready }).map(
      ({ after }) => after?.spec.targetCluster as string,
    );
  expect(moved(0)).toEqual(["d", "a", "b"]);
  expect(moved(1)).toEqual(["d", "a"]);
  expect(moved(2)).toEqual(["d"]);
  expect(moved(5)).toEqual(["d"]);
});

test("F3: a cluster that never answered gets no further snapshots before it does", () => {
  const mayHold = Array.from({ length: 10 }, (_, index) => `web-${index}`);
  const stale = [bindingDocument("a", { mayHold })];
  const toRoll = { snapshot: "web-new", rollingUpdate: undefined, now: noon };
  expect(rollForward({ ...toRoll, stale, bindings: 1, ready: 0 })).toEqual([]);
});

const scheduled = { status: "True", reason: "SchedulingPolicyFulfilled", message: "" } as const;

const conditionsFor = (bindings: number, snapshot: Counts["counts"], how: object = scheduled) =>
  placementConditions([], {
    scheduled: how as typeof scheduled,
    bindings,
    snapshot,
    generation: 2,
    now: noon,
  }).map(({ type, status, reason }) => `${type.slice(24)} ${status} ${reason}`);

test.each<[string, number, Counts["counts"], string]>([
  ["no cluster", 0, {}, "Scheduled True SchedulingPolicyFulfilled"],
  ["one of three started", 3, { started: 1 }, "RolloutStarted False RolloutNotStartedYet"],
  [
    "one answer missing",
    3,
    { started: 3, synchronized: 2, applied: 2, available: 2 },
    "WorkSynchronized Unknown WorkSynchronizedUnknown",
  ],
  [
    "one missing and one unreachable: unknown beats false",
    3,
    { started: 3, synchronized: 1, unreachable: 1 },
    "WorkSynchronized Unknown WorkSynchronizedUnknown",
  ],
  [
    "one unreachable",
    3,
    { started: 3, synchronized: 2, unreachable: 1 },
    "WorkSynchronized False WorkNotSynchronizedYet",
  ],
  [
    "one failed",
    3,
    { started: 3, synchronized: 3, failed: 1, applied: 2 },
    "Applied False ApplyFailed",
  ],
  [
    "one not available",
    3,
    { started: 3, synchronized: 3, applied: 3, available: 2 },
    "Available False ResourceNotAvailableYet",
  ],
  [
    "all well",
    3,
    { started: 3, synchronized: 3, applied: 3, available: 3 },
    "Available True ResourceAvailable",
  ],
])("with %s a placement's last condition says so", (_name, bindings, counts, want) => {
  expect(conditionsFor(bindings, counts).at(-1)).toBe(want);
});

test("too few clusters are followed by what became of them; a wrong selection by nothing", () => {
  const counts = { started: 1, synchronized: 1, applied: 1, available: 1 };
  const few = { status: "False", reason: "SchedulingPolicyUnfulfilled", message: "" };
  expect(conditionsFor(1, counts, few).at(-1)).toBe("Available True ResourceAvailable");
  const wrong = { status: "False", reason: "InvalidResourceSelectors", message: "" };
  expect(conditionsFor(1, counts, wrong)).toHaveLength(1);
});

test("a condition that stays as it is keeps its time", () => {
  const progress = { scheduled, bindings: 0, snapshot: {}, generation: 2, now: noon };
  const before = placementConditions([], progress);
  const after = placementConditions(before, { ...progress, now: later as Instant });
  expect(after).toEqual(before);
});
