import { ContainerServiceFleetClient } from "@azure/arm-containerservicefleet";
import type { TokenCredential } from "@azure/identity";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { HttpsServer } from "../../infra/local/tls/https-server.ts";
import { trustedAuthority } from "../azure/trusted-authority.ts";
import { clusterArmId, fleetArmId, subscription } from "../builders.ts";
import {
  type AdminWorld,
  adminWorld,
  createFleet,
  joinMember,
  letGo,
  serveWorld,
} from "./admin-world.ts";

const group = "rg-fleet";
const full = { upgrade: { type: "Full", kubernetesVersion: "1.34.1" } } as const;

let authority: Awaited<ReturnType<typeof trustedAuthority>>;
let world: AdminWorld;
let server: HttpsServer;
let client: ContainerServiceFleetClient;

beforeAll(async () => {
  authority = await trustedAuthority();
});
afterAll(async () => await authority.remove());
beforeEach(async () => {
  world = adminWorld();
  server = await serveWorld(world, authority.tls);
  client = clientOf("admin");
});
afterEach(async () => await server.close());

/** As a person makes one: nothing but endpoint, scope and credential. */
function clientOf(token: string): ContainerServiceFleetClient {
  const credential: TokenCredential = {
    getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 }),
  };
  return new ContainerServiceFleetClient(credential, subscription, {
    endpoint: server.url,
    credentials: { scopes: ["api://hubless/.default"] },
    retryOptions: { maxRetries: 0 },
  });
}

async function all<Item>(pages: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of pages) items.push(item);
  return items;
}

test("the official client creates, reads, tags, lists and deletes a fleet", async () => {
  const made = await client.fleets.create(group, "fleet-1", {
    location: "West Europe",
    identity: { type: "None" },
  });
  expect(made).toMatchObject({
    id: fleetArmId,
    name: "fleet-1",
    type: "Microsoft.ContainerService/fleets",
    location: "westeurope",
    properties: { provisioningState: "Succeeded" },
  });
  expect(made.eTag).toMatch(/^".+"$/);
  expect(made.systemData?.createdBy).toBe("admin@contoso.com");

  const tagged = await client.fleets.updateAsync(group, "fleet-1", { tags: { env: "prod" } });
  expect(tagged.tags).toEqual({ env: "prod" });
  expect((await client.fleets.get(group, "fleet-1")).eTag).toBe(tagged.eTag);
  const names = async (pages: AsyncIterable<{ name?: string }>) =>
    (await all(pages)).map(({ name }) => name);
  expect(await names(client.fleets.listByResourceGroup(group))).toEqual(["fleet-1"]);
  expect(await names(client.fleets.listByResourceGroup("other"))).toEqual([]);
  expect(await names(client.fleets.listBySubscription())).toEqual(["fleet-1"]);

  await client.fleets.delete(group, "fleet-1");
  await expect(client.fleets.get(group, "fleet-1")).rejects.toMatchObject({
    statusCode: 404,
    code: "ResourceNotFound",
  });
  await client.fleets.delete(group, "fleet-1");
});

test("the official client waits for a member to join, and to be let go", async () => {
  await createFleet(world);
  const joining = client.fleetMembers.create(group, "fleet-1", "aks-1", {
    properties: { clusterResourceId: clusterArmId("aks-1"), group: "canary" },
  });
  await joining.submitted();
  await joinMember(world, "aks-1");
  expect((await joining).properties).toMatchObject({
    clusterResourceId: clusterArmId("aks-1"),
    group: "canary",
    provisioningState: "Succeeded",
  });
  const moved = await client.fleetMembers.updateAsync(group, "fleet-1", "aks-1", {
    properties: { group: "prod" },
  });
  expect(moved.properties?.group).toBe("prod");

  const leaving = client.fleetMembers.delete(group, "fleet-1", "aks-1");
  await leaving.submitted();
  const seen = await client.fleetMembers.get(group, "fleet-1", "aks-1");
  expect(seen.properties?.provisioningState).toBe("Leaving");
  await letGo(world, "aks-1");
  await leaving;
  expect(await all(client.fleetMembers.listByFleet(group, "fleet-1"))).toEqual([]);
});

test("the official client lists more members than one page holds", async () => {
  const names = Array.from({ length: 130 }, (_, index) => `m-${String(index).padStart(3, "0")}`);
  await createFleet(world, Object.fromEntries(names.map((name) => [name, undefined])));
  const listed = await all(client.fleetMembers.listByFleet(group, "fleet-1"));
  expect(listed.map(({ name }) => name)).toEqual(names);
});

