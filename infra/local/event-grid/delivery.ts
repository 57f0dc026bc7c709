/**
 * Delivers events to webhooks, at least once: an event that was not taken is tried again after the
 * delays of the schedule, until the attempts or its time are used up, and then is a dead letter.
 *
 * @see https://learn.microsoft.com/azure/event-grid/delivery-and-retry
 */
import type { DeadLetter, DeadLetters } from "./dead-letters.ts";
import { deliveredBody, type PublishedEvent } from "./event.ts";
import { type FaultSwitch, shuffled } from "./faults.ts";
import { createLanes } from "./lanes.ts";
import type { EventSubscription } from "./subscription.ts";
import type { Webhooks } from "./webhook.ts";

const pendingMax = 100_000;
/** For each subscription. */
const inFlightMax = 32;
/** A webhook that answers one of these will not take the event later either. */
const finalStatuses: readonly number[] = [400, 401, 403, 413];

export interface DeliveryRules {
  /** Before the second attempt, the third, ...; the last one counts for all that follow. */
  readonly retryDelaysMs: readonly number[];
  readonly attemptsMax: number;
  readonly timeToLiveMs: number;
}

export interface DeliveryCounts {
  readonly delivered: number;
  readonly retried: number;
  readonly dropped: number;
  readonly deadLettered: number;
  /** Held, waiting or on the way. */
  readonly pending: number;
}

export interface Deliveries {
  /** @throws Error when more is pending than can be kept */
  readonly enqueue: (subscription: EventSubscription, event: PublishedEvent) => void;
  readonly counts: () => DeliveryCounts;
  /** Forgets what is pending for a subscription. */
  readonly forget: (subscription: EventSubscription) => void;
  /** Resolves when nothing is pending. */
  readonly idle: () => Promise<void>;
  readonly close: () => void;
}

interface Delivery {
  readonly subscription: EventSubscription;
  readonly event: PublishedEvent;
  readonly publishedAt: number;
  attempts: number;
  timer?: NodeJS.Timeout;
}

export interface DeliveryWorld {
  readonly webhooks: Webhooks;
  readonly faults: FaultSwitch;
  readonly deadLetters: DeadLetters;
  readonly rules: DeliveryRules;
  readonly random: () => number;
  readonly log: (line: string) => void;
}

export function createDeliveries(world: DeliveryWorld): Deliveries {
  const pending = createPending();
  const counts = { delivered: 0, retried: 0, dropped: 0, deadLettered: 0 };
  const run = async (delivery: Delivery) => {
    if (!pending.has(delivery)) return;
    delivery.attempts += 1;
    const outcome = await attempt(world, delivery);
    if (!pending.has(delivery)) return;
    const reason = outcome.kind === "taken" ? undefined : whyDead(world.rules, delivery, outcome);
    if (outcome.kind === "taken") {
      counts.delivered += 1;
      pending.settle(delivery);
    } else if (reason === undefined) {
      counts.retried += 1;
      retryLater(delivery);
    } else {
      counts.deadLettered += 1;
      await bury(world, delivery, { reason, why: outcome.why });
      pending.settle(delivery);
    }
  };
  const lanes = createLanes<EventSubscription, Delivery>(run, inFlightMax);
  const retryLater = (delivery: Delivery) => {
    const again = () => lanes.push(delivery.subscription, [delivery]);
    delivery.timer = setTimeout(again, delayOf(world.rules, delivery.attempts));
    delivery.timer.unref();
  };
  const shuffler = createShuffler(world.random, (deliveries) => {
    for (const each of deliveries) lanes.push(each.subscription, [each]);
  });

  return {
    enqueue: (subscription, event) => {
      const { drop, copies, shuffleMs } = world.faults.of(event.type);
      if (drop) {
        counts.dropped += 1;
        return;
      }
      const deliveries = Array.from({ length: copies }, () => newDelivery(subscription, event));
      pending.add(deliveries);
      if (shuffleMs > 0) shuffler.hold(deliveries, shuffleMs);
      else lanes.push(subscription, deliveries);
    },
    counts: () => ({ ...counts, pending: pending.size() }),
    forget: (subscription) => {
      pending.settleAll((each) => each.subscription === subscription);
      lanes.remove(subscription);
    },
    idle: pending.idle,
    close: () => {
      shuffler.close();
      pending.settleAll(() => true);
    },
  };
}

