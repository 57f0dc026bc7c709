import type { TokenCredential } from "@azure/identity";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type Arm, startArm } from "../../../infra/local/arm/start-arm.ts";
import { armBalancers } from "../../../shared/azure/arm-balancers.ts";
import type { Balancers } from "../../../shared/effects/balancers.ts";
import type {
  BalancerSeen,
  GlobalBalancer,
  LoadBalancerSeen,
} from "../../../shared/traffic/model.ts";
import { balancerIds, balancerTags } from "../../../shared/traffic/names.ts";
import { isAsWanted } from "../../../shared/traffic/wanted-balancer.ts";
import { fleetArmId, fleetId, subscription } from "../../builders.ts";
import { trustedAuthority } from "../trusted-authority.ts";

const credential: TokenCredential = {
  getToken: async () => ({ token: "good", expiresOnTimestamp: Date.now() + 3_600_000 }),
};
const ids = balancerIds(fleetArmId, "demo", "web");
const tags = balancerTags(fleetId, "demo", "web");
const location = "westeurope";
const serviceUid = "6f1c0d3e-1111-2222-3333-444455556666";

let authority: Awaited<ReturnType<typeof trustedAuthority>>;
let arm: Arm;
let balancers: Balancers;

beforeAll(async () => {
  authority = await trustedAuthority();
});
afterAll(async () => await authority.remove());

beforeEach(async () => {
  arm = await startArm({
    tls: authority.tls,
    verify: async (token) =>
      token === "good" ? { objectId: "o", appId: "a", tenantId: "t" } : undefined,
    speed: 1_000,
  });
  arm.createResourceGroup({ subscriptionId: subscription, name: "rg-fleet", location });
  balancers = armBalancers({ credential, endpoint: arm.url, scopes: ["https://arm/.default"] });
});
afterEach(async () => await arm.close());

/** A member cluster in East US whose Service has an address; the same one when asked again. */
function member(name: string, port = 80) {
  const clusterId = arm.seedCluster({
    subscriptionId: subscription,
    resourceGroup: "rg-aks",
    name,
    location: "eastus",
    properties: {
      kubernetesVersion: "1.33.4",
      agentPoolProfiles: [{ name: "pool", count: 1, mode: "System" }],
    },
  });
  const { frontendId, publicIp } = arm.ensureRegionalFrontend({
    clusterId,
    serviceUid,
    ports: [{ protocol: "TCP", port }],
  });
  const resourceGroup = /resourceGroups\/([^/]+)/i.exec(frontendId)?.[1] ?? "";
  return { frontendId, publicIp, group: { subscriptionId: subscription, resourceGroup } };
}

const wanted = (frontendIds: Readonly<Record<string, string>>): GlobalBalancer => ({
  location,
  tags,
  publicIpId: ids.publicIpId,
  pools: [
    {
      name: "tcp-80",
      backends: Object.entries(frontendIds).map(([name, frontendId]) => ({ name, frontendId })),
    },
  ],
  rules: [{ name: "tcp-80", protocol: "Tcp", port: 80, pool: "tcp-80" }],
});

/** Looks until Azure has carried out what it was asked. */
async function settled(): Promise<BalancerSeen> {
  const states = async () => {
    const { loadBalancer, publicIp } = await balancers.see(ids);
    return [loadBalancer, publicIp].map((each) => each?.provisioningState ?? "Succeeded");
  };
  await expect.poll(states, { timeout: 5_000, interval: 10 }).toEqual(["Succeeded", "Succeeded"]);
  return await balancers.see(ids);
}

async function made(frontendIds: Readonly<Record<string, string>>): Promise<LoadBalancerSeen> {
  await balancers.ensurePublicIp(ids.publicIpId, { location, tags });
  await settled();
  await balancers.ensureLoadBalancer(ids.loadBalancerId, wanted(frontendIds));
  const { loadBalancer } = await settled();
  if (loadBalancer === undefined) throw new Error("There must be a load balancer");
  return loadBalancer;
}

const putBalancer = { method: "PUT", type: "Microsoft.Network/loadBalancers" } as const;

test("sees nothing where there is nothing, not even a resource group", async () => {
  expect(await balancers.see(ids)).toEqual({});
  const elsewhere = balancerIds(fleetArmId.replace("rg-fleet", "rg-none"), "demo", "web");
  expect(await balancers.see(elsewhere)).toEqual({});
});

