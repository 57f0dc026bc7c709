import { beforeEach, expect, test } from "vitest";
import { memberKind } from "../../shared/fleet/model.ts";
import { type Document, type Kind, keyOf } from "../../shared/lib/document.ts";
import { controller } from "../../shared/reconcile/controller.ts";
import { reconcile } from "../../shared/reconcile/reconcile.ts";
import { runController } from "../../shared/updates/controller.ts";
import {
  groupKind,
  memberProgressKind,
  runKind,
  stageSlotsKind,
} from "../../shared/updates/model.ts";
import { clusterArmId, fleetArmId, fleetId } from "../builders.ts";
import {
  type AdminWorld,
  adminWorld,
  type Called,
  type CallOptions,
  createFleet,
} from "./admin-world.ts";

let world: AdminWorld;
beforeEach(async () => {
  world = adminWorld();
  await createFleet(world, { "aks-1": "canary", "aks-2": "prod", "aks-3": undefined });
});

const full = { upgrade: { type: "Full", kubernetesVersion: "1.34.1" } };
const stage = (name: string, ...groups: string[]) => ({
  name,
  groups: groups.map((each) => ({ name: each })),
});
const strategyOf = (...stages: unknown[]) => ({ stages });
const bothGroups = strategyOf(stage("one", "canary", "prod"));
const runBody = (more: object = {}) => ({
  properties: {
    managedClusterUpdate: full,
    ...("updateStrategyId" in more || "strategy" in more ? {} : { strategy: bothGroups }),
    ...more,
  },
});

const putRun = async (name: string, more: object = {}, options: CallOptions = {}) =>
  await world.call("PUT", `updateRuns/${name}`, { body: runBody(more), as: "writer", ...options });
const putStrategy = async (name: string, strategy: unknown, options: CallOptions = {}) =>
  await world.call("PUT", `updateStrategies/${name}`, {
    body: { properties: { strategy } },
    ...options,
  });
const act = async (name: string, action: string, headers: Record<string, string> = {}) =>
  await world.call("POST", `updateRuns/${name}/${action}`, { headers });

const outcomeOf = ({ status, body }: Called) => [
  status,
  (body["error"] as { code: string; target?: string } | undefined)?.code,
];
const targetOf = ({ body }: Called) => (body["error"] as { target?: string } | undefined)?.target;

interface Tree {
  readonly strategy?: unknown;
  readonly provisioningState: string;
  readonly status: {
    readonly status: { readonly state: string };
    readonly stages: readonly {
      readonly name: string;
      readonly maxConcurrency: number;
      readonly groups: readonly {
        readonly name: string;
        readonly maxConcurrency: number;
        readonly members?: readonly { readonly name: string }[];
      }[];
    }[];
  };
}
const treeOf = ({ body }: Called) => body["properties"] as unknown as Tree;
const namesIn = (tree: Tree) =>
  tree.status.stages.map(({ groups }) =>
    groups.map(({ members }) => members?.map(({ name }) => name)),
  );

/** What the change feed makes of a saved run. */
async function look(name: string): Promise<void> {
  const controllers = new Map<Kind, ReturnType<typeof controller>>([
    [runKind, controller(runController)],
  ]);
  await reconcile({ key: keyOf(runKind, fleetId, name) }, controllers, world.effects);
}

async function documentsOf(kind: Kind): Promise<readonly Document[]> {
  return (await world.store.list({ fleet: fleetId, kind })).documents;
}

test("a run without a strategy is refused: nobody chose an order", async () => {
  const refused = await putRun("r", { strategy: undefined });
  expect(outcomeOf(refused)).toEqual([400, "RequiredPropertyMissing"]);
  expect(targetOf(refused)).toBe("properties.updateStrategyId");
  expect(await documentsOf(runKind)).toEqual([]);
});

