import type { RegisteredFunction } from "./core-module.ts";
import { type Exchange, headerText, presentedKey, readBody, reply } from "./exchange.ts";
import type { Invoker } from "./invoke.ts";
import { type HostKeys, levelOfKey, opens } from "./keys.ts";
import { errorLine } from "./log.ts";

export interface EventGridTriggerOptions {
  readonly functions: ReadonlyMap<string, RegisteredFunction>;
  readonly invoker: Invoker;
  readonly keys: HostKeys;
  readonly bodyBytesMax: number;
}

/** The origins that Event Grid names in its CloudEvents handshake, by cloud. */
const origins = ["eventgrid.azure.net", "eventgrid.azure.us", "eventgrid.azure.cn"];

/**
 * Serves the webhook of the Event Grid extension,
 * `/runtime/webhooks/eventgrid?functionName=NAME&code=KEY`, whose key is the system key
 * `eventgrid_extension`.
 *
 * `OPTIONS` is the handshake of CloudEvents; otherwise the header `aeg-event-type` says what comes:
 * `SubscriptionValidation` is the handshake of Event Grid's own schema, `Unsubscribe` needs nothing
 * but a yes, and `Notification` brings events, in either schema, alone or as an array. Each event
 * is an invocation of its own, all at the same time; when one fails the answer is 500 and Event
 * Grid sends all of them again.
 *
 * @see https://learn.microsoft.com/azure/event-grid/end-point-validation-event-grid-events-schema
 */
export async function serveEventGrid(
  exchange: Exchange,
  options: EventGridTriggerOptions,
): Promise<void> {
  const { request, response, target } = exchange;
  const lock = { systemKey: "eventgrid_extension" };
  if (!opens(levelOfKey(options.keys, presentedKey(exchange), lock), "system")) {
    return reply(exchange, 401);
  }
  const name = target.query.get("functionName") ?? "";
  const fn = options.functions.get(name);
  if (fn?.trigger.type !== "eventgridtrigger") {
    return reply(exchange, 404, `Cannot find function "${name}": no Event Grid trigger has it`);
  }
  if (request.method === "OPTIONS") {
    const origin = headerText(request, "webhook-request-origin") ?? "";
    const allowed = origins.includes(origin) ? origin : "eventgrid.azure.net";
    response.setHeader("WebHook-Allowed-Origin", allowed);
    return reply(exchange, 200);
  }
  const eventType = headerText(request, "aeg-event-type")?.toLowerCase();
  if (eventType === "unsubscribe" || eventType === "subscriptiondeletion") {
    return reply(exchange, 202);
  }
  if (eventType !== "subscriptionvalidation" && eventType !== "notification") {
    return reply(exchange, 400);
  }
  const events = parseEvents(await readBody(request, options.bodyBytesMax));
  if (events === undefined) return reply(exchange, 400);
  if (eventType === "notification") return await deliver(exchange, fn, { events, options });
  const code = validationCodeOf(events[0]);
  return code === undefined
    ? reply(exchange, 400)
    : reply(exchange, 200, { validationResponse: code });
}

type Event = Readonly<Record<string, unknown>>;

/** An event, or an array of them; undefined for anything else. */
function parseEvents(body: Buffer): readonly Event[] | undefined {
  try {
    const parsed: unknown = JSON.parse(body.toString("utf8"));
    const events: readonly unknown[] = Array.isArray(parsed) ? parsed : [parsed];
    return events.every(isEvent) ? events : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isEvent(value: unknown): value is Event {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function validationCodeOf(event: Event | undefined): string | undefined {
  const payload = event?.["data"];
  const code = isEvent(payload) ? payload["validationCode"] : undefined;
  return typeof code === "string" ? code : undefined;
}

async function deliver(
  exchange: Exchange,
  fn: RegisteredFunction,
  delivery: { readonly events: readonly Event[]; readonly options: EventGridTriggerOptions },
): Promise<void> {
  const { events, options } = delivery;
  const runs = events.map((event) => options.invoker.run({ fn, ...eventCall(event) }));
  const failed = (await Promise.allSettled(runs)).find(({ status }) => status === "rejected");
  if (failed?.status !== "rejected") return reply(exchange, 202);
  reply(exchange, 500, errorLine(failed.reason));
}

/** What an invocation gets of an event: all of it, and its payload as the metadata `data`. */
export function eventCall(event: Event) {
  return {
    input: { json: JSON.stringify(event) },
    triggerMetadata: { data: { json: JSON.stringify(event["data"] ?? null) } },
  };
}
