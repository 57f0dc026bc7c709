/**
 * Events in the two schemas of Event Grid, and one form of both for filters.
 *
 * @see https://learn.microsoft.com/azure/event-grid/event-schema
 * @see https://learn.microsoft.com/azure/event-grid/cloud-event-schema
 */
import { z } from "zod";

export type EventSchema = "EventGrid" | "CloudEvents";

/** What came in, with what filters and deliveries read of it. */
export interface PublishedEvent {
  readonly schema: EventSchema;
  /** As it was sent, with what the service fills in. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly id: string;
  readonly type: string;
  readonly subject: string;
  /** The topic in Event Grid's schema, the source in CloudEvents. */
  readonly source: string;
}

const eventGridShape = z.looseObject({
  id: z.string().min(1),
  topic: z.string().optional(),
  subject: z.string(),
  eventType: z.string().min(1),
  eventTime: z.iso.datetime({ offset: true, local: true }),
  dataVersion: z.string().optional(),
});

const cloudEventShape = z.looseObject({
  specversion: z.literal("1.0"),
  id: z.string().min(1),
  source: z.string().min(1),
  type: z.string().min(1),
  subject: z.string().optional(),
});

/** An event as a publisher sent it; the reason when it is not one of this schema. */
export function readEvent(
  input: unknown,
  schema: EventSchema,
  topicId: string,
): PublishedEvent | { readonly reason: string } {
  return schema === "EventGrid" ? readEventGrid(input, topicId) : readCloudEvent(input);
}

function readEventGrid(input: unknown, topicId: string): PublishedEvent | { reason: string } {
  const parsed = eventGridShape.safeParse(input);
  if (!parsed.success) return { reason: z.prettifyError(parsed.error) };
  const { id, subject, eventType } = parsed.data;
  const body = { ...parsed.data, topic: topicId, metadataVersion: "1" };
  return { schema: "EventGrid", body, id, type: eventType, subject, source: topicId };
}

function readCloudEvent(input: unknown): PublishedEvent | { reason: string } {
  const parsed = cloudEventShape.safeParse(input);
  if (!parsed.success) return { reason: z.prettifyError(parsed.error) };
  const { id, subject = "", type, source } = parsed.data;
  return { schema: "CloudEvents", body: parsed.data, id, type, subject, source };
}

/** An event of Azure itself, whose topic is the subscription or the resource. */
export interface SystemEvent {
  readonly id: string;
  readonly topic: string;
  readonly subject: string;
  readonly eventType: string;
  readonly eventTime: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly dataVersion: string;
  readonly metadataVersion: string;
}

export function ofSystem(event: SystemEvent): PublishedEvent {
  const { id, subject, eventType, topic } = event;
  return { schema: "EventGrid", body: { ...event }, id, type: eventType, subject, source: topic };
}

/** What a webhook gets: as it was sent, or Event Grid's schema as a CloudEvent. */
export function deliveredBody(
  event: PublishedEvent,
  schema: EventSchema,
): Readonly<Record<string, unknown>> {
  if (event.schema === schema || event.schema === "CloudEvents") return event.body;
  const { id, source, type, subject, body } = event;
  return {
    specversion: "1.0",
    id,
    source,
    type,
    subject,
    time: body["eventTime"],
    datacontenttype: "application/json",
    data: body["data"],
  };
}
