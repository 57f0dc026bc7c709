import { expect, test } from "vitest";
import {
  caller,
  clusterPath,
  group,
  localArm,
  refusal,
  seed,
  subscriptionId,
} from "./local-arm.ts";

const fast = { updateIntervalInMs: 1 };
const body = {
  location: "westeurope",
  identity: { type: "SystemAssigned" as const },
  dnsPrefix: "east",
  kubernetesVersion: "1.34",
  agentPoolProfiles: [{ name: "system", mode: "System", count: 2, vmSize: "Standard_D4ds_v5" }],
};

test("a cluster is created, read in the case of its creation, and deleted", async () => {
  const cloud = await localArm();
  const created = await cloud.containers.managedClusters.createOrUpdate(group, "East", body, fast);
  expect(created).toMatchObject({
    name: "East",
    provisioningState: "Succeeded",
    kubernetesVersion: "1.34",
    currentKubernetesVersion: "1.34.2",
    nodeResourceGroup: "MC_rg-fleet_East_westeurope",
    powerState: { code: "Running" },
    agentPoolProfiles: [
      {
        name: "system",
        currentOrchestratorVersion: "1.34.2",
        nodeImageVersion: "AKSUbuntu-2204gen2containerd-202611.03.0",
      },
    ],
  });
  const read = await cloud.containers.managedClusters.get(group.toUpperCase(), "eAST");
  expect(read.id).toBe(clusterPath("East"));
  expect(read.eTag).toMatch(/^[0-9a-f-]{36}$/);
  await cloud.containers.managedClusters.delete(group, "east", fast);
  expect(await refusal(cloud.containers.managedClusters.get(group, "East"))).toContain(
    "404 ResourceNotFound",
  );
  await cloud.containers.managedClusters.delete(group, "east", fast);
});

test("a create is accepted with Creating, and its operation can be followed", async () => {
  const cloud = await localArm({ speed: 1 });
  const put = await cloud.call("PUT", `${clusterPath("east")}?api-version=2026-06-01`, {
    body: {
      location: "westeurope",
      properties: { agentPoolProfiles: [{ name: "system", mode: "System" }] },
    },
  });
  expect(put.status).toBe(201);
  expect(put.body["properties"]).toMatchObject({ provisioningState: "Creating" });
  const monitor = new URL(put.headers.get("azure-asyncoperation") ?? "");
  const path = monitor.pathname + monitor.search;
  expect((await cloud.call("GET", path)).body["status"]).toBe("InProgress");
  const results = await cloud.call("GET", path.replace("/operations/", "/operationresults/"));
  expect(results.status).toBe(202);
  expect(results.headers.get("location")).toContain("/operationresults/");
});

test("a PUT with an older etag is refused and changes nothing", async () => {
  const cloud = await localArm();
  seed(cloud, "east");
  const { eTag = "" } = await cloud.containers.managedClusters.get(group, "east");
  await cloud.containers.managedClusters.updateTags(group, "east", { tags: { a: "1" } }, fast);
  const put = cloud.containers.managedClusters.createOrUpdate(
    group,
    "east",
    { location: "westeurope", tags: { a: "2" } },
    { ...fast, ifMatch: eTag },
  );
  expect(await refusal(put)).toContain("412 PreconditionFailed");
  const again = cloud.containers.managedClusters.createOrUpdate(group, "east", body, {
    ...fast,
    ifNoneMatch: "*",
  });
  expect(await refusal(again)).toContain("412 PreconditionFailed");
  const { tags } = await cloud.containers.managedClusters.get(group, "east");
  expect(tags).toEqual({ a: "1" });
});

test("a list comes in pages, of a group or of the subscription", async () => {
  const cloud = await localArm({ pageSize: 2 });
  for (const name of ["a", "b", "c", "d", "e"]) seed(cloud, name);
  cloud.arm.seedCluster({
    subscriptionId,
    resourceGroup: "rg-fleet-2",
    name: "other",
    location: "eastus",
    properties: { agentPoolProfiles: [{ name: "system", mode: "System" }] },
  });
  const names: (string | undefined)[] = [];
  for await (const { name } of cloud.containers.managedClusters.listByResourceGroup(group)) {
    names.push(name);
  }
  expect(names).toEqual(["a", "b", "c", "d", "e"]);
  const pages: number[] = [];
  for await (const each of cloud.containers.managedClusters.list().byPage())
    pages.push(each.length);
  expect(pages).toEqual([2, 2, 2]);
});

test("the credentials of a cluster come from whoever plays it, in the wanted format", async () => {
  const asked: unknown[] = [];
  const cloud = await localArm({
    kubeconfig: (request) => {
      asked.push(request);
      return "apiVersion: v1";
    },
  });
  const clusterId = seed(cloud, "east");
  const user = await cloud.containers.managedClusters.listClusterUserCredentials(group, "east", {
    format: "exec",
  });
  expect(Buffer.from(user.kubeconfigs?.[0]?.value ?? []).toString()).toBe("apiVersion: v1");
  await cloud.containers.managedClusters.listClusterAdminCredentials(group, "east");
  expect(asked).toEqual([
    { clusterId, role: "user", format: "exec" },
    { clusterId, role: "admin", format: undefined },
  ]);
  seed(cloud, "strict", { disableLocalAccounts: true });
  const admin = cloud.containers.managedClusters.listClusterAdminCredentials(group, "strict");
  expect(await refusal(admin)).toContain("400 BadRequest");
});

