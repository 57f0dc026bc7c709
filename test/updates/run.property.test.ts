import { expect, onTestFinished, test, vi } from "vitest";
import type { MemoryStore } from "../../infra/local/memory-store/memory-store.ts";
import { type Document, type Kind, keyText } from "../../shared/lib/document.ts";
import { plusSeconds } from "../../shared/lib/instant.ts";
import { groupConcurrency, stageConcurrency } from "../../shared/updates/concurrency.ts";
import {
  groupKind,
  type MemberProgress,
  memberProgressKind,
  runKind,
  type StageSpec,
  type Strategy,
  type UpdateRun,
} from "../../shared/updates/model.ts";
import { isHalted, isOver, stagesOf } from "../../shared/updates/run-state.ts";
import { fleetId } from "../builders.ts";
import { fc } from "../chance.ts";
import {
  ask,
  type Cluster,
  createRun,
  deliver,
  finishUpgrade,
  groupsOf,
  isUpgrading,
  type MemberShape,
  pass,
  progressOf,
  readRun,
  takeDue,
  tellOf,
  updateWorld,
  type World,
} from "./update-world.ts";

const concurrency = fc.option(fc.constantFrom("1", "2", "3", "50%", "100%"), { nil: undefined });

interface Shape {
  readonly strategy: Strategy;
  readonly members: readonly MemberShape[];
}

const fates = (list: Cluster["fate"]) =>
  fc.array(fc.constantFrom(...list), { maxLength: 3 }) as fc.Arbitrary<Cluster["fate"]>;

/** Up to 3 stages of up to 3 groups of up to 4 members; a group, and even a stage, may be empty. */
const shapes = (fate: fc.Arbitrary<Cluster["fate"]>): fc.Arbitrary<Shape> =>
  fc
    .array(
      fc.record({
        wait: fc.constantFrom(0, 60, 900),
        max: concurrency,
        groups: fc.array(fc.record({ max: concurrency, fates: fc.array(fate, { maxLength: 4 }) }), {
          maxLength: 3,
        }),
      }),
      { minLength: 1, maxLength: 3 },
    )
    .map((stages) => ({
      strategy: {
        stages: stages.map(
          ({ wait, max, groups }, s): StageSpec => ({
            name: `stage-${s}`,
            afterStageWaitInSeconds: wait,
            ...(max !== undefined && { maxConcurrency: max }),
            groups: groups.map((group, g) => ({
              name: `group-${s}-${g}`,
              ...(group.max !== undefined && { maxConcurrency: group.max }),
            })),
          }),
        ),
      },
      members: stages.flatMap(({ groups }, s) =>
        groups.flatMap((group, g) =>
          group.fates.map((each, m) => ({
            name: `m-${s}-${g}-${m}`,
            group: `group-${s}-${g}`,
            fate: each,
          })),
        ),
      ),
    }));

const picks = fc.infiniteStream(fc.nat());
const next = (from: Iterator<number>): number => from.next().value as number;

test("a run upgrades every member once, in order, whatever is lost, doubled or late", async () => {
  const fate = fates(["lost", "answer-lost", "busy", "412"]);
  await fc.assert(
    fc.asyncProperty(shapes(fate), picks, async (shape, picked) => {
      const world = await worldOf(shape);
      await ask(world, "Started");
      await play(world, shape, picked);
      const { status } = (await readRun(world)).body;
      expect(status.state).toBe(shape.members.length > 0 ? "Completed" : "Skipped");
      expect(new Set((await progressOf(world)).map(({ state }) => state.kind))).toEqual(
        new Set(shape.members.length > 0 ? ["upgraded"] : []),
      );
      for (const { accepted } of world.clusters.values()) expect(accepted).toBe(1);
    }),
    { numRuns: 150 },
  );
});

