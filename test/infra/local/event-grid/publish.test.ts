import { request } from "node:https";
import {
  AzureKeyCredential,
  AzureSASCredential,
  EventGridPublisherClient,
  generateSharedAccessSignature,
} from "@azure/eventgrid";
import { expect, test } from "vitest";
import type { EventGrid } from "../../../../infra/local/event-grid/start-event-grid.ts";
import {
  ca,
  classicId,
  eventGrid,
  ids,
  publisher,
  snapshot,
  toMembers,
  upgraded,
  webhook,
} from "./local-event-grid.ts";

test("a CloudEvent of the SDK arrives alone, in the CloudEvents schema", async () => {
  const grid = await eventGrid();
  const hook = await webhook();
  await grid.subscribe(toMembers(hook.url));
  await publisher(grid).send([snapshot("1"), snapshot("2")]);
  await grid.idle();
  expect(ids(hook.received).sort()).toEqual(["1", "2"]);
  expect(hook.received[0]?.headers).toMatchObject({
    "content-type": "application/cloudevents+json; charset=utf-8",
    "aeg-event-type": "Notification",
    "aeg-subscription-name": "ON-MEMBER-EVENT",
    "aeg-delivery-count": "0",
  });
  expect(hook.received[0]?.body).toMatchObject({ specversion: "1.0", data: { clusterId: "east" } });
  expect(grid.stats()).toMatchObject({ published: 2, delivered: 2, retried: 0, pending: 0 });
});

test.each([
  ["EventGrid", [{ topic: classicId, eventType: "T", data: { a: 1 } }]],
  [
    "CloudEvents",
    {
      specversion: "1.0",
      type: "T",
      source: classicId,
      data: { a: 1 },
    },
  ],
] as const)(
  "an event of Event Grid's own schema is delivered as %s",
  async (deliverySchema, want) => {
    const grid = await eventGrid();
    const hook = await webhook();
    await grid.subscribe(
      toMembers(hook.url, { source: { kind: "topic", name: "classic" }, deliverySchema }),
    );
    const client = new EventGridPublisherClient(
      grid.topicEndpoint("classic"),
      "EventGrid",
      new AzureKeyCredential(grid.key),
      { tlsOptions: { ca } },
    );
    await client.send([{ eventType: "T", subject: "s", dataVersion: "1", data: { a: 1 } }]);
    await grid.idle();
    expect(hook.received[0]?.body).toMatchObject(want);
  },
);

test("a publisher comes with the key, a signature of it, or a token that checks", async () => {
  const grid = await eventGrid({ verify: async (token) => token === "good" });
  await publisher(grid).send([snapshot("1")]);
  await expect(publisher(grid, "guess").send([snapshot("2")])).rejects.toMatchObject({
    statusCode: 401,
    code: "Unauthorized",
  });
  const endpoint = grid.topicEndpoint("members");
  const signed = async (expiresAt: number, key = grid.key) => {
    const signature = await generateSharedAccessSignature(
      endpoint,
      new AzureKeyCredential(key),
      new Date(expiresAt),
    );
    const options = { tlsOptions: { ca }, retryOptions: { maxRetries: 0 } };
    const credential = new AzureSASCredential(signature);
    const client = new EventGridPublisherClient(endpoint, "CloudEvent", credential, options);
    await client.send([snapshot("3")]);
  };
  await signed(Date.now() + 60_000);
  await expect(signed(Date.now() - 60_000)).rejects.toMatchObject({ statusCode: 401 });
  await expect(signed(Date.now() + 60_000, "aaaa")).rejects.toMatchObject({ statusCode: 401 });
  const withToken = async (token: string) => {
    const credential = {
      getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 }),
    };
    const options = { tlsOptions: { ca }, retryOptions: { maxRetries: 0 } };
    const client = new EventGridPublisherClient(endpoint, "CloudEvent", credential, options);
    await client.send([snapshot("4")]);
  };
  await withToken("good");
  await expect(withToken("bad")).rejects.toMatchObject({ statusCode: 401 });
  expect(grid.stats().published).toBe(3);
});

