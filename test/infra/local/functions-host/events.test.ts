import { afterAll, beforeAll, expect, test } from "vitest";
import type { FunctionsHostProcess } from "../../../../infra/local/functions-host/process.ts";
import type { TimerSeen } from "./fixture/functions/every.ts";
import type { EventSeen } from "./fixture/functions/on-event.ts";
import { openFixture, until } from "./start-fixture.ts";

let fixture: Awaited<ReturnType<typeof openFixture>>;
let host: FunctionsHostProcess;

beforeAll(async () => {
  fixture = await openFixture({ FIXTURE_SCHEDULE: "* * * * * *" });
  host = await fixture.start({ entry: "functions/{serve,on-event,every}.ts" });
});

afterAll(async () => await fixture.close());

interface Delivery {
  readonly name?: string;
  readonly key?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

async function deliver({ name = "on-event", key, method = "POST", ...rest }: Delivery) {
  const code = key ?? host.keys.system["eventgrid_extension"] ?? "";
  const query = new URLSearchParams({ functionName: name, code });
  return await fetch(`${host.url}/runtime/webhooks/EventGrid?${query}`, {
    method,
    headers: rest.headers ?? { "aeg-event-type": "Notification" },
    ...(rest.body === undefined
      ? {}
      : { body: typeof rest.body === "string" ? rest.body : JSON.stringify(rest.body) }),
  });
}

function event(id: string, data: unknown = {}) {
  return {
    id,
    topic: "/subscriptions/s",
    subject: "clusters/east",
    eventType: "Microsoft.ContainerService.NewKubernetesVersionAvailable",
    eventTime: "2026-01-01T00:00:00.1234567Z",
    data,
    dataVersion: "1",
    metadataVersion: "1",
  };
}

function cloudEvent(id: string, data: unknown = {}) {
  return { specversion: "1.0", id, type: "hubless.changed", source: "/members/east", data };
}

const eventsSeen = (...ids: string[]) =>
  fixture.seen<EventSeen>("on-event").filter(({ id }) => ids.includes(id));

test("answers the handshake of Event Grid's own schema with its code", async () => {
  const data = { validationCode: "ABC", validationUrl: "https://example.com" };
  const response = await deliver({
    headers: { "aeg-event-type": "SubscriptionValidation" },
    body: [{ ...event("v"), eventType: "Microsoft.EventGrid.SubscriptionValidationEvent", data }],
  });
  expect([response.status, await response.json()]).toEqual([200, { validationResponse: "ABC" }]);
  expect(eventsSeen("v")).toEqual([]);
});

test("answers the handshake of CloudEvents", async () => {
  const headers = { "WebHook-Request-Origin": "eventgrid.azure.net" };
  const response = await deliver({ method: "OPTIONS", headers });
  expect(response.status).toBe(200);
  expect(response.headers.get("webhook-allowed-origin")).toBe("eventgrid.azure.net");
});

test("hands over each event of a batch, as it came, with its payload as metadata", async () => {
  const response = await deliver({ body: [event("a", { latest: "1.33" }), event("b")] });
  expect(response.status).toBe(202);
  const [seen, ...others] = eventsSeen("a", "b");
  expect(seen).toMatchObject({ id: "a", eventTime: "2026-01-01T00:00:00.1234567Z" });
  expect(seen?.metadata).toEqual({ latest: "1.33" });
  expect(others.map(({ id }) => id)).toEqual(["b"]);
});

test.each([
  ["one alone", "application/cloudevents+json", cloudEvent("c1"), ["c1"]],
  [
    "a batch",
    "application/cloudevents-batch+json",
    [cloudEvent("c2"), cloudEvent("c3")],
    ["c2", "c3"],
  ],
])("takes CloudEvents: %s", async (_name, type, body, ids) => {
  const headers = { "aeg-event-type": "Notification", "content-type": `${type}; charset=utf-8` };
  expect((await deliver({ headers, body })).status).toBe(202);
  expect(eventsSeen(...ids).map(({ specversion }) => specversion)).toEqual(ids.map(() => "1.0"));
});

test("answers 500 for a whole batch when one event fails, and runs them all", async () => {
  const response = await deliver({ body: [event("d"), event("e", { fail: true }), event("f")] });
  expect([response.status, await response.text()]).toEqual([500, "refused"]);
  expect(eventsSeen("d", "e", "f")).toHaveLength(3);
});

test.each<[name: string, delivery: Delivery, status: number]>([
  ["a wrong key", { key: "wrong", body: [] }, 401],
  ["no key", { key: "", body: [] }, 401],
  ["an unknown function", { name: "nobody", body: [] }, 404],
  ["a function with another trigger", { name: "ping", body: [] }, 404],
  ["no event type", { headers: {}, body: [event("x")] }, 400],
  ["an unknown event type", { headers: { "aeg-event-type": "Other" }, body: [] }, 400],
  ["a body that is no JSON", { body: "[{" }, 400],
  ["events that are no objects", { body: [1] }, 400],
  [
    "a handshake without a code",
    { headers: { "aeg-event-type": "SubscriptionValidation" }, body: [event("x")] },
    400,
  ],
  ["the end of a subscription", { headers: { "aeg-event-type": "Unsubscribe" }, body: [] }, 202],
  ["an empty batch", { body: [] }, 202],
])("answers %s by its status", async (_name, delivery, status) => {
  expect((await deliver(delivery)).status).toBe(status);
});

test("opens the webhook with the master's key, not with a function's or the host's", async () => {
  const { host: hostKeys, functions, master } = host.keys;
  for (const key of [hostKeys["default"], functions["on-event"]?.["default"]]) {
    expect((await deliver({ key: key ?? "", body: [] })).status).toBe(401);
  }
  expect((await deliver({ key: master, body: [] })).status).toBe(202);
});

test("runs a timer on its schedule, with no status when it is that frequent", async () => {
  await until("two runs", () => fixture.seen("every-second").length >= 2);
  expect(fixture.seen<TimerSeen>("every-second")[0]).toEqual({
    isPastDue: false,
    scheduleStatus: null,
    retryCount: 0,
  });
});

test("runs a timer at startup, and again by its retry policy until it succeeds", async () => {
  await until("three runs", () => fixture.seen("at-startup").length >= 3);
  const runs = fixture.seen<TimerSeen>("at-startup").slice(0, 3);
  expect(runs.map(({ retryCount }) => retryCount)).toEqual([0, 1, 2]);
  expect(runs[0]?.scheduleStatus).toMatchObject({ last: "0001-01-01T00:00:00+00:00" });
});

const admin = async (path: string, init: RequestInit = {}, key = host.keys.master) =>
  await fetch(`${host.url}/admin/${path}`, { ...init, headers: { "x-functions-key": key } });

test("says how it is to whoever has the master key", async () => {
  expect((await admin("host/status", {}, host.keys.host["default"])).status).toBe(401);
  const status = (await (await admin("host/status")).json()) as Record<string, unknown>;
  expect(status).toMatchObject({ state: "Running", inFlight: {} });
  expect(status["functions"]).toContain("on-event");
  expect((await admin("host/ping")).status).toBe(200);
  expect((await admin("nothing")).status).toBe(404);
});

test("runs a timer now when asked to", async () => {
  const before = fixture.seen("at-startup").length;
  const post = { method: "POST", body: "{}" };
  expect((await admin("functions/at-startup", post, "wrong")).status).toBe(401);
  expect((await admin("functions/at-startup", post)).status).toBe(202);
  await until("a run more", () => fixture.seen("at-startup").length > before);
});

test("runs another function by hand with the given input", async () => {
  const input = JSON.stringify(event("by-hand"));
  const post = { method: "POST", body: JSON.stringify({ input }) };
  expect((await admin("functions/on-event", post)).status).toBe(202);
  await until("the event", () => eventsSeen("by-hand").length === 1);
});

test("a run by hand that fails is told in the log", async () => {
  const post = { method: "POST", body: JSON.stringify({ input: "[" }) };
  expect((await admin("functions/on-event", post)).status).toBe(202);
  await until("a warning", () => /warning on-event: A run by hand failed/.test(fixture.log()));
});

test.each([
  ["ping", "{}", 400],
  ["at-startup", "{", 400],
  ["nobody", "{}", 404],
])("refuses to run %s with %s by hand", async (name, body, status) => {
  expect((await admin(`functions/${name}`, { method: "POST", body })).status).toBe(status);
});