test("the official client drives an update run made of a strategy", async () => {
  await createFleet(world, { "aks-1": "canary", "aks-2": "prod", "aks-3": undefined });
  const strategy = await client.fleetUpdateStrategies.createOrUpdate(group, "fleet-1", "waves", {
    properties: {
      strategy: {
        stages: [
          { name: "first", groups: [{ name: "canary" }], afterStageWaitInSeconds: 3600 },
          { name: "second", groups: [{ name: "prod" }, { name: "empty" }] },
        ],
      },
    },
  });
  expect(strategy.id).toBe(`${fleetArmId}/updateStrategies/waves`);
  const made = await client.updateRuns.createOrUpdate(group, "fleet-1", "to-1-34", {
    properties: {
      updateStrategyId: strategy.id ?? "",
      managedClusterUpdate: { ...full, nodeImageSelection: { type: "Latest" } },
    },
  });
  expect(made.properties?.strategy).toEqual(strategy.properties?.strategy);
  const { status } = made.properties ?? {};
  expect(status?.status?.state).toBe("NotStarted");
  expect(
    status?.stages?.map(({ name, groups }) => [name, groups?.map((each) => each.name)]),
  ).toEqual([
    ["first", ["canary"]],
    ["second", ["prod", "empty"]],
  ]);
  expect(status?.stages?.[0]?.groups?.[0]?.members).toEqual([
    { name: "aks-1", clusterResourceId: clusterArmId("aks-1"), status: { state: "NotStarted" } },
  ]);
  expect(status?.stages?.[1]?.groups?.[1]?.members).toBeUndefined();
  expect(status?.stages?.[0]?.afterStageWaitStatus).toMatchObject({ waitDurationInSeconds: 3600 });

  const started = await client.updateRuns.start(group, "fleet-1", "to-1-34");
  expect(started.name).toBe("to-1-34");
  await expect(client.updateRuns.start(group, "fleet-1", "to-1-34")).rejects.toMatchObject({
    statusCode: 409,
    code: "OperationNotAllowed",
  });
  await client.updateRuns.stop(group, "fleet-1", "to-1-34");
  expect(await all(client.updateRuns.listByFleet(group, "fleet-1"))).toHaveLength(1);
  await client.updateRuns.delete(group, "fleet-1", "to-1-34");
  await client.fleetUpdateStrategies.delete(group, "fleet-1", "waves");
  expect(await all(client.updateRuns.listByFleet(group, "fleet-1"))).toEqual([]);
  expect(await all(client.fleetUpdateStrategies.listByFleet(group, "fleet-1"))).toEqual([]);
});

test("the official client reads a run, writes it back, and changes nothing", async () => {
  await createFleet(world, { "aks-1": "canary" });
  const strategy = { stages: [{ name: "one", groups: [{ name: "canary" }] }] };
  const properties = { managedClusterUpdate: full, strategy };
  await client.updateRuns.createOrUpdate(group, "fleet-1", "run-1", { properties });
  const read = await client.updateRuns.get(group, "fleet-1", "run-1");
  const again = await client.updateRuns.createOrUpdate(group, "fleet-1", "run-1", read);
  expect(again.properties).toEqual(read.properties);
});

test("the official client's conditions hold: create only, change only what was read", async () => {
  await createFleet(world);
  const failed = { statusCode: 412, code: "PreconditionFailed" };
  const put = (options: object) =>
    client.fleets.create(group, "fleet-1", { location: "westeurope" }, options);
  await expect(put({ ifNoneMatch: "*" })).rejects.toMatchObject(failed);
  const { eTag = "" } = await client.fleets.get(group, "fleet-1");
  await put({ ifMatch: eTag });
  await expect(put({ ifMatch: eTag })).rejects.toMatchObject(failed);
  await expect(client.fleets.delete(group, "fleet-1", { ifMatch: eTag })).rejects.toMatchObject(
    failed,
  );
});

test("the official client gets the kubeconfig of the hub, and the list of operations", async () => {
  await createFleet(world);
  const { kubeconfigs } = await clientOf("reader").fleets.listCredentials(group, "fleet-1");
  const text = Buffer.from(kubeconfigs?.[0]?.value ?? []).toString("utf8");
  expect(text).toContain(`server: "${server.url}${fleetArmId}/hub"`);
  const operations = await all(client.operations.list());
  expect(operations.map(({ name }) => name)).toContain(
    "Microsoft.ContainerService/fleets/updateRuns/start/action",
  );
});

test("the official client is told who may not", async () => {
  await createFleet(world);
  await expect(clientOf("stranger").fleets.get(group, "fleet-1")).rejects.toMatchObject({
    statusCode: 401,
    code: "InvalidAuthenticationToken",
  });
  await expect(clientOf("reader").fleets.delete(group, "fleet-1")).rejects.toMatchObject({
    statusCode: 403,
    code: "AuthorizationFailed",
  });
});
