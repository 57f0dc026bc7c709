/** The status of a run as ARM shows it, while the real controllers carry it out. */
import { beforeEach, expect, test } from "vitest";
import { serveAdmin } from "../../shared/admin/serve.ts";
import type { AdminFace } from "../../shared/admin/served-resource.ts";
import { clusterIdOf } from "../../shared/fleet/model.ts";
import { clusterArmId, fleetArmId, fleetDocument, fleetId, noon } from "../builders.ts";
import {
  createRun,
  finishUpgrade,
  pass,
  settle,
  tellOf,
  updateWorld,
  type World,
} from "../updates/update-world.ts";

const face: AdminFace = { publicUrl: "https://fleet.contoso.com", kubeconfigFor: () => "" };
const caller = { objectId: "o", name: "ann", groups: [], roles: ["Hubless.Admin"], kind: "user" };

let world: World;
beforeEach(async () => {
  world = updateWorld();
  Object.assign(world.effects, { callers: { identify: async () => caller } });
  const { key, body } = fleetDocument();
  await world.effects.store.commit({ fleet: fleetId, writes: [{ kind: "create", key, body }] });
});

async function call(method: string, action = "") {
  const url = `https://127.0.0.1${fleetArmId}/updateRuns/run-1${action}?api-version=2026-06-01`;
  const response = await serveAdmin(new Request(url, { method }), world.effects, face);
  expect(response.status).toBe(200);
  const body = (await response.json()) as { properties: { status: Status } };
  await settle(world);
  return body.properties.status;
}

interface Status {
  readonly status: { readonly state: string };
  readonly stages: readonly {
    readonly status: { readonly state: string };
    readonly afterStageWaitStatus: { readonly status: object };
    readonly groups: readonly {
      readonly status: { readonly state: string };
      readonly members?: readonly {
        readonly name: string;
        readonly message?: string;
        readonly status: object;
      }[];
    }[];
  }[];
}

async function finish(name: string): Promise<void> {
  const cluster = world.clusters.get(clusterIdOf(clusterArmId(name)));
  if (cluster === undefined) throw new Error(`no cluster ${name}`);
  finishUpgrade(cluster);
  await tellOf(world, cluster);
  await settle(world);
}

/** "Running [Running: Completed Running] [NotStarted: NotStarted]" */
const outline = ({ status, stages }: Status) =>
  [
    status.state,
    ...stages.map(
      (stage) => `[${stage.status.state}: ${stage.groups.map((g) => g.status.state).join(" ")}]`,
    ),
  ].join(" ");

const stages = [
  {
    name: "one",
    groups: [{ name: "x" }, { name: "y" }, { name: "empty" }],
    afterStageWaitInSeconds: 600,
  },
  { name: "two", groups: [{ name: "z" }] },
];

test("a run is shown from its start over the wait to its end", async () => {
  const members = ["x", "y", "z"].map((group) => ({ name: `${group}1`, group }));
  await createRun(world, members, { strategy: { stages } });
  await settle(world);
  const created = await call("GET");
  expect(outline(created)).toBe(
    "NotStarted [NotStarted: NotStarted NotStarted NotStarted] [NotStarted: NotStarted]",
  );

  expect(outline(await call("POST", "/start"))).toContain("NotStarted [");
  const running = await call("GET");
  expect(outline(running)).toBe(
    "Running [Running: Running Running Skipped] [NotStarted: NotStarted]",
  );
  expect(running.stages[0]?.groups[0]?.members).toEqual([
    {
      name: "x1",
      clusterResourceId: clusterArmId("x1"),
      status: { state: "Running", startTime: noon },
    },
  ]);

  await finish("x1");
  await finish("y1");
  const waiting = await call("GET");
  expect(outline(waiting)).toContain("Running [Running: Completed Completed Skipped]");
  expect(waiting.stages[0]?.afterStageWaitStatus).toEqual({
    status: { state: "Running", startTime: noon },
    waitDurationInSeconds: 600,
  });
  expect(waiting.stages[1]?.afterStageWaitStatus.status).toEqual({ state: "NotStarted" });

  await pass(world, 600);
  await settle(world);
  await finish("z1");
  const over = await call("GET");
  expect(outline(over)).toBe(
    "Completed [Completed: Completed Completed Skipped] [Completed: Completed]",
  );
  expect(over.stages[0]?.afterStageWaitStatus.status).toEqual({
    state: "Completed",
    startTime: noon,
    completedTime: world.now,
  });
});

test("failed, skipped and pending members are shown with why", async () => {
  await createRun(
    world,
    [
      { name: "x1", group: "x", fate: ["fails"] },
      { name: "y1", group: "y", seen: { powerState: "Stopped" } },
      { name: "y2", group: "y", seen: { provisioningState: "Scaling" } },
    ],
    { strategy: { stages } },
  );
  await settle(world);
  await call("POST", "/start");
  const memberIn = (status: Status, name: string) =>
    status.stages.flatMap(({ groups }) =>
      groups.flatMap(({ members = [] }) => members.filter((each) => each.name === name)),
    )[0];
  const running = await call("GET");
  expect(memberIn(running, "y1")).toMatchObject({
    status: { state: "Skipped" },
    message: "its cluster is stopped",
  });
  expect(memberIn(running, "y2")).toMatchObject({
    status: { state: "Pending" },
    message: "waits for its cluster: Cluster is Scaling",
  });
  await finish("x1");
  const halting = await call("GET");
  expect(outline(halting)).toContain("Stopping [Stopping: Failed Stopping Skipped]");
  await pass(world, 300);
  await settle(world);
  const failed = await call("GET");
  expect(outline(failed)).toContain("Failed [Failed: Failed Stopped Skipped]");
  expect(failed.status).toMatchObject({ error: { code: "MemberUpgradeFailed" } });
  expect(memberIn(failed, "x1")).toMatchObject({
    status: { state: "Failed", error: { code: "MemberUpgradeFailed", message: "PodDrainFailure" } },
  });
});
