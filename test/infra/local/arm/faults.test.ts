import { expect, test } from "vitest";
import { clusterPath, group, localArm, refusal, seed } from "./local-arm.ts";

const type = "Microsoft.ContainerService/managedClusters";
const fast = { updateIntervalInMs: 1 };
const upgrade = { location: "westeurope", kubernetesVersion: "1.34.2" };

test("a fault answers in the place of ARM, as often as it says", async () => {
  const cloud = await localArm();
  seed(cloud, "east");
  cloud.arm.faults.add({
    match: { method: "GET", type },
    effect: { kind: "answer", status: 429, code: "Throttled", retryAfterSeconds: 17 },
    times: 2,
  });
  for (let round = 0; round < 2; round++) {
    const answer = await cloud.call("GET", `${clusterPath("east")}?api-version=2026-06-01`);
    expect(answer.status).toBe(429);
    expect(answer.headers.get("retry-after")).toBe("17");
  }
  expect((await cloud.containers.managedClusters.get(group, "east")).name).toBe("east");
  expect(cloud.arm.faults.list()).toEqual([]);
});

test("a lost answer leaves the change behind, a lost request does not", async () => {
  const cloud = await localArm({ speed: 0.01 });
  const clusterId = seed(cloud, "east");
  const version = () => {
    const { properties } = cloud.arm.readCluster(clusterId) as {
      properties: { kubernetesVersion: string };
    };
    return properties.kubernetesVersion;
  };
  const put = () =>
    cloud.containers.managedClusters.createOrUpdate(group, "east", upgrade).submitted();
  cloud.arm.faults.add({ match: { method: "PUT" }, effect: { kind: "lose-request" }, times: 1 });
  await expect(put()).rejects.toThrow("socket hang up");
  expect(version()).toBe("1.33.5");
  cloud.arm.faults.add({ match: { method: "PUT" }, effect: { kind: "lose-answer" }, times: 1 });
  await expect(put()).rejects.toThrow("socket hang up");
  expect(version()).toBe("1.34.2");
  expect(await refusal(put())).toContain("409 OperationNotAllowed");
});

test("a fault is for one resource and what is below it, or for an action", async () => {
  const cloud = await localArm();
  seed(cloud, "east");
  seed(cloud, "west");
  const effect = { kind: "answer", status: 503, code: "Away" } as const;
  cloud.arm.faults.add({ match: { id: clusterPath("EAST") }, effect });
  cloud.arm.faults.add({ match: { type, action: "STOP" }, effect });
  const { managedClusters, agentPools } = cloud.containers;
  expect(await refusal(managedClusters.get(group, "east"))).toContain("503 Away");
  expect(await refusal(agentPools.get(group, "east", "system"))).toContain("503 Away");
  expect((await managedClusters.get(group, "west")).name).toBe("west");
  expect(await refusal(managedClusters.stop(group, "west"))).toContain("503 Away");
  await managedClusters.start(group, "west", fast);
});

test("a fault with a probability strikes by the dice that it is given", async () => {
  const dice = [0.9, 0.1, 0.5];
  const cloud = await localArm({ random: () => dice.shift() ?? 0 });
  seed(cloud, "east");
  const effect = { kind: "answer", status: 500, code: "Oops" } as const;
  cloud.arm.faults.add({ match: {}, effect, probability: 0.5 });
  const statuses = [];
  for (let round = 0; round < 3; round++) {
    statuses.push(
      (await cloud.call("GET", `${clusterPath("east")}?api-version=2026-06-01`)).status,
    );
  }
  expect(statuses).toEqual([200, 500, 200]);
});

test("a delay holds the answer back", async () => {
  const cloud = await localArm();
  seed(cloud, "east");
  cloud.arm.faults.add({ match: {}, effect: { kind: "delay", delayMilliseconds: 120 }, times: 1 });
  const startedAt = performance.now();
  await cloud.containers.managedClusters.get(group, "east");
  expect(performance.now() - startedAt).toBeGreaterThan(100);
});

test("requests are counted by what they were about and how they ended", async () => {
  const cloud = await localArm();
  seed(cloud, "east");
  await cloud.containers.managedClusters.get(group, "east");
  await refusal(cloud.containers.managedClusters.get(group, "west"));
  await cloud.call("GET", "/elsewhere");
  expect(cloud.arm.stats()).toEqual({
    [`GET ${type}`]: { 200: 1, 404: 1 },
    "GET unknown": { 400: 1 },
  });
});

test("faults, counters and speed have routes", async () => {
  const cloud = await localArm();
  seed(cloud, "east");
  const fault = { match: { method: "GET" }, effect: { kind: "answer", status: 503, code: "Away" } };
  const { body } = await cloud.call("POST", "/_local/faults", { body: fault });
  expect((await cloud.call("GET", "/_local/faults")).body).toMatchObject([
    { ...fault, id: body["id"] },
  ]);
  expect(await refusal(cloud.containers.managedClusters.get(group, "east"))).toContain("503 Away");
  expect((await cloud.call("DELETE", `/_local/faults/${body["id"]}`)).status).toBe(204);
  await cloud.containers.managedClusters.get(group, "east");
  expect((await cloud.call("GET", "/_local/stats")).body).toEqual({
    [`GET ${type}`]: { 200: 1, 503: 1 },
  });
  expect((await cloud.call("PUT", "/_local/speed", { body: { speed: 7 } })).body).toEqual({
    speed: 7,
  });
  expect((await cloud.call("PUT", "/_local/speed", { body: { speed: 0 } })).status).toBe(400);
  expect((await cloud.call("POST", "/_local/faults", { body: {} })).status).toBe(400);
  expect((await cloud.call("GET", "/_local/nonsense")).status).toBe(404);
});

test("a body over the limit is refused", async () => {
  const cloud = await localArm();
  const body = { location: "x".repeat(5_000_000) };
  const answer = await cloud.call("PUT", `${clusterPath("east")}?api-version=2026-06-01`, { body });
  expect(answer.status).toBe(413);
});
