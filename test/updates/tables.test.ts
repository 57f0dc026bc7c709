import { describe, expect, test } from "vitest";
import type { ClusterSeen, ClusterUpgrade, KubernetesVersion } from "../../shared/fleet/model.ts";
import type { Instant } from "../../shared/lib/instant.ts";
import { resolveConcurrency, sharesSlots } from "../../shared/updates/concurrency.ts";
import { nextLook, secondsUntilLost } from "../../shared/updates/decide-member.ts";
import { judgeCluster } from "../../shared/updates/judge-cluster.ts";
import { isAtOrAhead } from "../../shared/updates/versions.ts";
import { clusterSeen, noon } from "../builders.ts";

test.each([
  ["1.34.1", "1.34.1", true],
  ["1.34.2", "1.34.1", true],
  ["1.34.0", "1.34.1", false],
  ["1.34.9", "1.34", true],
  ["1.33.9", "1.34", false],
  ["1.9.9", "1.10.0", false],
  ["1.34.10", "1.34.9", true],
  ["2.0.0", "1.34.1", true],
  ["v1.34.1", "v1.34.1", true],
  ["", "1.34.1", false],
])("version %j at or ahead of %j: %j", (version, target, expected) => {
  expect(isAtOrAhead(version, target)).toBe(expected);
});

test.each([
  ["1", 10, 1],
  ["3", 2, 3],
  ["50%", 5, 2],
  ["1%", 5, 1],
  ["100%", 7, 7],
  ["100%", 0, 1],
  ["100%", 200, 50],
  ["900", 1_000, 50],
])("concurrency %j of %i members is %i", (text, members, expected) => {
  expect(resolveConcurrency(text, members)).toBe(expected);
});

test.each([
  ["one group", { groups: [{ name: "a", maxConcurrency: "9" }] }, false],
  ["two groups, one by one", { groups: [{ name: "a" }, { name: "b" }] }, false],
  ["a limit of the stage", { maxConcurrency: "1", groups: [{ name: "a" }, { name: "b" }] }, true],
  ["a limit of a group", { groups: [{ name: "a", maxConcurrency: "9" }, { name: "b" }] }, true],
])("a stage with %s shares its places: %j", (_, stage, expected) => {
  expect(sharesSlots({ name: "s", ...stage })).toBe(expected);
});

const version = "1.34.1" as KubernetesVersion;
const full: ClusterUpgrade = { kind: "full", to: version };
const controlPlane: ClusterUpgrade = { kind: "control-plane", to: version };
const images: ClusterUpgrade = { kind: "node-image" };
const poolsAt = (kubernetesVersion: string, provisioningState = "Succeeded") => ({
  pools: clusterSeen("x").pools.map((pool) => ({ ...pool, kubernetesVersion, provisioningState })),
});
const cluster = { kubernetesVersion: "1.34.1", wantedVersion: "1.34.1" };

describe("a cluster", () => {
  test.each<[string, ClusterUpgrade, Partial<ClusterSeen>, object]>([
    ["behind", full, {}, { kind: "behind" }],
    [
      "with every part at the target",
      full,
      { ...cluster, ...poolsAt("1.34.1") },
      { kind: "reached" },
    ],
    ["with a pool behind", full, cluster, { kind: "behind" }],
    ["with a pool behind, for its control plane", controlPlane, cluster, { kind: "reached" }],
    [
      "at the target, for its images",
      images,
      { ...cluster, ...poolsAt("1.34.1") },
      { kind: "behind" },
    ],
    [
      "at the target whose pool still rolls",
      full,
      { ...cluster, ...poolsAt("1.34.1", "Upgrading") },
      { kind: "moving", isOurs: true, reason: 'Pool "system" is Upgrading' },
    ],
    [
      "that scales",
      full,
      { provisioningState: "Scaling" },
      { kind: "moving", isOurs: false, reason: "Cluster is Scaling" },
    ],
    [
      "in a state that nobody knows",
      full,
      { provisioningState: "Reconciling2" },
      { kind: "moving", isOurs: false },
    ],
    ["that is stopped", full, { powerState: "Stopped" }, { kind: "stopped" }],
    [
      "that is stopped at the target",
      full,
      { ...cluster, ...poolsAt("1.34.1"), powerState: "Stopped" },
      { kind: "reached" },
    ],
    [
      "that failed on its way",
      full,
      { wantedVersion: "1.34.1", provisioningState: "Failed", provisioningError: "SubnetIsFull" },
      { kind: "failed", isOurs: true, reason: "SubnetIsFull" },
    ],
    [
      "that failed at something else",
      full,
      { provisioningState: "Canceled" },
      { kind: "failed", isOurs: false, reason: "Cluster is Canceled" },
    ],
    [
      "whose pool failed",
      full,
      { ...cluster, ...poolsAt("1.33.1", "Failed") },
      { kind: "failed", isOurs: true, reason: 'Pool "system" is Failed' },
    ],
    [
      "whose pool failed, for its control plane",
      controlPlane,
      { ...cluster, ...poolsAt("1.33.1", "Failed") },
      { kind: "reached" },
    ],
  ])("%s is judged so", (_, upgrade, seen, expected) => {
    expect(judgeCluster(upgrade, clusterSeen("x", seen))).toMatchObject(expected);
  });
});

test.each([
  [0, "2026-11-21T12:05:00.000Z"],
  [299, "2026-11-21T12:05:00.000Z"],
  [300, "2026-11-21T12:10:00.000Z"],
  [4_000, "2026-11-21T13:10:00.000Z"],
])("the next look after %i seconds is at %s", (seconds, expected) => {
  const now = new Date(Date.parse(noon) + seconds * 1000).toISOString() as Instant;
  expect(nextLook(noon, now)).toBe(expected);
});

test("a lost start is waited for twice as long each time, up to ten minutes", () => {
  expect([1, 2, 3, 4, 5, 6, 7, 10].map(secondsUntilLost)).toEqual([
    30, 60, 120, 240, 480, 600, 600, 600,
  ]);
});
