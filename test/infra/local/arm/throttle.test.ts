import { expect, test } from "vitest";
import { createThrottle, type Throttled } from "../../../../infra/local/arm/throttle.ts";
import { clusterPath, group, localArm, refusal, seed } from "./local-arm.ts";

const cluster = "microsoft.containerservice/managedclusters";
const base: Throttled = {
  method: "get",
  type: cluster,
  id: "/subscriptions/s/resourcegroups/r/x",
  subscriptionId: "s",
  principal: "p",
  isList: false,
};

/** How many requests go through at once, and how long the next has to wait. */
function burst(request: Throttled, principals = 1): readonly [number, number] {
  const throttle = createThrottle(() => 0);
  for (let count = 0; count < 100_000; count++) {
    try {
      throttle.take({ ...request, principal: `p${count % principals}` });
    } catch (error) {
      const { headers } = error as { headers: Record<string, string> };
      return [count, Number(headers["retry-after"])];
    }
  }
  throw new Error("Cannot find a limit");
}

test.each<
  [name: string, change: Partial<Throttled>, principals: number, want: readonly [number, number]]
>([
  ["60 reads of a cluster, one more each second", {}, 1, [60, 1]],
  ["20 writes of a cluster, one more each minute", { method: "put" }, 1, [20, 60]],
  [
    "20 writes of a pool, one more each minute",
    { method: "put", type: `${cluster}/agentpools` },
    1,
    [20, 60],
  ],
  ["60 lists of a resource group", { isList: true }, 1, [60, 1]],
  ["500 lists of a subscription", { isList: true, id: "/subscriptions/s/x" }, 10, [500, 1]],
  [
    "200 looks at operations",
    { type: "microsoft.containerservice/locations/operations" },
    1,
    [200, 1],
  ],
  ["60 of everything else of AKS", { type: `${cluster}/upgradeprofiles` }, 1, [60, 1]],
  ["250 reads of ARM by one principal", { type: "microsoft.network/loadbalancers" }, 1, [250, 1]],
  [
    "200 deletes of ARM by one principal",
    { method: "delete", type: "microsoft.network/loadbalancers" },
    1,
    [200, 1],
  ],
  [
    "1,000 network writes of a subscription",
    { method: "put", type: "microsoft.network/loadbalancers" },
    100,
    [1_000, 1],
  ],
  [
    "10,000 network reads of a subscription",
    { type: "microsoft.network/loadbalancers" },
    1_000,
    [10_000, 1],
  ],
])("Azure takes %s", (_name, change, principals, want) => {
  expect(burst({ ...base, ...change }, principals)).toEqual(want);
});

test("a bucket fills again with time, up to its size", () => {
  let now = 0;
  const throttle = createThrottle(() => now);
  const take = () => throttle.take(base);
  for (let count = 0; count < 60; count++) take();
  expect(take).toThrow("throttled");
  now = 2;
  take();
  take();
  expect(take).toThrow("throttled");
  now = 10_000;
  for (let count = 0; count < 60; count++) take();
  expect(take).toThrow("throttled");
});

test("a throttled client is told when to come back, and that it is not the cluster", async () => {
  const cloud = await localArm({ throttling: "documented", speed: 0.01 });
  seed(cloud, "east");
  const path = `${clusterPath("east")}?api-version=2026-06-01`;
  for (let count = 0; count < 60; count++) {
    const { status, headers } = await cloud.call("GET", path);
    expect([status, headers.get("x-ms-ratelimit-remaining-subscription-reads")]).toEqual([
      200,
      String(249 - count),
    ]);
  }
  const { status, headers, body } = await cloud.call("GET", path);
  expect(status).toBe(429);
  expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
  expect(body).toMatchObject({ error: { code: "Throttled" } });
});

test("without the option nothing is throttled", async () => {
  const cloud = await localArm();
  seed(cloud, "east");
  for (let count = 0; count < 70; count++)
    await cloud.containers.managedClusters.get(group, "east");
  expect(await refusal(cloud.containers.managedClusters.get(group, "no"))).toContain("404");
});