test("a run has the members of its groups, and its whole status at once", async () => {
  const made = await putRun("r");
  expect(made.status).toBe(201);
  const tree = treeOf(made);
  expect(tree.provisioningState).toBe("Succeeded");
  expect(namesIn(tree)).toEqual([[["aks-1"], ["aks-2"]]]);
  expect(made.body["properties"]).toMatchObject({
    managedClusterUpdate: full,
    status: { status: { state: "NotStarted" }, nodeImageSelection: {} },
  });
});

test("a run copies its strategy: later changes of it are not the run's", async () => {
  await putStrategy("s", strategyOf(stage("one", "canary"), stage("two", "prod")));
  const updateStrategyId = `${fleetArmId}/updateStrategies/S`;
  const made = await putRun("r", { updateStrategyId });
  expect(namesIn(treeOf(made))).toEqual([[["aks-1"]], [["aks-2"]]]);
  await putStrategy("s", strategyOf(stage("other", "prod")));
  expect((await world.call("DELETE", "updateStrategies/s")).status).toBe(200);
  const read = await world.call("GET", "updateRuns/r");
  expect(treeOf(read).strategy).toEqual(treeOf(made).strategy);
  const again = await world.call("PUT", "updateRuns/r", { body: read.body });
  expect(outcomeOf(again)).toEqual([200, undefined]);
  expect(again.body["properties"]).toEqual(read.body["properties"]);
});

test.each([
  [{ updateStrategyId: `${fleetArmId}/updateStrategies/none` }, 404, "ResourceNotFound"],
  [{ updateStrategyId: "/subscriptions/s/x" }, 400, "InvalidParameter"],
  [{ updateStrategyId: `${fleetArmId}/members/aks-1` }, 400, "InvalidParameter"],
])("a run with %j is refused", async (more, status, code) => {
  expect(outcomeOf(await putRun("r", more))).toEqual([status, code]);
});

test("a run takes a strategy or the id of one, not both", async () => {
  const strategy = strategyOf(stage("one", "canary"));
  await putStrategy("s", strategy);
  const updateStrategyId = `${fleetArmId}/updateStrategies/s`;
  const made = await putRun("r", { updateStrategyId, strategy });
  expect(outcomeOf(made)).toEqual([400, "InvalidParameter"]);
});

const upgrade = "properties.managedClusterUpdate.upgrade";
test.each([
  [{ upgrade: { type: "Full" } }, `${upgrade}.kubernetesVersion`],
  [{ upgrade: { type: "Full", kubernetesVersion: "latest" } }, `${upgrade}.kubernetesVersion`],
  [
    { upgrade: { type: "NodeImageOnly", kubernetesVersion: "1.34" } },
    `${upgrade}.kubernetesVersion`,
  ],
  [{ upgrade: { type: "Half" } }, `${upgrade}.type`],
  [{}, upgrade],
  [
    { ...full, nodeImageSelection: { type: "Consistent" } },
    "properties.managedClusterUpdate.nodeImageSelection.type",
  ],
])("the update %j is refused, naming %s", async (managedClusterUpdate, target) => {
  const made = await putRun("r", { managedClusterUpdate });
  expect(made.status).toBe(400);
  expect(targetOf(made)).toBe(target);
});

