/** `start` and `stop`: they say what is wanted; the run's controller does the rest. */
import { listAll } from "../../effects/list-all.ts";
import type { Store } from "../../effects/store.ts";
import type { Document, FleetId, Precondition } from "../../lib/document.ts";
import { activeRunRef, refsOfRun, runRef } from "../../updates/keys.ts";
import { memberProgressKind, runKind, type UpdateRun } from "../../updates/model.ts";
import { isActive, isOver } from "../../updates/run-state.ts";
import { notAllowed } from "../arm-error.ts";
import type { AdminCall, Change } from "../served-resource.ts";

/** Begins, or goes on after a stop or a failure; what failed is tried again. */
export async function startRun(
  document: Document<UpdateRun>,
  { effects, key }: AdminCall,
): Promise<Change<UpdateRun>> {
  const { body } = document;
  const cannot = (why: string) => notAllowed(`Cannot start update run "${key.name}": ${why}`);
  if (isActive(body)) throw cannot("it is started already");
  if (isOver(body.status.state)) throw cannot(`it is ${body.status.state}`);
  if (body.contents.kind !== "full") throw cannot("its members are not all written down yet");
  const { revision } = await effects.store.head(key.fleet);
  const conflict = await conflictOf(key, effects.store);
  if (conflict !== undefined) throw cannot(conflict);
  const next: UpdateRun = { ...body, wanted: "Started", starts: body.starts + 1 };
  return { body: next, refs: refsOfRun(next), require: [noRunChanged(key.fleet, revision)] };
}

/** No member begins from now on; upgrades in flight end first. */
export async function stopRun(document: Document<UpdateRun>): Promise<Change<UpdateRun>> {
  const { key, body } = document;
  if (!isActive(body)) {
    throw notAllowed(`Cannot stop update run "${key.name}": it is ${body.status.state}`);
  }
  const next: UpdateRun = { ...body, wanted: "Stopped" };
  return { body: next, refs: refsOfRun(next) };
}

/** Two who start at once cannot both see no other run: one of them decides again. */
const noRunChanged = (fleet: FleetId, revision: number): Precondition => ({
  kind: "none-changed-since",
  fleet,
  documents: runKind,
  revision,
});

interface Run {
  readonly fleet: FleetId;
  readonly name: string;
}

/** Why the run must wait: no two active runs have a member in common. */
async function conflictOf({ fleet, name }: Run, store: Store): Promise<string | undefined> {
  const active = await store.list({ fleet, kind: runKind, ref: activeRunRef });
  const others = active.documents.filter(({ key }) => key.name !== name);
  if (others.length === 0) return undefined;
  const own = await membersOf({ fleet, name }, store);
  for (const { key } of others) {
    const theirs = await membersOf({ fleet, name: key.name }, store);
    const shared = [...theirs].find((member) => own.has(member));
    if (shared !== undefined) return `member "${shared}" is in the active update run "${key.name}"`;
  }
  return undefined;
}

async function membersOf({ fleet, name }: Run, store: Store): Promise<ReadonlySet<string>> {
  const query = { fleet, kind: memberProgressKind, ref: runRef(name) };
  return new Set((await listAll(store, query)).map(({ body }) => body.member));
}
