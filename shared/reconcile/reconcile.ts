/**
 * Looks at one document again, and changes what should change: observe, decide, save, act, wake.
 * It knows no kind of document: which controller keeps which kind is an argument.
 *
 * R1. Nothing is done before the plan's writes are saved.
 * R2. A lost race is decided again from fresh reads, never saved blindly.
 * R3. A plan that changes nothing saves nothing.
 * R4. A busy world (`Unavailable`, `TooManyRequests`) is asked again when it says so.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { Effects } from "../effects/effects.ts";
import type { Wake } from "../effects/wakes.ts";
import { type Document, keyText, type Write } from "../lib/document.ts";
import { FleetError } from "../lib/fleet-error.ts";
import { hasPassed, type Instant, plusSeconds } from "../lib/instant.ts";
import type { Controller, Controllers, Observed } from "./controller.ts";
import type { Plan } from "./plan.ts";

/** So often one look is decided again when others save first; then the queue tries later. */
const racesMax = 8;

/** So many commits may follow each other in one look, for plans that fill several. */
const commitsMax = 64;

/** Looks that a plan asks for do not follow each other faster than this. */
const secondsBetweenLooksMin = 1;

export async function reconcile(
  wake: Wake,
  controllers: Controllers,
  effects: Effects,
): Promise<void> {
  const controller = controllers.get(wake.key.kind);
  if (controller === undefined) return;
  try {
    await look(wake, controller, effects);
  } catch (error) {
    const seconds = retryAfterSeconds(error);
    if (seconds === undefined) throw error;
    const at = plusSeconds(effects.clock.now(), seconds);
    effects.log.warn(`Looks again: ${String(error)}`, { key: keyText(wake.key), at });
    await effects.wakes.wake([{ ...wake, at }]);
  }
}

async function look(wake: Wake, controller: Controller, effects: Effects): Promise<void> {
  const { key, atLeast } = wake;
  if (atLeast !== undefined) await effects.store.reached(key.fleet, atLeast);
  let races = 0;
  for (let commits = 0; commits < commitsMax; commits++) {
    const observed = await controller.observe(key, effects);
    if (observed === undefined) return;

    const plan = controller.decide(observed.seen);
    if (!(await save(wake, plan, observed, effects))) {
      if (++races >= racesMax)
        throw new FleetError("Unavailable", lostTooOften, { retryAfterSeconds: 1 });
      await delay(Math.random() * 20 * 2 ** races);
      continue;
    }
    for (const action of plan.actions) await controller.act(action, observed.seen, effects);
    await arm(wake, plan, observed.document, effects);
    if (plan.again !== true) return;
  }
  await effects.wakes.wake([{ key }]);
}

const lostTooOften = `Cannot save: others saved first ${racesMax} times`;

/** False when somebody else saved meanwhile. */
async function save(
  { key }: Wake,
  plan: Plan<unknown>,
  { document }: Observed<unknown>,
  effects: Effects,
): Promise<boolean> {
  const writes = withWakeAt(plan, document);
  effects.log.info(plan.because, {
    key: keyText(key),
    writes: writes.length,
    actions: plan.actions.length,
  });
  if (writes.length === 0) return true;
  const saved = await effects.store.commit({
    fleet: fleetOf(writes[0]) ?? key.fleet,
    writes,
    ...(plan.require !== undefined && { require: plan.require }),
  });
  return saved.kind === "saved";
}

/** A key that belongs to no fleet (a cluster that may join one) writes into the fleet it joins. */
const fleetOf = (write: Write | undefined) =>
  write === undefined || write.kind === "create" || write.kind === "count"
    ? write?.key.fleet
    : write.document.key.fleet;

/** The moment of the next look is saved in the looked-at document, with the rest of the plan. */
function withWakeAt(plan: Plan<unknown>, document: Document | undefined): readonly Write[] {
  if (document === undefined) return plan.writes;
  const wakeAt: Instant | null = plan.wakeAt ?? null;
  const isOwn = (write: Write) =>
    write.kind !== "create" &&
    write.kind !== "count" &&
    keyText(write.document.key) === keyText(document.key);
  if (plan.writes.some(isOwn)) {
    return plan.writes.map((write) =>
      isOwn(write) && write.kind === "replace" ? { ...write, wakeAt } : write,
    );
  }
  if ((document.wakeAt ?? null) === wakeAt) return plan.writes;
  return [...plan.writes, { kind: "replace", document, body: document.body, wakeAt }];
}

/**
 * What is armed already is not armed again: the five-minute look finds a message that was lost. A
 * moment that has passed although the plan still owes something is asked for a little later, so
 * that no decision can turn into a busy loop.
 */
async function arm(
  { key }: Wake,
  plan: Plan<unknown>,
  document: Document | undefined,
  effects: Effects,
): Promise<void> {
  if (plan.wakeAt === undefined || plan.again === true) return;
  const now = effects.clock.now();
  if (plan.wakeAt === document?.wakeAt && !hasPassed(plan.wakeAt, now)) return;
  const soonest = plusSeconds(now, secondsBetweenLooksMin);
  await effects.wakes.wake([{ key, at: plan.wakeAt < soonest ? soonest : plan.wakeAt }]);
}

function retryAfterSeconds(error: unknown): number | undefined {
  if (!(error instanceof FleetError)) return undefined;
  if (error.code !== "Unavailable" && error.code !== "TooManyRequests") return undefined;
  return error.retryAfterSeconds ?? 5;
}
