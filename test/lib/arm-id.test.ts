import { expect, test } from "vitest";
import { isClusterArmId } from "../../shared/lib/arm-id.ts";
import { clusterArmId } from "../builders.ts";

const id = clusterArmId("aks-1");
const inGroup = (group: string) => id.replace(/(resourceGroups\/)[^/]+/i, `$1${group}`);

test.each([
  [id],
  [id.toLowerCase()],
  [id.toUpperCase()],
  [clusterArmId("A_1")],
  [clusterArmId("a".repeat(63))],
  [inGroup("Größe_(1).test-2")],
])("%s is a cluster's", (text) => {
  expect(isClusterArmId(text)).toBe(true);
});

test.each([
  [""],
  ["aks-1"],
  [`${id}/agentPools/system`],
  [`${id}/`],
  [id.replace("managedClusters", "fleets")],
  [clusterArmId("..")],
  [clusterArmId("a.b")],
  [clusterArmId("a%2Fb")],
  [clusterArmId("a?b=c")],
  [clusterArmId("a#b")],
  [clusterArmId("a\nb")],
  [clusterArmId("-a")],
  [clusterArmId("a".repeat(64))],
  [inGroup("..")],
  [inGroup("rg.")],
  [inGroup("a".repeat(91))],
  [inGroup("a b")],
])("%j is no cluster's", (text) => {
  expect(isClusterArmId(text)).toBe(false);
});
