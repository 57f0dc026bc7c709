/** How an update run, its groups and its members look and act. */
import type { UpgradeStarted } from "../effects/clusters.ts";
import type { Effects } from "../effects/effects.ts";
import { type Member, memberKind } from "../fleet/model.ts";
import { type Document, type Key, type Kind, keyOf } from "../lib/document.ts";
import type { Controller, Observed } from "../reconcile/controller.ts";
import { sharesSlots } from "./concurrency.ts";
import {
  type Candidate,
  decideGroup,
  type GroupSeen,
  owesRetry,
  turnsFree,
} from "./decide-group.ts";
import { afterAnswer, decideMember, type MemberProgressSeen } from "./decide-member.ts";
import { clearWritesMax, decideRun, type RunSight } from "./decide-run.ts";
import { type FillSeen, placesOf, placeText } from "./fill.ts";
import {
  failedRef,
  groupKey,
  progressKey,
  retryRef,
  runKey,
  runRef,
  stageRef,
  stageSlotsKey,
} from "./keys.ts";
import {
  type GroupProgress,
  groupKind,
  type MemberProgress,
  memberProgressKind,
  type StageSlots,
  type StartUpgrade,
  stageSlotsKind,
  type UpdateRun,
} from "./model.ts";
import { stagesOf } from "./run-state.ts";

/** Members that one step of filling a run reads. */
const fillPageMax = 90;

/** Members that failed and are tried again, in one commit with their group. */
const retriesMax = 90;

/** So often an answer of ARM is noted down again when the document changed meanwhile. */
const noteAttemptsMax = 3;

export const runController: Controller<RunSight, never> = {
  observe: observeRun,
  decide: decideRun,
  act: async () => undefined,
};

export const groupController: Controller<GroupSeen, StartUpgrade> = {
  observe: observeGroup,
  decide: decideGroup,
  act: startCandidate,
};

export const memberProgressController: Controller<MemberProgressSeen, StartUpgrade> = {
  observe: observeMember,
  decide: decideMember,
  act: start,
};

async function observeRun(key: Key, effects: Effects): Promise<Observed<RunSight> | undefined> {
  const run = await effects.store.read(key as Key<UpdateRun>);
  if (run === undefined) return undefined;
  const { contents, status } = run.body;
  switch (contents.kind) {
    case "filling":
      return {
        document: run,
        seen: { kind: "filling", run, seen: await observeFill(run, effects) },
      };
    case "clearing": {
      const left = await contentsLeft(run.key, effects);
      return {
        document: run,
        seen: { kind: "clearing", run, next: contents.next, contents: left },
      };
    }
    case "full": {
      // Read after the run: once it halts, what is in flight only gets less.
      const ref = stageRef(run.key.name, status.stage);
      const groups = await effects.store.list({ fleet: run.key.fleet, kind: groupKind, ref });
      const now = effects.clock.now();
      return { document: run, seen: { kind: "full", run, groups: groups.documents, now } };
    }
  }
}

async function observeFill(run: Document<UpdateRun>, { store }: Effects): Promise<FillSeen> {
  const { fleet, name } = run.key;
  const { contents } = run.body;
  const after = contents.kind === "filling" ? contents.page : undefined;
  const page = await store.list<Member>({
    fleet,
    kind: memberKind,
    limit: fillPageMax,
    ...(after !== undefined && { after }),
  });
  const places = new Map(placesOf(run.body, page.documents).map((each) => [placeText(each), each]));
  const groups = await Promise.all(
    [...places].map(async ([text, place]) => {
      const document = await store.read(groupKey(fleet, { run: name, ...place }));
      return [text, document] as const;
    }),
  );
  const written = groups.filter(
    (each): each is readonly [string, Document<GroupProgress>] => each[1] !== undefined,
  );
  return {
    fleet,
    name,
    run: run.body,
    page: page.documents,
    ...(page.next !== undefined && { next: page.next }),
    groups: new Map(written),
  };
}

async function contentsLeft({ fleet, name }: Key, { store }: Effects): Promise<Document[]> {
  const kinds: readonly Kind[] = [memberProgressKind, groupKind, stageSlotsKind];
  const left: Document[] = [];
  for (const kind of kinds) {
    const limit = clearWritesMax - left.length;
    if (limit === 0) break;
    left.push(...(await store.list({ fleet, kind, ref: runRef(name), limit })).documents);
  }
  return left;
}

