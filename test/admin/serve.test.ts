import { beforeEach, expect, test } from "vitest";
import { serveAdmin } from "../../shared/admin/serve.ts";
import { FleetError } from "../../shared/lib/fleet-error.ts";
import { fleetArmId, subscription } from "../builders.ts";
import {
  type AdminWorld,
  adminWorld,
  createFleet,
  fleetBody,
  groupPath,
  memberBody,
} from "./admin-world.ts";

let world: AdminWorld;
beforeEach(async () => {
  world = adminWorld();
  await createFleet(world);
});

const errorOf = ({ body }: { body: { readonly [name: string]: unknown } }) =>
  body["error"] as { code: string; message: string; target?: string };

test.each([
  ["lower case", fleetArmId.toLowerCase()],
  ["upper case", fleetArmId.toUpperCase()],
  ["a slash at the end", `${fleetArmId}/`],
])("a path in %s finds the fleet, and its id keeps the case of its creation", async (_, path) => {
  const { status, body } = await world.call("GET", path);
  expect(status).toBe(200);
  expect(body["id"]).toBe(fleetArmId);
});

test.each([
  ["encoded, as the SDK sends it", `${fleetArmId}?api%2Dversion=2025-03-01`],
  ["of the first release", `${fleetArmId}?api-version=2022-09-02-preview`],
  ["that comes after us", `${fleetArmId}?api-version=2031-01-01`],
])("an api-version %s is served", async (_, path) => {
  expect((await world.call("GET", path, { apiVersion: "" })).status).toBe(200);
});

test.each([
  ["none", fleetArmId, "MissingApiVersionParameter"],
  ["no date", `${fleetArmId}?api-version=latest`, "NoRegisteredProviderFound"],
  ["one before the API", `${fleetArmId}?api-version=2020-01-01`, "NoRegisteredProviderFound"],
])("an api-version that is %s is refused", async (_, path, code) => {
  const called = await world.call("GET", path, { apiVersion: "" });
  expect([called.status, errorOf(called).code]).toEqual([400, code]);
  expect(called.headers.get("x-ms-error-code")).toBe(code);
});

test.each([
  ["GET", "/subscriptions/s/providers/Microsoft.Compute/disks", 404, "InvalidResourceType"],
  ["GET", "/nowhere", 404, "InvalidResourceType"],
  ["GET", `${fleetArmId}/autoUpgradeProfiles`, 404, "InvalidResourceType"],
  ["GET", `${fleetArmId}/gates/g`, 404, "InvalidResourceType"],
  ["POST", `${fleetArmId}/restart`, 404, "InvalidResourceType"],
  ["PUT", `${fleetArmId}/members`, 405, "MethodNotAllowed"],
  ["PATCH", `${fleetArmId}/updateRuns/r`, 405, "MethodNotAllowed"],
  ["DELETE", groupPath, 405, "MethodNotAllowed"],
  ["GET", fleetArmId.replace("fleet-1", "fleet-2"), 404, "ResourceNotFound"],
  ["GET", `${fleetArmId}/members/m`, 404, "ResourceNotFound"],
  ["GET", `${fleetArmId.replace("fleet-1", "f2")}/members`, 404, "ResourceNotFound"],
  ["POST", `${fleetArmId}/updateRuns/r/start`, 404, "ResourceNotFound"],
  ["GET", `${fleetArmId}/members/%E0%A4%A`, 400, "InvalidRequestUri"],
  ["GET", `/${"x/".repeat(30)}`, 414, "UriTooLong"],
  ["GET", "/subscriptions/s/resourceGroups/none", 404, "ResourceGroupNotFound"],
])("%s %s is answered %i %s", async (method, path, status, code) => {
  const called = await world.call(method, path);
  expect([called.status, errorOf(called).code]).toEqual([status, code]);
});

test.each([
  ["not JSON", "{", "InvalidRequestContent"],
  ["no object", "[1]", "InvalidRequestContent"],
  ["empty", "", "InvalidRequestContent"],
  ["too deep", `{"tags":${"[".repeat(60)}${"]".repeat(60)}}`, "InvalidRequestContent"],
])("a body that is %s is refused and changes nothing", async (_, body, code) => {
  const before = await world.store.head(fleetArmId.toLowerCase() as never);
  const called = await world.call("PUT", "", { body });
  expect([called.status, errorOf(called).code]).toEqual([400, code]);
  expect(await world.store.head(fleetArmId.toLowerCase() as never)).toEqual(before);
});

