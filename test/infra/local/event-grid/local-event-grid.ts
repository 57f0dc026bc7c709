import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AzureKeyCredential, EventGridPublisherClient } from "@azure/eventgrid";
import { onTestFinished } from "vitest";
import {
  type EventGrid,
  type EventGridOptions,
  startEventGrid,
} from "../../../../infra/local/event-grid/start-event-grid.ts";
import type { EventSubscription } from "../../../../infra/local/event-grid/subscription.ts";
import {
  type LocalAnswer,
  type LocalRequest,
  startHttpsServer,
} from "../../../../infra/local/tls/https-server.ts";
import { localAuthority } from "../../../../infra/local/tls/local-authority.ts";

export const tls = await localAuthority(
  join(await mkdtemp(join(tmpdir(), "hubless-events-")), "tls"),
);
export const ca = await readFile(tls.caFile, "utf8");

export async function eventGrid(options: Partial<EventGridOptions> = {}): Promise<EventGrid> {
  const started = await startEventGrid({
    tls,
    topics: [{ name: "members" }, { name: "classic", inputSchema: "EventGrid" }],
    retryDelaysMs: [1],
    handshakeMs: 1_000,
    ...options,
  });
  onTestFinished(started.close);
  return started;
}

export interface Received {
  readonly headers: LocalRequest["headers"];
  readonly body: unknown;
}

/** A webhook that passes both handshakes and answers what `answer` says, 200 by default. */
export async function webhook(
  answer: (attempt: number) => LocalAnswer = () => ({ status: 200 }),
  port = 0,
) {
  const received: Received[] = [];
  const server = await startHttpsServer({
    tls,
    port,
    bodyBytesMax: 2_000_000,
    serve: async ({ method, headers, body }) => {
      if (method === "OPTIONS") {
        return { status: 200, headers: { "webhook-allowed-origin": "eventgrid.azure.net" } };
      }
      const parsed = JSON.parse(body.toString("utf8")) as unknown;
      if (headers["aeg-event-type"] === "SubscriptionValidation") {
        const [{ data }] = parsed as [{ data: { validationCode: string } }];
        return { status: 200, body: JSON.stringify({ validationResponse: data.validationCode }) };
      }
      received.push({ headers, body: parsed });
      return answer(received.length);
    },
  });
  onTestFinished(server.close);
  return { ...server, received };
}

export const classicId =
  "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/local/providers/" +
  "Microsoft.EventGrid/topics/classic";

export const toMembers = (
  endpoint: string,
  more: Partial<EventSubscription> = {},
): EventSubscription => ({
  name: "on-member-event",
  source: { kind: "topic", name: "members" },
  endpoint,
  ...more,
});

export function publisher(grid: EventGrid, key = grid.key) {
  const options = { tlsOptions: { ca }, retryOptions: { maxRetries: 0 } };
  return new EventGridPublisherClient(
    grid.topicEndpoint("members"),
    "CloudEvent",
    new AzureKeyCredential(key),
    options,
  );
}

export const snapshot = (id: string, cluster = "east") => ({
  type: "dev.hubless.member.snapshot.v1",
  source: `/clusters/${cluster}`,
  subject: "shop/web",
  id,
  data: { clusterId: cluster },
});

export const upgraded = {
  id: "e1",
  topic: "/subscriptions/S1",
  subject:
    "/subscriptions/s1/resourcegroups/r/providers/Microsoft.ContainerService/managedClusters/c",
  eventType: "Microsoft.Resources.ResourceWriteSuccess",
  eventTime: "2026-11-21T10:00:00.000Z",
  data: { operationName: "Microsoft.ContainerService/managedClusters/write" },
  dataVersion: "2",
  metadataVersion: "1",
};

export function ids(received: readonly Received[]): unknown[] {
  return received.map(({ body }) => (Array.isArray(body) ? body[0] : body).id);
}