async function observeGroup(key: Key, effects: Effects): Promise<Observed<GroupSeen> | undefined> {
  const { store, clock } = effects;
  const group = await store.read(key as Key<GroupProgress>);
  if (group === undefined) return undefined;
  const run = await store.read(runKey(key.fleet, group.body.run));
  if (run === undefined) return undefined;
  const slots = await slotsOf(run, group, effects);
  const turn = { group, run, slots };
  const retries = owesRetry(turn)
    ? await listProgress(group, failedRef(group.body), retriesMax, effects)
    : [];
  const free = retries.length > 0 ? 0 : turnsFree(turn);
  const next = await nextInTurn(group, free, effects);
  const candidates = await Promise.all(next.map((progress) => candidateOf(progress, effects)));
  const now = clock.now();
  return { document: group, seen: { ...turn, candidates, retries, now } };
}

async function slotsOf(
  run: Document<UpdateRun>,
  { key, body }: Document<GroupProgress>,
  { store }: Effects,
): Promise<Document<StageSlots> | undefined> {
  const spec = stagesOf(run.body)[body.stage];
  if (spec === undefined || !sharesSlots(spec)) return undefined;
  return await store.read(stageSlotsKey(key.fleet, body));
}

/** Those that are tried again come first; of the others, each is a point read. */
async function nextInTurn(
  group: Document<GroupProgress>,
  free: number,
  effects: Effects,
): Promise<Document<MemberProgress>[]> {
  const { body, key } = group;
  if (free === 0) return [];
  const again =
    body.counts.retry > 0 ? await listProgress(group, retryRef(body), free, effects) : [];
  const fresh = Math.min(free - again.length, body.total - body.next);
  const read = await Promise.all(
    Array.from({ length: fresh }, async (_, index) => {
      const place = { ...body, ordinal: body.next + index };
      return await effects.store.read(progressKey(key.fleet, place));
    }),
  );
  return [...again, ...read.filter((each) => each !== undefined)];
}

async function listProgress(
  { key }: Document<GroupProgress>,
  ref: string,
  limit: number,
  { store }: Effects,
): Promise<readonly Document<MemberProgress>[]> {
  const page = await store.list({ fleet: key.fleet, kind: memberProgressKind, ref, limit });
  return page.documents;
}

async function candidateOf(
  progress: Document<MemberProgress>,
  { store, clusters }: Effects,
): Promise<Candidate> {
  const { member, clusterId } = progress.body;
  const [document, cluster] = await Promise.all([
    store.read(keyOf(memberKind, progress.key.fleet, member)),
    clusters.see(clusterId),
  ]);
  return { progress, member: document, cluster };
}

async function observeMember(
  key: Key,
  effects: Effects,
): Promise<Observed<MemberProgressSeen> | undefined> {
  const progress = await effects.store.read(key as Key<MemberProgress>);
  if (progress?.body.state.kind !== "upgrading") return undefined;
  const [run, candidate] = await Promise.all([
    effects.store.read(runKey(key.fleet, progress.body.run)),
    candidateOf(progress, effects),
  ]);
  if (run === undefined) return undefined;
  const now = effects.clock.now();
  return { document: progress, seen: { ...candidate, run: run.body, now } };
}

async function startCandidate(
  action: StartUpgrade,
  { candidates }: GroupSeen,
  effects: Effects,
): Promise<void> {
  const candidate = candidates.find(({ progress }) => progress.key.name === action.progress);
  if (candidate !== undefined) await start(action, candidate, effects);
}

/**
 * Asks ARM with the ETag that was seen, and notes down the answer for the next look. A crash in
 * between is repaired by that look: it reads the cluster, and asks again what the cluster does not
 * show.
 */
async function start(
  { upgrade }: StartUpgrade,
  { progress, cluster }: Candidate,
  effects: Effects,
): Promise<void> {
  if (cluster === undefined) return;
  let isAccepted = false;
  try {
    const answer = await effects.clusters.startUpgrade(cluster, upgrade);
    await note(progress.key, answer, effects);
    isAccepted = answer.kind === "accepted";
  } finally {
    if (!isAccepted) await lookAgain(progress.key, effects);
  }
}

async function note(
  key: Key<MemberProgress>,
  answer: UpgradeStarted,
  effects: Effects,
): Promise<void> {
  for (let attempt = 0; attempt < noteAttemptsMax; attempt++) {
    const document = await effects.store.read(key);
    if (document?.body.state.kind !== "upgrading") return;
    const state = afterAnswer(document.body.state, answer, effects.clock.now());
    const saved = await effects.store.commit({
      fleet: key.fleet,
      writes: [{ kind: "replace", document, body: { ...document.body, state } }],
    });
    if (saved.kind === "saved") return;
  }
}

/** Its group saved the moment with the turn, and the engine arms the group's moments alone. */
async function lookAgain(key: Key<MemberProgress>, { store, wakes }: Effects): Promise<void> {
  const progress = await store.read(key);
  if (progress?.body.state.kind !== "upgrading") return;
  await wakes.wake([{ key, at: progress.body.state.startBy }]);
}