/** What is held, waiting or on the way. */
function createPending() {
  const deliveries = new Set<Delivery>();
  let waiting: (() => void)[] = [];
  const settle = (delivery: Delivery) => {
    clearTimeout(delivery.timer);
    deliveries.delete(delivery);
    if (deliveries.size > 0) return;
    for (const resolve of waiting) resolve();
    waiting = [];
  };
  return {
    has: (delivery: Delivery) => deliveries.has(delivery),
    size: () => deliveries.size,
    add: (fresh: readonly Delivery[]) => {
      if (deliveries.size + fresh.length > pendingMax) {
        throw new Error(`Cannot keep an event: at most ${pendingMax} may be pending`);
      }
      for (const each of fresh) deliveries.add(each);
    },
    settle,
    settleAll: (which: (delivery: Delivery) => boolean) => {
      for (const each of deliveries) if (which(each)) settle(each);
    },
    idle: async () => {
      if (deliveries.size === 0) return;
      await new Promise<void>((resolve) => waiting.push(resolve));
    },
  };
}

function newDelivery(subscription: EventSubscription, event: PublishedEvent): Delivery {
  return { subscription, event, publishedAt: Date.now(), attempts: 0 };
}

function delayOf({ retryDelaysMs }: DeliveryRules, attempts: number): number {
  return retryDelaysMs[attempts - 1] ?? retryDelaysMs.at(-1) ?? 0;
}

/** Holds deliveries from the first of them on, then lets all go in random order. */
function createShuffler(random: () => number, release: (held: readonly Delivery[]) => void) {
  let held: Delivery[] = [];
  let timer: NodeJS.Timeout | undefined;
  const open = () => {
    const all = shuffled(held, random);
    held = [];
    timer = undefined;
    release(all);
  };
  return {
    hold: (deliveries: readonly Delivery[], shuffleMs: number) => {
      held.push(...deliveries);
      timer ??= setTimeout(open, shuffleMs);
      timer.unref();
    },
    close: () => clearTimeout(timer),
  };
}

async function bury(
  { deadLetters, log }: DeliveryWorld,
  { subscription, event, attempts }: Delivery,
  { reason, why }: { readonly reason: DeadLetter["reason"]; readonly why: string },
): Promise<void> {
  log(`Dead letter of "${subscription.name}": ${event.type} ${event.id}: ${why}`);
  const at = new Date().toISOString();
  const letter = { subscription: subscription.name, event, reason, attempts, lastOutcome: why, at };
  await deadLetters
    .add(letter)
    .catch((error: unknown) => log(`Cannot write dead letter: ${String(error)}`));
}

type Outcome =
  | { readonly kind: "taken" }
  | { readonly kind: "not-taken"; readonly why: string; readonly isFinal: boolean };

async function attempt({ webhooks }: DeliveryWorld, delivery: Delivery): Promise<Outcome> {
  const { subscription, event, attempts } = delivery;
  const schema = subscription.deliverySchema ?? "CloudEvents";
  const body = deliveredBody(event, schema);
  try {
    const { status } = await webhooks.call({
      method: "POST",
      url: subscription.endpoint,
      headers: {
        "content-type":
          schema === "EventGrid"
            ? "application/json; charset=utf-8"
            : "application/cloudevents+json; charset=utf-8",
        "aeg-event-type": "Notification",
        "aeg-subscription-name": subscription.name.toUpperCase(),
        "aeg-delivery-count": String(attempts - 1),
        "aeg-data-version": String(event.body["dataVersion"] ?? ""),
        "aeg-metadata-version": "1",
      },
      // Event Grid's own schema comes as an array, even of one; a CloudEvent comes alone.
      body: JSON.stringify(schema === "EventGrid" ? [body] : body),
    });
    if (status >= 200 && status < 300) return { kind: "taken" };
    return { kind: "not-taken", why: `status ${status}`, isFinal: finalStatuses.includes(status) };
  } catch (error) {
    return { kind: "not-taken", why: (error as Error).message, isFinal: false };
  }
}

function whyDead(
  { attemptsMax, timeToLiveMs }: DeliveryRules,
  { attempts, publishedAt }: Delivery,
  outcome: Extract<Outcome, { kind: "not-taken" }>,
) {
  if (outcome.isFinal) return "NotRetried";
  if (attempts >= attemptsMax) return "MaxDeliveryAttemptsExceeded";
  return Date.now() - publishedAt >= timeToLiveMs ? "TimeToLiveExceeded" : undefined;
}