test("a cluster stops and starts with its pools, and is not upgraded while stopped", async () => {
  const cloud = await localArm();
  seed(cloud, "east");
  await cloud.containers.managedClusters.stop(group, "east", fast);
  const stopped = await cloud.containers.managedClusters.get(group, "east");
  expect(stopped.powerState?.code).toBe("Stopped");
  expect(stopped.agentPoolProfiles?.[0]?.powerState?.code).toBe("Stopped");
  const put = cloud.containers.managedClusters.createOrUpdate(
    group,
    "east",
    { location: "westeurope", kubernetesVersion: "1.34.2" },
    fast,
  );
  expect(await refusal(put)).toContain("400 OperationNotAllowed");
  await cloud.containers.managedClusters.start(group, "east", fast);
  const started = await cloud.containers.managedClusters.get(group, "east");
  expect(started.powerState?.code).toBe("Running");
});

test("maintenance configurations are kept and shown", async () => {
  const cloud = await localArm();
  seed(cloud, "east");
  const { maintenanceConfigurations } = cloud.containers;
  const window = {
    maintenanceWindow: {
      schedule: { weekly: { intervalWeeks: 1, dayOfWeek: "Monday" as const } },
      durationHours: 4,
      startTime: "00:00",
      utcOffset: "+00:00",
    },
  };
  const name = "aksManagedAutoUpgradeSchedule";
  await maintenanceConfigurations.createOrUpdate(group, "east", name, window);
  const read = await maintenanceConfigurations.get(group, "east", name);
  expect(read.maintenanceWindow?.durationHours).toBe(4);
  const all = [];
  for await (const each of maintenanceConfigurations.listByManagedCluster(group, "east")) {
    all.push(each.name);
  }
  expect(all).toEqual([name]);
  await maintenanceConfigurations.delete(group, "east", name);
  expect(await refusal(maintenanceConfigurations.get(group, "east", name))).toContain("404");
});

test("a region says which versions it has, and which is the default", async () => {
  const cloud = await localArm();
  const { values = [] } =
    await cloud.containers.managedClusters.listKubernetesVersions("westeurope");
  expect(values.map(({ version }) => version)).toEqual(["1.31", "1.32", "1.33", "1.34", "1.35"]);
  expect(values.find(({ isDefault }) => isDefault)?.version).toBe("1.34");
  expect(values.find(({ isPreview }) => isPreview)?.version).toBe("1.35");
  expect(values[1]?.patchVersions?.["1.32.10"]?.upgrades).toEqual(["1.33.4", "1.33.5"]);
});

test.each([
  ["without a token", { token: "" }, "", 401, "AuthenticationFailed"],
  [
    "with a bad token",
    { token: "bad" },
    "?api-version=2026-06-01",
    401,
    "InvalidAuthenticationToken",
  ],
  ["without an api-version", {}, "", 400, "MissingApiVersionParameter"],
  ["with a wrong api-version", {}, "?api-version=latest", 400, "InvalidApiVersionParameter"],
  [
    "with a body that is no JSON",
    { body: "{" },
    "?api-version=2026-06-01",
    400,
    "InvalidRequestContent",
  ],
  ["without a location", { body: {} }, "?api-version=2026-06-01", 400, "InvalidRequestContent"],
])("a PUT %s is refused as ARM does", async (_name, options, query, status, code) => {
  const cloud = await localArm();
  const answer = await cloud.call("PUT", `${clusterPath("east")}${query}`, options);
  expect(answer.status).toBe(status);
  expect(answer.body).toMatchObject({ error: { code } });
  expect(answer.headers.get("x-ms-error-code")).toBe(code);
  expect(answer.headers.has("www-authenticate")).toBe(status === 401);
});

test.each([
  [
    "/subscriptions/s/providers/Microsoft.Compute/virtualMachines/a",
    404,
    "InvalidResourceNamespace",
  ],
  [
    "/subscriptions/s/resourceGroups/r/providers/Microsoft.Network/applicationGateways/a",
    404,
    "InvalidResourceType",
  ],
  ["/subscriptions/s/resourceGroups/r", 404, "ResourceGroupNotFound"],
  ["/subscriptions/s/nonsense", 400, "InvalidRequestUri"],
  ["/elsewhere", 400, "InvalidRequestUri"],
])("a GET of %s is refused", async (path, status, code) => {
  const cloud = await localArm();
  const answer = await cloud.call("GET", `${path}?api-version=2026-06-01`);
  expect(answer).toMatchObject({ status, body: { error: { code } } });
});

test("a change is told on acceptance and at its end, a delete at its end", async () => {
  const cloud = await localArm();
  await cloud.containers.managedClusters.createOrUpdate(group, "east", body, fast);
  await cloud.containers.managedClusters.updateTags(group, "east", { tags: { a: "1" } }, fast);
  await cloud.containers.managedClusters.delete(group, "east", fast);
  const about = cloud.events.map(({ eventType, data }) => `${eventType} ${data["operationName"]}`);
  const write =
    "Microsoft.Resources.ResourceWriteSuccess Microsoft.ContainerService/managedClusters/write";
  const gone =
    "Microsoft.Resources.ResourceDeleteSuccess Microsoft.ContainerService/managedClusters/delete";
  expect(about).toEqual([write, write, write, gone]);
  expect(cloud.events[0]?.data["httpRequest"]).toBeUndefined();
  expect(cloud.events[2]).toMatchObject({
    topic: `/subscriptions/${subscriptionId}`,
    subject: clusterPath("east").replace("resourceGroups", "resourcegroups"),
    dataVersion: "2",
    data: {
      status: "Succeeded",
      resourceProvider: "Microsoft.ContainerService",
      httpRequest: { method: "PATCH" },
      claims: { appid: caller.appId },
      tenantId: caller.tenantId,
    },
  });
});
