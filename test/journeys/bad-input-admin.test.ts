/** What the ARM API cannot take: versions, bodies, names, strategies, conditions. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { fleetIdOf } from "./ask.ts";
import { endLaptops, type Laptop, startLaptop } from "./laptop.ts";
import { adminFace, armLine, type Face, quietState } from "./refusals.ts";

let laptop: Laptop;
let admin: Face;
beforeAll(async () => {
  laptop = await startLaptop();
  admin = await adminFace(laptop);
}, 60_000);
afterAll(endLaptops);

const strategy = "updateStrategies/waves";
const run = "updateRuns/run-1";

const all = { name: "one", groups: [{ name: "all" }] };
const stages = (...of: unknown[]) => ({ stages: of });
const running = (properties: object) => ({ properties });
const waves = running({ strategy: stages(all) });
const full = { upgrade: { type: "Full", kubernetesVersion: "1.34.1" } };
const upgrading = (upgrade: object) => running({ managedClusterUpdate: { upgrade } });
const names = (prefix: string, count: number) =>
  Array.from({ length: count }, (_each, at) => ({ name: `${prefix}-${at}` }));
const fleet = { location: "westeurope" };

test.each([
  ["?", "400 MissingApiVersionParameter"],
  ["?api-version=", "400 MissingApiVersionParameter"],
  ["?api-version=latest", "400 NoRegisteredProviderFound"],
  ["?api-version=2019-01-01", "400 NoRegisteredProviderFound"],
  ["?api-version=2026-02-01-beta", "400 NoRegisteredProviderFound"],
])("the api-version %s: %s", async (query, refusal) => {
  expect(armLine(await admin.refuse(`GET ${query}`))).toBe(refusal);
});

test.each<[name: string, body: string | Uint8Array]>([
  ["JSON that ends early", "{"],
  ["JSON with more after it", "{} {}"],
  ["YAML", "properties:\n  strategy: {}"],
  ["nothing", ""],
  ["null", "null"],
  ["a list", "[]"],
  ["bytes that are no UTF-8", new Uint8Array([0x22, 0xff, 0x22])],
  ["JSON that nests too deep", "[".repeat(51) + "]".repeat(51)],
  ["JSON that nests deeper than a stack", "[".repeat(100_000) + "]".repeat(100_000)],
])("a body of %s is refused", async (_name, body) => {
  expect(armLine(await admin.refuse(`PUT ${strategy}`, { body }))).toBe(
    "400 InvalidRequestContent",
  );
});

test.each([
  ["over the limit", 1.1e6],
  ["over what is kept in memory", 5e6],
  ["far over any limit", 2e7],
])("a body %s is refused, and the connection goes on", async (_name, bytes) => {
  const body = { ...waves, more: "x".repeat(bytes) };
  const answer = await admin.refuse(`PUT ${strategy}`, { body });
  expect(armLine(answer)).toBe("413 RequestContentTooLarge");
});

const long = (characters: number) => "a".repeat(characters);

test.each([
  `../${long(64)}`,
  "../Fleet-2",
  "../fleet_2",
  "../-fleet",
  "updateStrategies/Waves",
  "updateStrategies/waves-",
  "updateStrategies/%20",
  `updateStrategies/${long(51)}`,
  "updateRuns/run.1",
  "updateRuns/run%2F1",
  `updateRuns/${long(51)}`,
  "members/AKS-1",
  "members/%F0%9F%98%80",
  `members/${long(51)}`,
])("%s is no name of a resource", async (path) => {
  const answer = await admin.refuse(`PUT ${path}`, { body: { ...fleet, ...waves } });
  expect(armLine(answer)).toBe("400 InvalidResourceName");
});

const at = "properties.strategy.stages";

test.each<[name: string, strategy: unknown, refusal: string]>([
  ["that is a list", [all], "InvalidRequestContent properties.strategy"],
  ["without stages", {}, `RequiredPropertyMissing ${at}`],
  ["with no stage", stages(), `InvalidRequestContent ${at}`],
  ["whose stages are no list", { stages: all }, `InvalidRequestContent ${at}`],
  [
    "with over 100 stages",
    stages(...names("s", 101).map(({ name }) => ({ name, groups: [{ name }] }))),
    `InvalidRequestContent ${at}`,
  ],
  ["of a stage without a name", stages({ groups: [] }), `RequiredPropertyMissing ${at}[0].name`],
  [
    "of a stage in capitals",
    stages({ ...all, name: "One" }),
    `InvalidRequestContent ${at}[0].name`,
  ],
  [
    "of a stage with a long name",
    stages({ ...all, name: long(51) }),
    `InvalidRequestContent ${at}[0].name`,
  ],
  ["of a stage without groups", stages({ name: "one" }), `RequiredPropertyMissing ${at}[0].groups`],
  ["of an empty stage", stages({ ...all, groups: [] }), `InvalidRequestContent ${at}[0].groups`],
  [
    "of a stage with over 50 groups",
    stages({ name: "one", groups: names("g", 51) }),
    `InvalidRequestContent ${at}[0].groups`,
  ],
  [
    "of a group with a wrong name",
    stages({ name: "one", groups: [{ name: "a b" }] }),
    `InvalidRequestContent ${at}[0].groups[0].name`,
  ],
  [
    "with a stage twice",
    stages(all, { ...all, groups: [{ name: "b" }] }),
    `InvalidParameter ${at}[1].name`,
  ],
  [
    "with a group in two stages",
    stages(all, { ...all, name: "two" }),
    `InvalidParameter ${at}[1].groups[0].name`,
  ],
  [
    "with a group twice in a stage",
    stages({ name: "one", groups: [{ name: "a" }, { name: "a" }] }),
    `InvalidParameter ${at}[0].groups[1].name`,
  ],
  [
    "that waits less than no time",
    stages({ ...all, afterStageWaitInSeconds: -1 }),
    `InvalidRequestContent ${at}[0].afterStageWaitInSeconds`,
  ],
  [
    'that waits "1h"',
    stages({ ...all, afterStageWaitInSeconds: "1h" }),
    `InvalidRequestContent ${at}[0].afterStageWaitInSeconds`,
  ],
  [
    "that waits in a field that there is not",
    stages({ ...all, afterStageWaitSeconds: 3600 }),
    `InvalidRequestContent ${at}[0].afterStageWaitSeconds`,
  ],
  [
    "for no member at a time",
    stages({ ...all, maxConcurrency: "0" }),
    `InvalidRequestContent ${at}[0].maxConcurrency`,
  ],
  [
    "for more than all at a time",
    stages({ ...all, maxConcurrency: "101%" }),
    `InvalidRequestContent ${at}[0].maxConcurrency`,
  ],
  [
    "of a group with more at a time than its stage",
    stages({ name: "one", maxConcurrency: "2", groups: [{ name: "a", maxConcurrency: "3" }] }),
    `InvalidParameter ${at}[0].groups[0].maxConcurrency`,
  ],
  [
    "with gates, which are not supported",
    stages({ ...all, beforeGates: [{ type: "Approval" }] }),
    `InvalidRequestContent ${at}[0].beforeGates`,
  ],
])("a strategy %s is refused, alone and in a run", async (_name, of, refusal) => {
  const alone = running({ strategy: of });
  expect(armLine(await admin.refuse(`PUT ${strategy}`, { body: alone }))).toBe(`400 ${refusal}`);
  const inRun = running({ strategy: of, managedClusterUpdate: full });
  expect(armLine(await admin.refuse(`PUT ${run}`, { body: inRun }))).toBe(`400 ${refusal}`);
});

test.each([
  ["without properties", {}, "properties"],
  ["without a strategy", running({}), "properties.strategy"],
])("a strategy %s is refused", async (_name, body, field) => {
  const answer = await admin.refuse(`PUT ${strategy}`, { body });
  expect(armLine(answer)).toBe(`400 RequiredPropertyMissing ${field}`);
});

const upgrade = "properties.managedClusterUpdate.upgrade";

test.each<[name: string, body: object, refusal: string]>([
  ["without properties", {}, "400 RequiredPropertyMissing properties"],
  [
    "without a strategy",
    running({ managedClusterUpdate: full }),
    "400 RequiredPropertyMissing properties.updateStrategyId",
  ],
  ["that updates nothing", waves, "400 RequiredPropertyMissing properties.managedClusterUpdate"],
  [
    "that upgrades nothing",
    running({ managedClusterUpdate: {} }),
    `400 RequiredPropertyMissing ${upgrade}`,
  ],
  ["of an unknown type", upgrading({ type: "Half" }), `400 InvalidRequestContent ${upgrade}.type`],
  [
    "in full, to no version",
    upgrading({ type: "Full" }),
    `400 RequiredPropertyMissing ${upgrade}.kubernetesVersion`,
  ],
  [
    "of control planes, to no version",
    upgrading({ type: "ControlPlaneOnly" }),
    `400 RequiredPropertyMissing ${upgrade}.kubernetesVersion`,
  ],
  [
    "of node images, to a version",
    upgrading({ type: "NodeImageOnly", kubernetesVersion: "1.34.1" }),
    `400 InvalidRequestContent ${upgrade}.kubernetesVersion`,
  ],
  [
    'to the version "latest"',
    upgrading({ type: "Full", kubernetesVersion: "latest" }),
    `400 InvalidRequestContent ${upgrade}.kubernetesVersion`,
  ],
  [
    "to a version that is a number",
    upgrading({ type: "Full", kubernetesVersion: 1.34 }),
    `400 InvalidRequestContent ${upgrade}.kubernetesVersion`,
  ],
  [
    "with a field that there is not",
    upgrading({ type: "Full", kubernetesVersion: "1.34.1", force: true }),
    `400 InvalidRequestContent ${upgrade}.force`,
  ],
  [
    "to images that are not supported",
    running({ managedClusterUpdate: { ...full, nodeImageSelection: { type: "Custom" } } }),
    "400 InvalidRequestContent properties.managedClusterUpdate.nodeImageSelection.type",
  ],
])("a run %s is refused", async (_name, body, refusal) => {
  expect(armLine(await admin.refuse(`PUT ${run}`, { body }))).toBe(refusal);
});

test.each([
  [
    "that is not there",
    () => `${fleetIdOf(laptop)}/updateStrategies/absent`,
    "404 ResourceNotFound",
  ],
  ["of another fleet", () => `${fleetIdOf(laptop)}-9/updateStrategies/a`, "400 InvalidParameter"],
  ["by its name alone", () => "waves", "400 InvalidParameter"],
  ["that is a number", () => 1, "400 InvalidRequestContent"],
])("a run of a strategy %s is refused", async (_name, updateStrategyId, refusal) => {
  const body = running({ updateStrategyId: updateStrategyId(), managedClusterUpdate: full });
  const answer = await admin.refuse(`PUT ${run}`, { body });
  expect(armLine(answer)).toBe(`${refusal} properties.updateStrategyId`);
});

test("a run of two strategies is refused", async () => {
  const updateStrategyId = `${fleetIdOf(laptop)}/updateStrategies/waves`;
  const two = { ...waves.properties, updateStrategyId, managedClusterUpdate: full };
  const answer = await admin.refuse(`PUT ${run}`, { body: running(two) });
  expect(armLine(answer)).toBe("400 InvalidParameter properties.updateStrategyId");
});

test.each<[name: string, line: string, body: object, refusal: string]>([
  ["without a location", "PUT ../fleet-2", {}, "400 RequiredPropertyMissing location"],
  ["in a number", "PUT ../fleet-2", { location: 3 }, "400 InvalidRequestContent location"],
  [
    "with an identity",
    "PUT ../fleet-2",
    { ...fleet, identity: { type: "SystemAssigned" } },
    "400 InvalidRequestContent identity.type",
  ],
  [
    "with a private hub",
    "PUT ../fleet-2",
    {
      ...fleet,
      properties: { hubProfile: { apiServerAccessProfile: { enablePrivateCluster: true } } },
    },
    "400 InvalidRequestContent " +
      "properties.hubProfile.apiServerAccessProfile.enablePrivateCluster",
  ],
  ["that moves", "PUT ", { location: "eastus" }, "409 InvalidResourceLocation location"],
  ["with a tag that is a number", "PATCH ", { tags: { a: 1 } }, "400 InvalidRequestContent tags.a"],
])("a fleet %s is refused", async (_name, line, body, refusal) => {
  expect(armLine(await admin.refuse(line, { body }))).toBe(refusal);
});

test.each([
  ["GET updateRuns/absent", "404 ResourceNotFound"],
  ["POST updateRuns/absent/start", "404 ResourceNotFound"],
  ["POST updateRuns/absent/stop", "404 ResourceNotFound"],
  ["PATCH members/absent", "404 ResourceNotFound"],
  ["GET ../fleet-9", "404 ResourceNotFound"],
  ["GET ../fleet-9/members", "404 ResourceNotFound"],
  ["PUT ../fleet-9/updateStrategies/waves", "404 ParentResourceNotFound"],
  ["GET autoUpgradeProfiles", "404 InvalidResourceType"],
  ["PUT gates/gate-1", "404 InvalidResourceType"],
  ["GET members/aks-1/nodes", "404 InvalidResourceType"],
  ["POST updateRuns/run-1/explode", "404 InvalidResourceType"],
  ["GET /subscriptions", "404 InvalidResourceType"],
  ["PATCH updateStrategies/waves", "405 MethodNotAllowed"],
  ["PUT members", "405 MethodNotAllowed"],
  ["DELETE updateRuns", "405 MethodNotAllowed"],
  ["GET members?$top=0", "400 InvalidQueryParameterValue"],
  ["GET members?$top=many", "400 InvalidQueryParameterValue"],
  [`GET members?$skipToken=${long(4_001)}`, "400 InvalidQueryParameterValue"],
  [`GET members/${long(2_000)}`, "414 UriTooLong"],
  [`GET ${"a/".repeat(20)}`, "414 UriTooLong"],
])("%s: %s", async (line, refusal) => {
  const sent = line.startsWith("GET") ? {} : { body: waves };
  expect(armLine(await admin.refuse(line, sent))).toBe(refusal);
});

test("a run that was not started is not stopped, and changes only as it was read", async () => {
  const body = running({ managedClusterUpdate: full, strategy: stages(all) });
  const made = await admin.ask(`PUT ${run}`, { body });
  expect(made.status).toBe(201);
  await quietState(laptop);
  const put = async (headers: Record<string, string>, path = run) =>
    armLine(await admin.refuse(`PUT ${path}`, { headers, body: made.text }));

  expect(armLine(await admin.refuse(`POST ${run}/stop`))).toBe("409 OperationNotAllowed");
  expect(await put({ "if-match": '"0"' })).toBe("412 PreconditionFailed");
  expect(await put({ "if-none-match": "*" })).toBe("412 PreconditionFailed");
  expect(await put({ "if-match": "*" }, "updateRuns/absent")).toBe("412 PreconditionFailed");
  const stale = { headers: { "if-match": '"0"' } };
  expect(armLine(await admin.refuse(`POST ${run}/start`, stale))).toBe("412 PreconditionFailed");
  expect(armLine(await admin.refuse(`DELETE ${run}`, stale))).toBe("412 PreconditionFailed");
});

test("after all that, what was read is written back as it was", async () => {
  const made = await admin.ask(`PUT ${strategy}`, { body: waves });
  expect(made.status).toBe(201);
  const { eTag } = made.body as { readonly eTag: string };
  const again = { headers: { "if-match": eTag }, body: made.text };
  expect((await admin.ask(`PUT ${strategy}`, again)).status).toBe(200);
});
