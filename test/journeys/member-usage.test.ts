/** A fleet tells how many nodes its members have, and what is free on them. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { createClusters } from "../../infra/local/create-clusters.ts";
import type { Seen } from "../../infra/local/tour/kube.ts";
import { at, objectOf } from "../../shared/kube/json.ts";
import type { JsonObject } from "../../shared/lib/kube-object.ts";
import { differs, eventually } from "./eventually.ts";
import { endLaptops, type Laptop, startLaptop } from "./laptop.ts";
import { joined, membersOf, nameOf, taggedCluster } from "./members.ts";

let laptop: Laptop;
beforeAll(async () => {
  laptop = await startLaptop();
}, 60_000);
afterAll(endLaptops);

const name = "aks-grows";

async function statusOf(): Promise<JsonObject> {
  const member = (await membersOf(laptop)).find((each: Seen) => nameOf(each) === name);
  return objectOf(at(member as unknown as JsonObject, "status"));
}

const told = (status: JsonObject) => ({
  nodes: at(status, "properties", "kubernetes-fleet.io/node-count", "value"),
  free: at(status, "resourceUsage", "available"),
});

test("a member that gets more nodes tells so, and what is free on them", async () => {
  await createClusters(laptop.aks, [taggedCluster(laptop, name)]);
  await joined(laptop, [name]);
  await eventually({
    expected: "three nodes, with what AKS itself leaves of them",
    look: statusOf,
    missing: (status) =>
      differs(told(status), { nodes: "3", free: { cpu: "9990m", memory: "34703716Ki" } }),
  });

  const { agentPools } = laptop.aks;
  const pool = await agentPools.get("rg-eastus", name, "system");
  await agentPools.createOrUpdate("rg-eastus", name, "system", { ...pool, count: 5 });
  const status = await eventually({
    expected: "five nodes once the pool is scaled",
    look: statusOf,
    missing: (seen) =>
      differs(told(seen), { nodes: "5", free: { cpu: "17010m", memory: "58098940Ki" } }),
  });
  const seenAt = Date.parse(String(at(status, "resourceUsage", "observationTime")));
  expect(Date.now() - seenAt).toBeLessThan(60_000);
  expect(status["agentStatus"]).toMatchObject([{ type: "MemberAgent" }]);
}, 90_000);
