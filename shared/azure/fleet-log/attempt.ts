/**
 * One try to commit a group at a head of the log, and what became of it also when the answer was
 * lost.
 *
 * A1. A batch replaces the head that it was made for, so it happens at most once, however often it
 *     is sent and however late it arrives.
 * A2. After a lost answer the head tells: it names each writer's last commit. While the head is
 *     still the one that the batch replaces, the same batch is sent again.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { FleetId, Revision } from "../../lib/document.ts";
import { FleetError } from "../../lib/fleet-error.ts";
import { fateOf, type LogHead } from "./head.ts";
import type { BatchAnswer, Items } from "./items.ts";
import type { KnownHead, SeenHead } from "./known-head.ts";
import type { GroupBatch } from "./operations.ts";

export type Outcome =
  | {
      readonly kind: "saved";
      readonly revision: Revision;
      /** Of each operation's item; none when the answer was lost. */
      readonly etags: readonly (string | undefined)[];
    }
  /** Somebody else committed first. */
  | { readonly kind: "lost" }
  | { readonly kind: "failed"; readonly at: number; readonly status: number }
  | { readonly kind: "busy"; readonly retryAfterMilliseconds: number }
  /** The service takes no such batch. */
  | { readonly kind: "refused"; readonly error: unknown };

export interface Attempt {
  readonly fleet: FleetId;
  readonly items: Items;
  readonly known: KnownHead;
  readonly batch: GroupBatch;
  /** Of the head that the batch replaces. */
  readonly etag: string | undefined;
  /** The head that the batch puts in place; its first writer is the one that tries. */
  readonly next: LogHead;
  /** How long the batch took. */
  readonly onDone: (milliseconds: number) => void;
}

/** So long is asked what became of a batch; only a database that is away that long hides it. */
const doubtMilliseconds = 60_000;

/** Between two looks at a head that is older than what this process knows. */
const staleMilliseconds = 10;

/** Throws when nobody can tell what became of the batch; then it must not be tried again. */
export async function attempted(attempt: Attempt): Promise<Outcome> {
  const { fleet, items, batch, known, next, onDone } = attempt;
  const deadline = performance.now() + doubtMilliseconds;
  let isInDoubt = false;
  for (let tries = 0; ; tries++) {
    const startedAt = performance.now();
    const answer = await items.batch(fleet, batch.operations);
    if (answer.kind === "done") {
      onDone(performance.now() - startedAt);
      known.committed(next, answer.etags[0]);
      return { kind: "saved", revision: next.revision, etags: answer.etags };
    }
    const refusal = refusalIn(answer, isInDoubt);
    if (refusal !== undefined) return refusal;
    isInDoubt ||= answer.kind === "unknown";
    const fate = await settledFate(attempt, { deadline, mayResend: answer.kind !== "failed" });
    if (fate.kind === "saved") return { ...fate, etags: [] };
    if (fate.kind === "lost") return fate;
    if (performance.now() > deadline) throw inDoubt(fleet);
    await delay(Math.min(10 * 2 ** tries, 1_000) * (0.5 + Math.random()));
  }
}

/**
 * A batch that got as far as a commit's own failure did not happen, and an earlier sending of it
 * fails in the same way. Other refusals say nothing about an earlier sending.
 */
function refusalIn(answer: BatchAnswer, isInDoubt: boolean): Outcome | undefined {
  if (answer.kind === "failed") return answer.at > 0 ? answer : undefined;
  if (isInDoubt) return undefined;
  return answer.kind === "busy" || answer.kind === "refused" ? answer : undefined;
}

/** "open" only when the batch may be sent again, for the same head. */
async function settledFate(
  { fleet, known, etag, next }: Attempt,
  { deadline, mayResend }: { readonly deadline: number; readonly mayResend: boolean },
) {
  const [writer] = next.writers;
  if (writer === undefined) throw new Error("Cannot commit: the head must name its writer");
  for (;;) {
    known.outdate();
    const seen = await readThroughout(known, deadline);
    const fate = seen && fateOf(writer, seen.head);
    if (fate !== undefined && fate.kind !== "open") return fate;
    // Somebody touched the head without committing: what was sent for the old ETag cannot happen.
    if (seen !== undefined && seen.etag !== etag) return { kind: "lost" } as const;
    // The batch was refused for a newer head than the one just read: reads lag behind.
    if (fate !== undefined && mayResend) return fate;
    if (performance.now() > deadline) throw inDoubt(fleet);
    await delay(staleMilliseconds);
  }
}

async function readThroughout(known: KnownHead, deadline: number): Promise<SeenHead | undefined> {
  try {
    return await known.read();
  } catch (error) {
    const isAway = error instanceof FleetError && error.code === "Unavailable";
    if (!isAway || performance.now() > deadline) throw error;
    return undefined;
  }
}

function inDoubt(fleet: FleetId): FleetError {
  return new FleetError(
    "Unavailable",
    `Cannot tell what became of a commit to "${fleet}": the database must answer`,
    { retryAfterSeconds: 5 },
  );
}