const first = "properties.strategy.stages[0]";
test.each([
  [strategyOf(), "properties.strategy.stages"],
  [strategyOf({ name: "a" }), `${first}.groups`],
  [strategyOf({ name: "a", groups: [] }), `${first}.groups`],
  [strategyOf(stage("A", "g")), `${first}.name`],
  [strategyOf(stage("a", "g", "g")), `${first}.groups[1].name`],
  [strategyOf(stage("a", "g"), stage("a", "h")), "properties.strategy.stages[1].name"],
  [strategyOf(stage("a", "g"), stage("b", "g")), "properties.strategy.stages[1].groups[0].name"],
  [
    strategyOf({ ...stage("a", "g"), afterStageWaitInSeconds: -1 }),
    `${first}.afterStageWaitInSeconds`,
  ],
  [
    strategyOf({ ...stage("a", "g"), afterStageWaitInSeconds: "1" }),
    `${first}.afterStageWaitInSeconds`,
  ],
  [strategyOf({ ...stage("a", "g"), maxConcurrency: "0" }), `${first}.maxConcurrency`],
  [strategyOf({ ...stage("a", "g"), maxConcurrency: "101%" }), `${first}.maxConcurrency`],
  [strategyOf({ ...stage("a", "g"), maxConcurrency: 3 }), `${first}.maxConcurrency`],
  [strategyOf({ ...stage("a", "g"), beforeGates: [{ type: "Approval" }] }), `${first}.beforeGates`],
  [
    strategyOf({ ...stage("a", "g"), memberSelector: { byLabel: "a=b" } }),
    `${first}.memberSelector`,
  ],
  [strategyOf({ ...stage("a", "g"), maxAllowedFailures: "2" }), `${first}.maxAllowedFailures`],
  [
    strategyOf({ name: "a", maxConcurrency: "2", groups: [{ name: "g", maxConcurrency: "3" }] }),
    `${first}.groups[0].maxConcurrency`,
  ],
])("the strategy %j is refused, naming %s", async (strategy, target) => {
  const made = await putStrategy("s", strategy);
  expect([made.status, targetOf(made)]).toEqual([400, target]);
  expect((await putRun("r", { strategy })).status).toBe(400);
});

test("PUT by a client that knows no maxConcurrency keeps it", async () => {
  const group = { name: "canary", maxConcurrency: "2" };
  const strategy = strategyOf({ name: "one", maxConcurrency: "50%", groups: [group] });
  const newer = { apiVersion: "2026-06-01" };
  await putStrategy("s", strategy, newer);
  await putStrategy("s", strategyOf(stage("one", "canary"), stage("two", "prod")));
  const kept = await world.call("GET", "updateStrategies/s");
  expect(kept.body["properties"]).toMatchObject({
    strategy: strategyOf(
      { name: "one", maxConcurrency: "50%", groups: [group] },
      stage("two", "prod"),
    ),
  });
  await putStrategy("s", strategyOf(stage("one", "canary")), newer);
  const gone = await world.call("GET", "updateStrategies/s");
  expect(gone.body["properties"]).toMatchObject({ strategy: strategyOf(stage("one", "canary")) });
});

test("the limits of a run are shown as numbers", async () => {
  const group = { name: "canary", maxConcurrency: "100%" };
  const strategy = strategyOf({ name: "one", maxConcurrency: "50%", groups: [group] });
  const [one] = treeOf(await putRun("r", { strategy }, { apiVersion: "2026-06-01" })).status.stages;
  expect([one?.maxConcurrency, one?.groups[0]?.maxConcurrency]).toEqual([1, 1]);
});

test("a run may change until it starts, and its members are written anew", async () => {
  await putRun("r");
  const strategy = strategyOf(stage("one", "prod"));
  const edited = await putRun("r", { strategy });
  expect([edited.status, treeOf(edited).provisioningState]).toEqual([200, "Updating"]);
  expect(outcomeOf(await act("r", "start"))).toEqual([409, "OperationNotAllowed"]);
  await look("r");
  const read = treeOf(await world.call("GET", "updateRuns/r"));
  expect([read.provisioningState, namesIn(read)]).toEqual(["Succeeded", [[["aks-2"]]]]);
  expect((await act("r", "start")).status).toBe(200);
  expect(outcomeOf(await putRun("r"))).toEqual([409, "OperationNotAllowed"]);
  expect((await putRun("r", { strategy })).status).toBe(200);
});