test("brackets in a string are not depth", async () => {
  const tags = { "[[[": `"${"[".repeat(100)}\\"` };
  expect((await world.call("PUT", "", { body: { ...fleetBody, tags } })).status).toBe(200);
});

test("a body over a megabyte is refused", async () => {
  const called = await world.call("PUT", "", { body: { tags: { a: "x".repeat(1_000_001) } } });
  expect([called.status, errorOf(called).code]).toEqual([413, "RequestContentTooLarge"]);
});

test.each([
  [{}, "RequiredPropertyMissing", "location"],
  [{ location: 7 }, "InvalidRequestContent", "location"],
  [{ ...fleetBody, tags: { a: 1 } }, "InvalidRequestContent", "tags.a"],
  [
    { ...fleetBody, identity: { type: "SystemAssigned" } },
    "InvalidRequestContent",
    "identity.type",
  ],
  [
    {
      ...fleetBody,
      properties: { hubProfile: { apiServerAccessProfile: { enablePrivateCluster: true } } },
    },
    "InvalidRequestContent",
    "properties.hubProfile.apiServerAccessProfile.enablePrivateCluster",
  ],
])("a fleet %j is refused with %s, naming %s", async (body, code, target) => {
  const called = await world.call("PUT", "", { body });
  expect(called.status).toBe(400);
  expect(errorOf(called)).toMatchObject({ code, target });
});

test("a fleet keeps its location", async () => {
  const called = await world.call("PUT", "", { body: { location: "eastus" } });
  expect([called.status, errorOf(called).code]).toEqual([409, "InvalidResourceLocation"]);
});

test.each(["Fleet", "-fleet", "fleet-", "f".repeat(64), "fl.eet"])(
  "a fleet cannot be named %j",
  async (name) => {
    const path = fleetArmId.replace("fleet-1", name);
    const called = await world.call("PUT", path, { body: fleetBody });
    expect([called.status, errorOf(called).code]).toEqual([400, "InvalidResourceName"]);
  },
);

test("a name of 51 characters is a fleet's but not a member's", async () => {
  const name = "n".repeat(51);
  const fleet = await world.call("PUT", fleetArmId.replace("fleet-1", name), { body: fleetBody });
  expect(fleet.status).toBe(201);
  const member = await world.call("PUT", `members/${name}`, { body: {} });
  expect(errorOf(member).code).toBe("InvalidResourceName");
});

test.each([
  ["reader", "GET", "", 200],
  ["reader", "POST", "listCredentials", 200],
  ["reader", "PUT", "", 403],
  ["reader", "PUT", "updateRuns/r", 403],
  ["writer", "PUT", "updateStrategies/s", 400],
  ["writer", "PUT", "members/m", 403],
  ["writer", "DELETE", "", 403],
  ["nobody", "GET", "", 403],
  ["nobody", "GET", "members", 403],
  ["nobody", "GET", "/providers/Microsoft.ContainerService/operations", 403],
  ["stranger", "GET", "", 401],
])("a %s that asks %s %j is answered %i", async (as, method, path, status) => {
  expect(
    (await world.call(method, path, { as, ...(method === "PUT" && { body: {} }) })).status,
  ).toBe(status);
});

test("a caller without a token is told where to get one", async () => {
  const { status, headers } = await world.call("GET", "", { as: "stranger" });
  expect(status).toBe(401);
  expect(headers.get("www-authenticate")).toContain(
    'Bearer authorization_uri="https://login.microsoftonline.com/tenant"',
  );
});

test("DELETE of what is not there is 204, also in a fleet that is not there", async () => {
  for (const path of ["members/m", "updateRuns/r", "updateStrategies/s"]) {
    expect((await world.call("DELETE", path)).status).toBe(204);
  }
  expect((await world.call("DELETE", fleetArmId.replace("fleet-1", "f2"))).status).toBe(204);
});

test("a child of a fleet that is not there cannot be made", async () => {
  const path = `${fleetArmId.replace("fleet-1", "f2")}/members/m`;
  const called = await world.call("PUT", path, { body: {} });
  expect([called.status, errorOf(called).code]).toEqual([404, "ParentResourceNotFound"]);
});

test("a fleet with members is not deleted", async () => {
  expect((await world.call("PUT", "members/aks-1", { body: memberBody("aks-1") })).status).toBe(
    201,
  );
  const called = await world.call("DELETE", "");
  expect([called.status, errorOf(called).code]).toEqual([409, "OperationNotAllowed"]);
});

