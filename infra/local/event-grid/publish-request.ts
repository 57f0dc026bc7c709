import type { LocalAnswer, LocalRequest } from "../tls/https-server.ts";
import { type EventSchema, type PublishedEvent, readEvent } from "./event.ts";

/** Of a request, and of each event in it. */
export const requestBytesMax = 1_048_576;
const eventsMax = 5_000;

/** `members` for `/topics/members/api/events`. */
export function topicNameOf({ url, method }: LocalRequest): string | undefined {
  const [, name] = /^\/topics\/([^/]+)\/api\/events\/?$/i.exec(url.pathname) ?? [];
  return method === "POST" && name !== undefined ? decodeURIComponent(name) : undefined;
}

/** The events of a request, all of them or none: one that is wrong refuses the rest. */
export function publishedEvents(
  request: LocalRequest,
  topic: { readonly name: string; readonly inputSchema?: EventSchema },
): { readonly events: readonly PublishedEvent[] } | { readonly refusal: LocalAnswer } {
  if (!request.url.searchParams.has("api-version")) {
    return refuse(400, "InvalidApiVersion", "The api-version query parameter is required.");
  }
  const items = itemsOf(request);
  if (items === undefined) {
    return refuse(400, "InvalidRequestContent", "The body must be JSON: an array of events.");
  }
  if (items.length > eventsMax) {
    return refuse(413, "RequestEntityTooLarge", `At most ${eventsMax} events may come at once.`);
  }
  const schema = topic.inputSchema ?? "CloudEvents";
  const topicId =
    "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/local/providers/" +
    `Microsoft.EventGrid/topics/${topic.name}`;
  const events: PublishedEvent[] = [];
  for (const [index, item] of items.entries()) {
    const event = readEvent(item, schema, topicId);
    if ("reason" in event) {
      return refuse(
        400,
        "BadRequest",
        `This resource is configured to receive event in '${schema}' schema. The event at index ` +
          `${index} does not conform to it: ${event.reason}`,
      );
    }
    events.push(event);
  }
  return { events };
}

/** A CloudEvent may come alone; Event Grid's schema is always an array. */
function itemsOf({ body, headers }: LocalRequest): readonly unknown[] | undefined {
  try {
    const parsed: unknown = JSON.parse(body.toString("utf8"));
    if (Array.isArray(parsed)) return parsed;
    const isOne = headers["content-type"]?.startsWith("application/cloudevents+json") ?? false;
    return isOne ? [parsed] : undefined;
  } catch {
    return undefined;
  }
}

function refuse(status: number, code: string, message: string): { readonly refusal: LocalAnswer } {
  return { refusal: refused(status, code, message) };
}

export function refused(status: number, code: string, message: string): LocalAnswer {
  return {
    status,
    body: JSON.stringify({ error: { code, message, details: [{ code, message }] } }),
  };
}