test("a run that fails or is stopped halts, and ends once it is started again", async () => {
  const fate = fates(["fails", "lost", "busy", "refused", "412"]);
  await fc.assert(
    fc.asyncProperty(shapes(fate), picks, async (shape, picked) => {
      const world = await worldOf(shape);
      await ask(world, "Started");
      // Up to 36 members fail up to 3 times each, and a person stops the run some times.
      for (let start = 0; start < 20 + 36 * 3; start++) {
        await play(world, shape, picked, { mayStop: start < 20 });
        const { status } = (await readRun(world)).body;
        if (isOver(status.state)) break;
        expect(["Failed", "Stopped"]).toContain(status.state);
        for (const { fate: left } of world.clusters.values()) {
          if (left[0] === "refused") left.shift();
        }
        await ask(world, "Started");
      }
      expect(isOver((await readRun(world)).body.status.state)).toBe(true);
      const states = (await progressOf(world)).map(({ state }) => state.kind);
      expect(states.filter((kind) => kind !== "upgraded")).toEqual([]);
    }),
    { numRuns: 150 },
  );
});

test("looks that race for the same documents keep every rule", async () => {
  // Who loses a race waits for a random time: here for none, since nothing else goes on.
  vi.spyOn(Math, "random").mockReturnValue(0);
  onTestFinished(() => void vi.restoreAllMocks());
  const fate = fates(["lost", "busy", "412"]);
  await fc.assert(
    fc.asyncProperty(shapes(fate), picks, async (shape, picked) => {
      const world = await worldOf(shape);
      await ask(world, "Started");
      await play(world, shape, picked, { racing: 3 });
      expect(isOver((await readRun(world)).body.status.state)).toBe(true);
      for (const { accepted } of world.clusters.values()) expect(accepted).toBe(1);
    }),
    { numRuns: 40 },
  );
}, 60_000);

async function worldOf({ members, strategy }: Shape): Promise<World> {
  const world = updateWorld();
  watchInvariants(world, strategy);
  await createRun(world, members, { strategy });
  return world;
}

/** Until the run is over or halted: wakes in any order, some twice; events late or never. */
async function play(
  world: World,
  { strategy }: Shape,
  picked: Iterator<number>,
  { mayStop = false, racing = 1 } = {},
): Promise<void> {
  for (let step = 0; step < 3_000; step++) {
    const run = (await readRun(world)).body;
    const isStartOwed = run.wanted === "Started" && run.starts > run.status.attempt;
    if (!isStartOwed && !["NotStarted", "Running", "Stopping"].includes(run.status.state)) {
      await expectCounts(world);
      expect(world.violations).toEqual([]);
      return;
    }
    const may = mayStop && run.status.state === "Running";
    await (racing > 1 ? race(world, picked, racing) : playStep(world, picked, may));
    expect(world.violations).toEqual([]);
  }
  const run = (await readRun(world)).body;
  throw new Error(`Run does not end: ${JSON.stringify({ run, strategy })}`);
}

async function playStep(world: World, picked: Iterator<number>, mayStop: boolean): Promise<void> {
  const pick = next(picked);
  if (mayStop && pick % 41 === 0) await ask(world, "Stopped");
  world.crashNextAct = pick % 7 === 0;
  const wake = takeDue(world, next(picked));
  if (wake === undefined) {
    await passTime(world, picked);
    return;
  }
  if (pick % 5 === 0) world.wakes.push(wake);
  const isQuiet = await deliver(world, wake);
  if (isQuiet && pick % 3 === 0) await expectNothingNew(world, wake.key);
}

/** Several processes look at once. */
async function race(world: World, picked: Iterator<number>, looks: number): Promise<void> {
  const wakes = Array.from({ length: looks }, () => takeDue(world, next(picked)));
  const due = wakes.filter((wake) => wake !== undefined);
  if (due.length === 0) await passTime(world, picked);
  await Promise.all([...due, ...due].map(async (wake) => await deliver(world, wake)));
}

/** Nothing is due: an upgrade ends, with or without an event, and time goes on. */
async function passTime(world: World, picked: Iterator<number>): Promise<void> {
  const upgrading = [...world.clusters.values()].filter(isUpgrading);
  const pick = next(picked);
  const cluster = upgrading[pick % Math.max(1, upgrading.length)];
  if (cluster !== undefined) {
    finishUpgrade(cluster);
    if (pick % 4 !== 0) await tellOf(world, cluster);
  }
  await pass(world, pick % 3 === 0 ? 20 : 400);
}

/** G3, M2, R2: what was just decided is not decided again. */
async function expectNothingNew(world: World, key: Parameters<typeof keyText>[0]): Promise<void> {
  const controller = world.controllers.get(key.kind as Kind);
  const observed = await controller?.observe(key, world.effects);
  if (controller === undefined || observed === undefined) return;
  const plan = controller.decide(observed.seen);
  expect(plan.writes, `${keyText(key)}: ${plan.because}`).toEqual([]);
  expect(plan.actions).toEqual([]);
}