test("a fleet goes with its strategies and runs, unless one is active", async () => {
  const strategy = { stages: [{ name: "one", groups: [{ name: "a" }] }] };
  await world.call("PUT", "updateStrategies/s", { body: { properties: { strategy } } });
  const managedClusterUpdate = { upgrade: { type: "NodeImageOnly" } };
  await world.call("PUT", "updateRuns/r", {
    body: { properties: { managedClusterUpdate, strategy } },
  });
  await world.call("POST", "updateRuns/r/start");
  expect((await world.call("DELETE", "")).status).toBe(409);
  await world.call("POST", "updateRuns/r/stop");
  expect((await world.call("DELETE", "")).status).toBe(200);
  await createFleet(world);
  for (const path of ["updateRuns", "updateStrategies"]) {
    expect((await world.call("GET", path)).body["value"]).toEqual([]);
  }
});

test("the resource group of a fleet has the fleet's location", async () => {
  const { status, body } = await world.call("GET", groupPath.replace("rg-fleet", "RG-Fleet"), {
    apiVersion: "2022-09-01",
  });
  expect(status).toBe(200);
  expect(body).toMatchObject({ name: "RG-Fleet", location: "westeurope" });
});

test("fleets are listed in pages whose next link is absolute", async () => {
  for (const name of ["fleet-2", "fleet-3"]) {
    await world.call("PUT", fleetArmId.replace("fleet-1", name), { body: fleetBody });
  }
  const path = `${groupPath}/providers/Microsoft.ContainerService/fleets?$top=2`;
  const first = await world.call("GET", path, { apiVersion: "2026-06-01" });
  expect((first.body["value"] as unknown as unknown[]).length).toBe(2);
  const next = new URL(first.body["nextLink"] as unknown as string);
  expect(next.origin).toBe("https://fleet.contoso.com");
  expect(next.searchParams.get("api-version")).toBe("2026-06-01");
  const second = await world.call("GET", `${next.pathname}${next.search}`, { apiVersion: "" });
  expect((second.body["value"] as unknown as { name: string }[]).map(({ name }) => name)).toEqual([
    "fleet-3",
  ]);
  expect(second.body["nextLink"]).toBeUndefined();
});

test.each(["0", "-1", "x", "10000000"])("$top %j is refused", async (top) => {
  const called = await world.call("GET", `members?$top=${top}`);
  expect([called.status, errorOf(called).code]).toEqual([400, "InvalidQueryParameterValue"]);
});

test("an operation result that nobody gave out is not found", async () => {
  const base = `/subscriptions/${subscription}/providers/Microsoft.ContainerService/locations/w`;
  for (const id of [
    "x",
    Buffer.from('["/subscriptions/other/x","k","n","u"]').toString("base64url"),
  ]) {
    const called = await world.call("GET", `${base}/operationResults/${id}`);
    expect([called.status, errorOf(called).code]).toEqual([404, "OperationNotFound"]);
  }
});

test.each([
  [new FleetError("Unavailable", "busy", { retryAfterSeconds: 1.5 }), 503, "2"],
  [new FleetError("TooManyRequests", "slow", { retryAfterSeconds: 7 }), 429, "7"],
  [new TypeError("secret detail"), 500, null],
])("%s becomes %i with Retry-After %j", async (error, status, retryAfter) => {
  const failing = {
    ...world.effects,
    store: {
      ...world.store,
      read: async () => {
        throw error;
      },
    },
  };
  const request = new Request(`https://127.0.0.1${fleetArmId}?api-version=2025-03-01`, {
    headers: { authorization: "Bearer admin" },
  });
  const response = await serveAdmin(request, failing, world.face);
  expect(response.status).toBe(status);
  expect(response.headers.get("retry-after")).toBe(retryAfter);
  expect(await response.text()).not.toContain("secret");
});

test("a writer that loses the race writes again, unless it named what it had read", async () => {
  const { body } = await world.call("GET", "");
  const ifMatch = body["eTag"] as unknown as string;
  const tags = (count: number) => ({ body: { tags: { count: String(count) } } });
  const both = await Promise.all([
    world.call("PATCH", "", tags(1)),
    world.call("PATCH", "", tags(2)),
    world.call("PATCH", "", { ...tags(3), headers: { "if-match": ifMatch } }),
  ]);
  expect(both.map(({ status }) => status).toSorted()).toEqual(
    both[2].status === 200 ? [200, 200, 200] : [200, 200, 412],
  );
});