test("makes an address and a load balancer, and reads them back", async () => {
  const one = member("aks-1");
  const two = member("aks-2");
  const frontends = { "aks-1": one.frontendId, "aks-2": two.frontendId };
  const loadBalancer = await made(frontends);
  expect(isAsWanted(loadBalancer, wanted(frontends))).toBe(true);
  expect(isAsWanted(loadBalancer, wanted({ "aks-1": one.frontendId }))).toBe(false);
  const { publicIp } = await balancers.see(ids);
  expect(publicIp).toMatchObject({ tags, location });
  expect(publicIp?.address).toMatch(/^198\./);
});

test("answers before Azure is done, and says so", async () => {
  arm.setSpeed(1);
  expect(await balancers.ensurePublicIp(ids.publicIpId, { location, tags })).toEqual({
    kind: "accepted",
  });
  expect((await balancers.see(ids)).publicIp?.provisioningState).toBe("Updating");
});

test("replaces backends with the ETag that was seen, and not with an older one", async () => {
  const one = member("aks-1");
  const two = member("aks-2");
  const before = await made({ "aks-1": one.frontendId });
  const both = wanted({ "aks-1": one.frontendId, "aks-2": two.frontendId });
  expect(await balancers.ensureLoadBalancer(ids.loadBalancerId, both, before.etag)).toEqual({
    kind: "accepted",
  });
  const { loadBalancer } = await settled();
  expect(loadBalancer && isAsWanted(loadBalancer, both)).toBe(true);
  expect(await balancers.ensureLoadBalancer(ids.loadBalancerId, both, before.etag)).toEqual({
    kind: "changed-meanwhile",
  });
});

test("takes all backends, rules and pools away, and keeps the address", async () => {
  const before = await made({ "aks-1": member("aks-1").frontendId });
  const empty = { ...wanted({}), pools: [], rules: [] };
  await balancers.ensureLoadBalancer(ids.loadBalancerId, empty, before.etag);
  const { loadBalancer, publicIp } = await settled();
  expect(loadBalancer && isAsWanted(loadBalancer, empty)).toBe(true);
  expect(publicIp?.address).toBeDefined();
});

test("a load balancer that Azure is changing is busy", async () => {
  const before = await made({ "aks-1": member("aks-1").frontendId });
  arm.setSpeed(1);
  const next = wanted({});
  await balancers.ensureLoadBalancer(ids.loadBalancerId, next, before.etag);
  const { loadBalancer } = await balancers.see(ids);
  expect(
    await balancers.ensureLoadBalancer(ids.loadBalancerId, next, loadBalancer?.etag),
  ).toMatchObject({ kind: "busy" });
});

test("deletes the load balancer, then the address, and only what was seen", async () => {
  const seen = await made({ "aks-1": member("aks-1").frontendId });
  const address = (await balancers.see(ids)).publicIp?.etag ?? "";
  expect(await balancers.remove(ids.publicIpId, address)).toMatchObject({ kind: "refused" });
  expect(await balancers.remove(ids.loadBalancerId, '"older"')).toEqual({
    kind: "changed-meanwhile",
  });
  expect(await balancers.remove(ids.loadBalancerId, seen.etag)).toEqual({ kind: "accepted" });
  const { publicIp } = await settled();
  expect(await balancers.remove(ids.publicIpId, publicIp?.etag ?? "")).toEqual({
    kind: "accepted",
  });
  await expect.poll(async () => await balancers.see(ids)).toEqual({});
});

test("what is gone already is removed without complaint", async () => {
  expect((await balancers.remove(ids.loadBalancerId, '"1"')).kind).toMatch(
    /^(accepted|changed-meanwhile)$/,
  );
});

test("no resource group, or a backend that is none, is refused in Azure's words", async () => {
  const elsewhere = balancerIds(fleetArmId.replace("rg-fleet", "rg-none"), "demo", "web");
  const answer = await balancers.ensurePublicIp(elsewhere.publicIpId, { location, tags });
  expect(answer.kind).toBe("refused");
  expect(JSON.stringify(answer)).toContain("ResourceGroupNotFound");
  await balancers.ensurePublicIp(ids.publicIpId, { location, tags });
  await settled();
  const nowhere = wanted({ "aks-9": `${ids.loadBalancerId}/frontendIPConfigurations/none` });
  expect((await balancers.ensureLoadBalancer(ids.loadBalancerId, nowhere)).kind).toBe("refused");
});

