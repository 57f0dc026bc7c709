import { setTimeout as delay } from "node:timers/promises";
import { keyText } from "../../lib/document.ts";
import { documentKey } from "../object/to-object.ts";
import type { ObjectPlace } from "./read.ts";

/** So long a write that others overtake waits and is made again; then its client is told. */
const patienceMilliseconds = 10_000;
const pauseMillisecondsMax = 500;

/** Ends of the queues of writers, by what they write. */
const queues = new WeakMap<object, Map<string, Promise<unknown>>>();

/**
 * Makes an attempt until it has a result: undefined says that others were faster. Who asks for a
 * change without naming a version is not told of such races, as kube-apiserver's clients are not.
 * From the second attempt on, those who write the same in this process take turns; between
 * processes chance decides. Undefined: others were faster all the time.
 */
export async function untilMade<Made>(
  { api, kind, ...at }: ObjectPlace,
  attempt: () => Promise<Made | undefined>,
): Promise<Made | undefined> {
  const made = await attempt();
  if (made !== undefined) return made;
  const name = keyText(documentKey(kind, { ...at, fleet: api.fleet }));
  const endsAt = performance.now() + patienceMilliseconds;
  return await inTurn(api.store, name, async () => await tryAgain(attempt, endsAt));
}

async function tryAgain<Made>(
  attempt: () => Promise<Made | undefined>,
  endsAt: number,
): Promise<Made | undefined> {
  for (let tries = 0; ; tries++) {
    const made = await attempt();
    if (made !== undefined || performance.now() > endsAt) return made;
    await delay(Math.random() * Math.min(10 * 2 ** tries, pauseMillisecondsMax));
  }
}

async function inTurn<Result>(
  owner: object,
  name: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const queue = queues.get(owner) ?? new Map<string, Promise<unknown>>();
  queues.set(owner, queue);
  const turn = (queue.get(name) ?? Promise.resolve()).then(work);
  const end = turn.then(
    () => undefined,
    () => undefined,
  );
  queue.set(name, end);
  try {
    return await turn;
  } finally {
    if (queue.get(name) === end) queue.delete(name);
  }
}