test("start and stop are taken only where they mean something", async () => {
  await putRun("r");
  expect(outcomeOf(await act("r", "stop"))).toEqual([409, "OperationNotAllowed"]);
  const started = await act("r", "START");
  expect([started.status, treeOf(started).status.status.state]).toEqual([200, "NotStarted"]);
  expect(outcomeOf(await act("r", "start"))).toEqual([409, "OperationNotAllowed"]);
  expect(outcomeOf(await world.call("DELETE", "updateRuns/r"))).toEqual([
    409,
    "OperationNotAllowed",
  ]);
  await look("r");
  expect(treeOf(await world.call("GET", "updateRuns/r")).status.status.state).toBe("Running");
  expect((await act("r", "stop")).status).toBe(200);
  await look("r");
  expect(treeOf(await world.call("GET", "updateRuns/r")).status.status.state).toBe("Stopped");
  expect((await act("r", "start", { "if-match": '"other"' })).status).toBe(412);
  expect((await act("r", "start")).status).toBe(200);
});

test("no two active runs have a member in common", async () => {
  await putRun("all");
  await putRun("prod", { strategy: strategyOf(stage("one", "prod")) });
  await putRun("canary", { strategy: strategyOf(stage("one", "canary")) });
  expect((await act("prod", "start")).status).toBe(200);
  expect((await act("canary", "start")).status).toBe(200);
  const refused = await act("all", "start");
  expect(outcomeOf(refused)).toEqual([409, "OperationNotAllowed"]);
  expect((refused.body["error"] as unknown as { message: string }).message).toContain("aks-");
  for (const name of ["prod", "canary"]) await act(name, "stop");
  expect((await act("all", "start")).status).toBe(200);
  expect((await act("prod", "start")).status).toBe(409);
});

test("of two runs with a member in common that start at once, one starts", async () => {
  await putRun("one");
  await putRun("two");
  const both = await Promise.all([act("one", "start"), act("two", "start")]);
  expect(both.map(({ status }) => status).toSorted()).toEqual([200, 409]);
});

test("a run in a large fleet is created, and deleted, by several commits", async () => {
  const writes = Array.from({ length: 300 }, (_, index) => {
    const name = `m-${String(index).padStart(3, "0")}`;
    const body = {
      metadata: {},
      spec: {},
      arm: { clusterResourceId: clusterArmId(name), joinedBy: "api", group: "canary" },
      status: { conditions: [] },
    };
    return { kind: "create" as const, key: keyOf(memberKind, fleetId, name), body: body as never };
  });
  for (let at = 0; at < writes.length; at += 90) {
    await world.store.commit({ fleet: fleetId, writes: writes.slice(at, at + 90) });
  }
  const made = await putRun("r");
  expect([made.status, treeOf(made).provisioningState]).toEqual([201, "Creating"]);
  expect(outcomeOf(await act("r", "start"))).toEqual([409, "OperationNotAllowed"]);
  await look("r");
  const read = treeOf(await world.call("GET", "updateRuns/r"));
  expect(read.provisioningState).toBe("Succeeded");
  expect(namesIn(read)[0]?.[0]).toHaveLength(301);

  const removed = await world.call("DELETE", "updateRuns/r");
  expect(removed.status).toBe(202);
  expect(outcomeOf(await act("r", "start"))).toEqual([409, "OperationNotAllowed"]);
  await look("r");
  const location = new URL(removed.headers.get("location") ?? "");
  const polled = await world.call("GET", `${location.pathname}${location.search}`, {
    apiVersion: "",
  });
  expect(polled.status).toBe(204);
  for (const kind of [runKind, groupKind, memberProgressKind, stageSlotsKind]) {
    expect(await documentsOf(kind as Kind)).toEqual([]);
  }
});

test("a run in a fleet without members is made, and is over as soon as it starts", async () => {
  const empty = adminWorld();
  await createFleet(empty);
  world = empty;
  expect((await putRun("r")).status).toBe(201);
  await act("r", "start");
  await look("r");
  const tree = treeOf(await world.call("GET", "updateRuns/r"));
  expect(tree.status.status.state).toBe("Skipped");
  expect(await documentsOf(groupKind)).toEqual([]);
});