test.each([
  [429, "TooManyRequests", "TooManyRequests", 17],
  [503, "ServiceUnavailable", "Unavailable", 17],
] as const)(
  "HTTP %i with %s is an error that says when to ask again, unrepeated",
  async (...row) => {
    const [status, code, want, retryAfterSeconds] = row;
    const effect = { kind: "answer", status, code, retryAfterSeconds } as const;
    arm.faults.add({ match: { type: "Microsoft.Network/publicIPAddresses" }, effect });
    const error = { code: want, retryAfterSeconds };
    await expect(balancers.see(ids)).rejects.toMatchObject(error);
    const asked = balancers.ensurePublicIp(ids.publicIpId, { location, tags });
    await expect(asked).rejects.toMatchObject(error);
    const puts = arm.stats()["PUT Microsoft.Network/publicIPAddresses"] ?? {};
    expect(puts).toEqual({ [status]: 1 });
  },
);

test.each([
  [429, "RetryableErrorDueToAnotherOperation", "busy"],
  [409, "AnotherOperationInProgress", "busy"],
  [403, "AuthorizationFailed", "refused"],
  [400, "RulesExceedLimit", "refused"],
] as const)("HTTP %i with %s is the answer %s", async (status, code, kind) => {
  arm.faults.add({ match: putBalancer, effect: { kind: "answer", status, code } });
  const answer = await balancers.ensureLoadBalancer(ids.loadBalancerId, wanted({}));
  expect(answer.kind).toBe(kind);
  expect(JSON.stringify(answer)).toContain(code);
});

test("a lost answer is an error, and the next look sees what was done", async () => {
  const effect = { kind: "lose-answer" } as const;
  arm.faults.add({ match: { method: "PUT" }, effect, times: 1 });
  const asked = balancers.ensurePublicIp(ids.publicIpId, { location, tags });
  await expect(asked).rejects.toMatchObject({ code: "Unavailable" });
  expect((await settled()).publicIp?.address).toBeDefined();
});

test("an operation that fails later is seen as failed, and can be asked for again", async () => {
  await balancers.ensurePublicIp(ids.publicIpId, { location, tags });
  await settled();
  const effect = { kind: "fail-operation", code: "InternalServerError", message: "no" } as const;
  arm.faults.add({ match: putBalancer, effect, times: 1 });
  await balancers.ensureLoadBalancer(ids.loadBalancerId, wanted({}));
  await expect
    .poll(async () => (await balancers.see(ids)).loadBalancer?.provisioningState)
    .toBe("Failed");
  const { loadBalancer } = await balancers.see(ids);
  await balancers.ensureLoadBalancer(ids.loadBalancerId, wanted({}), loadBalancer?.etag);
  expect((await settled()).loadBalancer?.provisioningState).toBe("Succeeded");
});

test("finds the frontend that has an address, once it has one", async () => {
  const { group, frontendId, publicIp } = member("aks-1");
  expect(await balancers.frontendOf(group, publicIp)).toBe(frontendId);
  expect(await balancers.frontendOf(group, "203.0.113.250")).toBeUndefined();
  const none = { ...group, resourceGroup: "mc-none" };
  expect(await balancers.frontendOf(none, publicIp)).toBeUndefined();
});

test("an address that a list has not is found by the next one, a second later", async () => {
  const { group, publicIp: first } = member("aks-1");
  await balancers.frontendOf(group, first);
  const clusterId = arm.clusterIds()[0] ?? "";
  const { frontendId, publicIp } = arm.ensureRegionalFrontend({
    clusterId,
    serviceUid: serviceUid.replace("6f", "7f"),
    ports: [{ protocol: "TCP", port: 81 }],
  });
  expect(await balancers.frontendOf(group, publicIp)).toBeUndefined();
  await expect
    .poll(async () => await balancers.frontendOf(group, publicIp), { timeout: 3000 })
    .toBe(frontendId);
});

test("many exports of one member are found by one list", async () => {
  const { group, publicIp } = member("aks-1");
  await Promise.all(Array.from({ length: 20 }, () => balancers.frontendOf(group, publicIp)));
  for (let asks = 0; asks < 5; asks++) await balancers.frontendOf(group, publicIp);
  const lists = arm.stats()["GET Microsoft.Network/publicIPAddresses"] ?? {};
  expect(lists[200]).toBe(1);
});