/** Looks at every commit. */
function watchInvariants(world: World, strategy: Strategy): void {
  const all = new Map<string, Document>();
  const endedAt = new Map<number, string>();
  (world.effects.store as MemoryStore).onCommit(({ documents }) => {
    const run = [...all.values()].find(({ key }) => key.kind === runKind);
    const wasHalted = run !== undefined && isHalted(run.body as UpdateRun);
    for (const document of documents) {
      const was = stateIn(all.get(keyText(document.key)));
      all.set(keyText(document.key), document);
      const is = stateIn(document);
      if (is === was) continue;
      const progress = document.body as MemberProgress;
      if (was === "upgrading") endedAt.set(progress.stage, world.now);
      if (is !== "upgrading") continue;
      if (wasHalted) world.violations.push(`${progress.member} began while the run halts`);
      expectEarlierOver(world, { all, strategy, progress, endedAt });
    }
    expectWithinLimits(world, strategy, all);
  });
}

const stateIn = (document: Document | undefined): string | undefined =>
  document?.key.kind === memberProgressKind
    ? (document.body as MemberProgress).state.kind
    : undefined;

interface Begun {
  readonly all: ReadonlyMap<string, Document>;
  readonly strategy: Strategy;
  readonly progress: MemberProgress;
  readonly endedAt: ReadonlyMap<number, string>;
}

/** G2, R1 */
function expectEarlierOver(world: World, { all, strategy, progress, endedAt }: Begun): void {
  for (const each of progressIn(all)) {
    if (each.stage >= progress.stage) continue;
    if (!["upgraded", "skipped"].includes(each.state.kind)) {
      world.violations.push(`${progress.member} began before ${each.member} was done`);
    }
  }
  for (let stage = 0; stage < progress.stage; stage++) {
    const ended = endedAt.get(stage);
    const seconds = strategy.stages[stage]?.afterStageWaitInSeconds ?? 0;
    if (ended !== undefined && plusSeconds(ended as never, seconds) > world.now) {
      world.violations.push(`${progress.member} began before stage ${stage} had waited`);
    }
  }
}

/** G1 */
function expectWithinLimits(
  world: World,
  strategy: Strategy,
  all: ReadonlyMap<string, Document>,
): void {
  const members = progressIn(all);
  for (const [stage, spec] of stagesOf({ strategy }).entries()) {
    const ofStage = members.filter((each) => each.stage === stage);
    const upgrading = ofStage.filter(({ state }) => state.kind === "upgrading");
    if (upgrading.length > stageConcurrency(spec, ofStage.length)) {
      world.violations.push(`stage ${stage} has ${upgrading.length} in flight`);
    }
    for (const [group, of] of spec.groups.entries()) {
      const total = ofStage.filter((each) => each.group === group).length;
      const busy = upgrading.filter((each) => each.group === group).length;
      if (busy > groupConcurrency(of, total)) {
        world.violations.push(`group ${stage}.${group} has ${busy} in flight`);
      }
    }
  }
}

const progressIn = (all: ReadonlyMap<string, Document>): readonly MemberProgress[] =>
  [...all.values()]
    .filter(({ key }) => key.kind === memberProgressKind)
    .map(({ body }) => body as MemberProgress);

/** M3: the counts are those of the documents that they summarise. */
async function expectCounts(world: World): Promise<void> {
  const members = await progressOf(world);
  for (const group of await groupsOf(world)) {
    const own = members.filter((each) => each.stage === group.stage && each.group === group.group);
    const count = (kind: string) => own.filter(({ state }) => state.kind === kind).length;
    const waiting = group.counts.retry + group.total - group.next;
    expect({ ...group.counts, retry: waiting }).toEqual({
      upgrading: count("upgrading"),
      upgraded: count("upgraded"),
      skipped: count("skipped"),
      failed: count("failed"),
      retry: count("waiting"),
    });
  }
  const slots = await world.effects.store.list({ fleet: fleetId, kind: groupKind });
  expect(slots.documents.length).toBe((await groupsOf(world)).length);
}
