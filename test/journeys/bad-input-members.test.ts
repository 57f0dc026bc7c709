/** Clusters that cannot be members, and runs that must wait for others. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { fleetIdOf } from "./ask.ts";
import { endLaptops, type Laptop, startLaptop } from "./laptop.ts";
import { clusterId, sampleFleet } from "./members.ts";
import { adminFace, armLine, type Face, quietState } from "./refusals.ts";
import { putRun, runIs } from "./update-runs.ts";

let laptop: Laptop;
let admin: Face;
beforeAll(async () => {
  laptop = await startLaptop();
  admin = await adminFace(laptop);
  await sampleFleet(laptop, 1);
  await quietState(laptop);
}, 60_000);
afterAll(endLaptops);

const id = "properties.clusterResourceId";
const cluster = (name: string) => () => clusterId(laptop, name, "rg-eastus");

test.each<[name: string, clusterResourceId: () => unknown, refusal: string]>([
  ["no cluster", () => undefined, `400 RequiredPropertyMissing ${id}`],
  ["a number", () => 7, `400 InvalidRequestContent ${id}`],
  ["a name alone", () => "aks-eastus-2", `400 InvalidParameter ${id}`],
  ["a fleet", () => fleetIdOf(laptop), `400 InvalidParameter ${id}`],
  ["a pool", cluster("aks-eastus-1/agentPools/system"), `400 InvalidParameter ${id}`],
  ["a cluster that is not there", cluster("absent"), `400 InvalidParameter ${id}`],
  ["a cluster of a name that is a path", cluster(".."), `400 InvalidParameter ${id}`],
  ["a cluster of an encoded name", cluster("a%2Fb"), `400 InvalidParameter ${id}`],
  ["a cluster of a name that is a query", cluster("a?b=c"), `400 InvalidParameter ${id}`],
  ["a group that is a path", () => clusterId(laptop, "a", ".."), `400 InvalidParameter ${id}`],
  ["a cluster that is a member", cluster("aks-eastus-1"), `409 ClusterAlreadyJoinedFleet ${id}`],
])("%s cannot be a member", async (_name, clusterResourceId, refusal) => {
  const body = { properties: { clusterResourceId: clusterResourceId() } };
  expect(armLine(await admin.refuse("PUT members/other", { body }))).toBe(refusal);
});

test.each<[properties: object, field: string]>([
  [{ group: "Canary One" }, "properties.group"],
  [{ group: 1 }, "properties.group"],
  [{ labels: { "a b": "c" } }, "properties.labels.a b"],
  [{ labels: { a: "b c" } }, "properties.labels.a"],
  [{ groop: "canary" }, "properties.groop"],
])("a member is not changed to %j", async (properties, field) => {
  const answer = await admin.refuse("PATCH members/aks-eastus-1", { body: { properties } });
  expect(armLine(answer)).toBe(`400 InvalidRequestContent ${field}`);
});

test("a member does not become another cluster", async () => {
  const body = { properties: { clusterResourceId: clusterId(laptop, "other", "rg-eastus") } };
  const answer = await admin.refuse("PUT members/aks-eastus-1", { body });
  expect(armLine(answer)).toBe(`400 PropertyChangeNotAllowed ${id}`);
});

test("a member of one fleet does not join another, and a fleet with members stays", async () => {
  const made = await admin.ask("PUT ../fleet-2", { body: { location: "westeurope" } });
  expect(made.status).toBe(201);

  const body = {
    properties: { clusterResourceId: clusterId(laptop, "aks-eastus-1", "rg-eastus") },
  };
  const answer = await admin.refuse("PUT ../fleet-2/members/aks-eastus-1", { body });
  expect(armLine(answer)).toBe(`409 ClusterAlreadyJoinedAnotherFleet ${id}`);
  expect(armLine(await admin.refuse("DELETE "))).toBe("409 OperationNotAllowed");
  const members = await admin.ask("GET ../fleet-2/members");
  expect(members.body).toEqual({ value: [] });
});

test("what a run is doing is not done, changed or deleted at the same time", async () => {
  await putRun(laptop, "first", { version: "1.34.1", stages: ["test"] });
  await putRun(laptop, "second", { version: "1.34.1", stages: ["test"] });
  expect((await admin.ask("POST updateRuns/first/start")).status).toBe(200);
  // The fleet changes meanwhile, since the run goes on.
  const conflict = async (line: string, body?: object) =>
    armLine(await admin.ask(line, body === undefined ? {} : { body }));

  expect(await conflict("POST updateRuns/second/start")).toBe("409 OperationNotAllowed");
  expect(await conflict("POST updateRuns/first/start")).toBe("409 OperationNotAllowed");
  expect(await conflict("DELETE updateRuns/first")).toBe("409 OperationNotAllowed");
  const upgrade = { type: "Full", kubernetesVersion: "1.35.0" };
  const strategy = { stages: [{ name: "other", groups: [{ name: "test" }] }] };
  const body = { properties: { managedClusterUpdate: { upgrade }, strategy } };
  expect(await conflict("PUT updateRuns/first", body)).toBe("409 OperationNotAllowed");
  await runIs(laptop, "first", { state: "Completed", limitSeconds: 40 });
  expect(await conflict("POST updateRuns/first/start")).toBe("409 OperationNotAllowed");
}, 60_000);