async function post(grid: EventGrid, path: string, body: string): Promise<number> {
  return await new Promise((resolve, reject) => {
    const headers = { "aeg-sas-key": grid.key, "content-type": "application/json" };
    const sent = request(`${grid.url}${path}`, { ca, method: "POST", headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

const members = "/topics/members/api/events?api-version=2018-01-01";
test.each([
  ["an unknown topic", "/topics/no/api/events?api-version=2018-01-01", "[]", 404],
  ["no api-version", "/topics/members/api/events", "[]", 400],
  ["no JSON", members, "{", 400],
  ["no array", members, "{}", 400],
  [
    "another schema",
    members,
    JSON.stringify([{ id: "1", subject: "", eventType: "T", eventTime: "2026-01-01T00:00:00Z" }]),
    400,
  ],
  [
    "one wrong event among good ones",
    members,
    JSON.stringify([{ specversion: "1.0", ...snapshot("1") }, {}]),
    400,
  ],
  ["more than 1 MB", members, JSON.stringify(["x".repeat(1_100_000)]), 413],
])("a request with %s is refused and publishes nothing", async (_name, path, body, status) => {
  const grid = await eventGrid();
  expect(await post(grid, path, body)).toBe(status);
  expect(grid.stats().published).toBe(0);
});

test("Azure's own events go to the subscriptions of their scope that want them", async () => {
  const grid = await eventGrid();
  const hook = await webhook();
  const scopes: readonly (readonly [name: string, scope: string])[] = [
    ["mine", "/subscriptions/s1"],
    ["other", "/subscriptions/s11"],
    ["cluster", upgraded.subject],
  ];
  for (const [name, scope] of scopes) {
    await grid.subscribe({
      name,
      source: { kind: "system", scope },
      endpoint: hook.url,
      deliverySchema: "EventGrid",
      filter: {
        includedEventTypes: ["Microsoft.Resources.ResourceWriteSuccess"],
        subjectBeginsWith: "/SUBSCRIPTIONS/s1/",
        advanced: [
          {
            operatorType: "StringIn",
            key: "data.operationName",
            values: ["microsoft.containerservice/managedclusters/WRITE"],
          },
        ],
      },
    });
  }
  grid.publishSystemEvent(upgraded);
  grid.publishSystemEvent({ ...upgraded, id: "e2", data: { operationName: "other" } });
  grid.publishSystemEvent({
    ...upgraded,
    id: "e3",
    eventType: "Microsoft.Resources.ResourceWriteFailure",
  });
  grid.publishSystemEvent({ ...upgraded, id: "e4", subject: "/subscriptions/s2/x" });
  grid.publishSystemEvent({ ...upgraded, id: "e5", data: {} });
  await grid.idle();
  expect(ids(hook.received)).toEqual(["e1"]);
  expect(hook.received[0]?.headers["aeg-subscription-name"]).toBe("MINE");
  expect(hook.received[0]?.body).toEqual([upgraded]);
});

test("faults and counters have routes", async () => {
  const grid = await eventGrid();
  const call = async (method: string, path: string, body = "") =>
    await new Promise<{ status: number; body: unknown }>((resolve, reject) => {
      const sent = request(`${grid.url}/_local/${path}`, { ca, method }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => {
          const text = Buffer.concat(chunks).toString("utf8");
          resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) as unknown });
        });
      });
      sent.on("error", reject);
      sent.end(body);
    });
  expect((await call("PATCH", "faults", '{"copies":2}')).body).toMatchObject({ copies: 2 });
  expect(grid.faults.current().copies).toBe(2);
  expect((await call("PATCH", "faults", '{"copies":0}')).status).toBe(400);
  expect((await call("DELETE", "faults")).body).toMatchObject({ copies: 1 });
  expect((await call("GET", "stats")).body).toMatchObject({ published: 0 });
  expect((await call("GET", "dead-letters")).body).toEqual([]);
  expect((await call("GET", "nonsense")).status).toBe(404);
});
