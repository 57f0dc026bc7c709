import { randomUUID } from "node:crypto";
import type { EventSchema } from "./event.ts";
import type { EventFilter } from "./filter.ts";
import type { WebhookAnswer, Webhooks } from "./webhook.ts";

/** Where events come from: a custom topic, or Azure itself, at or below a scope. */
export type EventSource =
  | { readonly kind: "topic"; readonly name: string }
  | {
      readonly kind: "system";
      /** A resource id, such as a subscription or one cluster; everything when left out. */
      readonly scope?: string;
    };

export interface EventSubscription {
  readonly name: string;
  readonly source: EventSource;
  /** The webhook, https or http. */
  readonly endpoint: string;
  /** CloudEvents when left out. */
  readonly deliverySchema?: EventSchema;
  readonly filter?: EventFilter;
}

const origin = "eventgrid.azure.net";
const retryHandshakeMs = 250;

/**
 * Proves that the webhook wants events, as Event Grid does when a subscription is made. A webhook
 * that cannot be reached is asked again until `withinMs` has passed: it may be starting.
 *
 * @see https://learn.microsoft.com/azure/event-grid/end-point-validation-event-grid-events-schema
 * @see https://learn.microsoft.com/azure/event-grid/end-point-validation-cloud-events-schema
 */
export async function handshake(
  webhooks: Webhooks,
  subscription: EventSubscription,
  withinMs: number,
): Promise<void> {
  const giveUpAt = Date.now() + withinMs;
  const prove = subscription.deliverySchema === "EventGrid" ? proveByCode : proveByOrigin;
  for (;;) {
    const problem = await prove(webhooks, subscription);
    if (problem === undefined) return;
    if (!problem.mayPass || Date.now() + retryHandshakeMs > giveUpAt) {
      throw new Error(
        `Cannot subscribe "${subscription.name}": webhook must pass validation, but ${problem.why}`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, retryHandshakeMs));
  }
}

interface Problem {
  readonly why: string;
  /** It may be gone the next time. */
  readonly mayPass: boolean;
}

async function proveByCode(
  webhooks: Webhooks,
  { endpoint, name }: EventSubscription,
): Promise<Problem | undefined> {
  const validationCode = randomUUID();
  const event = {
    id: randomUUID(),
    topic: "",
    subject: "",
    data: { validationCode },
    eventType: "Microsoft.EventGrid.SubscriptionValidationEvent",
    eventTime: new Date().toISOString(),
    metadataVersion: "1",
    dataVersion: "2",
  };
  const headers = {
    "content-type": "application/json; charset=utf-8",
    "aeg-event-type": "SubscriptionValidation",
    "aeg-subscription-name": name.toUpperCase(),
  };
  const body = JSON.stringify([event]);
  const answer = await attempt(() =>
    webhooks.call({ method: "POST", url: endpoint, headers, body }),
  );
  if ("why" in answer) return answer;
  if (answer.status === 200 && answer.text.includes(validationCode)) return undefined;
  return refusedBy(answer);
}

async function proveByOrigin(
  webhooks: Webhooks,
  { endpoint }: EventSubscription,
): Promise<Problem | undefined> {
  const headers = { "webhook-request-origin": origin, "webhook-request-rate": "120" };
  const answer = await attempt(() => webhooks.call({ method: "OPTIONS", url: endpoint, headers }));
  if ("why" in answer) return answer;
  const { "webhook-allowed-origin": allowed } = answer.headers;
  if (answer.status < 300 && (allowed === "*" || allowed === origin)) return undefined;
  return refusedBy(answer);
}

async function attempt(call: () => Promise<WebhookAnswer>): Promise<WebhookAnswer | Problem> {
  try {
    return await call();
  } catch (error) {
    return { why: `it cannot be reached: ${(error as Error).message}`, mayPass: true };
  }
}

function refusedBy({ status }: WebhookAnswer): Problem {
  return { why: `it answered ${status}`, mayPass: status >= 500 || status === 404 };
}
