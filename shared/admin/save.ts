import { setTimeout as delay } from "node:timers/promises";
import type { Document, Precondition, Write } from "../lib/document.ts";
import { ArmError } from "./arm-error.ts";
import { checkConditions } from "./conditions.ts";
import type { AdminCall, Change, Removal, ServedResource } from "./served-resource.ts";

/** So often a change is decided again from fresh reads when others save first. */
const attemptsMax = 8;

/** So many commits remove one resource with all that is in it. */
const removalCommitsMax = 200;

export interface Saved {
  readonly document: Document;
  readonly isNew: boolean;
}

/**
 * Changes one resource: reads it, checks the request's conditions, and saves what `change` makes of
 * it. Without `If-Match` the last writer wins; whoever lost the race decides again.
 */
export async function saveChange(
  call: AdminCall,
  headers: Headers,
  change: (before: Document | undefined) => Promise<Change<unknown>>,
): Promise<Saved> {
  const { store } = call.effects;
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    if (attempt > 0) await delay(Math.random() * 10 * 2 ** attempt);
    const before = await store.read(call.key);
    checkConditions(headers, before);
    const next = await change(before);
    const saved = await store.commit({
      fleet: call.key.fleet,
      writes: [writeOf(call, before, next), ...(next.writes ?? [])],
      require: [...parentStays(call, before), ...(next.require ?? [])],
    });
    if (saved.kind === "changed-meanwhile") continue;
    const document = saved.documents[0] ?? (await store.read(call.key));
    if (document !== undefined) return { document, isNew: before === undefined };
  }
  throw changedMeanwhile();
}

/** Undefined when there was nothing to remove. */
export async function saveRemoval(
  resource: ServedResource,
  call: AdminCall,
  headers: Headers,
): Promise<{ readonly document: Document; readonly isGone: boolean } | undefined> {
  const { store } = call.effects;
  let races = 0;
  for (let commits = 0; commits < removalCommitsMax; commits++) {
    const document = await store.read(call.key);
    if (document === undefined) return undefined;
    checkConditions(headers, document);
    const removal: Removal = await resource.remove(document, call);
    const { writes, require = [] } = removal;
    const saved = await store.commit({ fleet: call.key.fleet, writes, require });
    if (saved.kind === "saved") {
      if (removal.kind === "again") continue;
      const after = saved.documents[0] ?? document;
      return { document: after, isGone: removal.kind === "gone" };
    }
    if (++races >= attemptsMax) break;
    await delay(Math.random() * 10 * 2 ** races);
  }
  throw changedMeanwhile();
}

const changedMeanwhile = () =>
  new ArmError(409, "Conflict", "Cannot save: the resource keeps changing: try again");

function writeOf(call: AdminCall, before: Document | undefined, change: Change<unknown>): Write {
  const { body, refs } = change;
  const more = refs === undefined ? {} : { refs };
  return before === undefined
    ? { kind: "create", key: call.key, body, ...more }
    : { kind: "replace", document: before, body, ...more };
}

/** Nothing is created in a fleet that goes away meanwhile. */
function parentStays({ fleet }: AdminCall, before: Document | undefined): Precondition[] {
  return before === undefined && fleet !== undefined
    ? [{ kind: "unchanged", document: fleet }]
    : [];
}
