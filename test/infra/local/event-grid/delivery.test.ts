import { mkdtemp, readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { shuffled } from "../../../../infra/local/event-grid/faults.ts";
import { startHttpsServer } from "../../../../infra/local/tls/https-server.ts";
import {
  eventGrid,
  ids,
  publisher,
  snapshot,
  tls,
  toMembers,
  upgraded,
  webhook,
} from "./local-event-grid.ts";

test("an event is tried again until the webhook takes it", async () => {
  const grid = await eventGrid();
  const hook = await webhook((attempt) => (attempt < 4 ? { status: 503 } : { status: 202 }));
  await grid.subscribe(toMembers(hook.url));
  await publisher(grid).send([snapshot("1")]);
  await grid.idle();
  expect(hook.received.map(({ headers }) => headers["aeg-delivery-count"])).toEqual([
    "0",
    "1",
    "2",
    "3",
  ]);
  expect(grid.stats()).toMatchObject({ delivered: 1, retried: 3 });
});

test("an event outlives a webhook that goes away and comes back", async () => {
  const grid = await eventGrid({ retryDelaysMs: [20], attemptsMax: 1_000 });
  const first = await webhook();
  await grid.subscribe(toMembers(first.url));
  await first.close();
  await publisher(grid).send([snapshot("1")]);
  await expect.poll(() => grid.stats().retried).toBeGreaterThan(1);
  expect(grid.stats()).toMatchObject({ delivered: 0, pending: 1 });
  const second = await webhook(() => ({ status: 200 }), Number(new URL(first.url).port));
  await grid.idle();
  expect(ids(second.received)).toEqual(["1"]);
});

test("an event whose answer is lost is delivered again", async () => {
  const grid = await eventGrid();
  const hook = await webhook((attempt) => (attempt === 1 ? "hang-up" : { status: 200 }));
  await grid.subscribe(toMembers(hook.url));
  await publisher(grid).send([snapshot("1")]);
  await grid.idle();
  expect(ids(hook.received)).toEqual(["1", "1"]);
});

test.each([
  [400, "NotRetried", 1],
  [401, "NotRetried", 1],
  [403, "NotRetried", 1],
  [413, "NotRetried", 1],
  [404, "MaxDeliveryAttemptsExceeded", 3],
  [500, "MaxDeliveryAttemptsExceeded", 3],
])("an event that is answered %i is a dead letter: %s", async (status, reason, attempts) => {
  const deadLetterFolder = await mkdtemp(join(tmpdir(), "hubless-dead-"));
  const grid = await eventGrid({ attemptsMax: 3, deadLetterFolder });
  const hook = await webhook(() => ({ status }));
  await grid.subscribe(toMembers(hook.url));
  await publisher(grid).send([snapshot("1")]);
  await grid.idle();
  expect(grid.deadLetters()).toMatchObject([
    { subscription: "on-member-event", reason, attempts, lastOutcome: `status ${status}` },
  ]);
  const [file = ""] = await readdir(join(deadLetterFolder, "on-member-event"));
  const written = JSON.parse(
    await readFile(join(deadLetterFolder, "on-member-event", file), "utf8"),
  ) as unknown;
  expect(written).toMatchObject([
    { id: "1", deadLetterReason: reason, deliveryAttempts: attempts },
  ]);
});

test("an event is a dead letter when its time is over", async () => {
  const grid = await eventGrid({ timeToLiveMs: 0 });
  const hook = await webhook(() => ({ status: 500 }));
  await grid.subscribe(toMembers(hook.url));
  await publisher(grid).send([snapshot("1")]);
  await grid.idle();
  expect(grid.deadLetters()[0]?.reason).toBe("TimeToLiveExceeded");
});

test("on demand each event comes several times", async () => {
  const grid = await eventGrid();
  const hook = await webhook();
  await grid.subscribe(toMembers(hook.url));
  grid.faults.set({ copies: 3 });
  await publisher(grid).send([snapshot("1")]);
  await grid.idle();
  expect(ids(hook.received)).toEqual(["1", "1", "1"]);
});

test("on demand events come in another order, and none is lost", async () => {
  const grid = await eventGrid();
  const hook = await webhook();
  await grid.subscribe(toMembers(hook.url));
  grid.faults.set({ shuffleMs: 20 });
  const sent = Array.from({ length: 50 }, (_, index) => String(index));
  await publisher(grid).send(sent.map((id) => snapshot(id)));
  await grid.idle();
  expect(ids(hook.received)).not.toEqual(sent);
  expect(ids(hook.received).sort()).toEqual([...sent].sort());
});

test("a random order is the one that the dice say", () => {
  const dice = [0.9, 0.1, 0.5];
  expect(shuffled(["a", "b", "c"], () => dice.shift() ?? 0)).toEqual(["b", "c", "a"]);
});

test("on demand events are lost, all of them or those of a type", async () => {
  const grid = await eventGrid();
  const hook = await webhook();
  await grid.subscribe(toMembers(hook.url));
  grid.faults.set({ drop: true, eventTypes: ["other"] });
  await publisher(grid).send([snapshot("1"), { ...snapshot("2"), type: "other" }]);
  grid.faults.set({ eventTypes: [] });
  await publisher(grid).send([snapshot("3")]);
  grid.faults.clear();
  await publisher(grid).send([snapshot("4")]);
  await grid.idle();
  expect(ids(hook.received).sort()).toEqual(["1", "4"]);
  expect(grid.stats()).toMatchObject({ published: 4, delivered: 2, dropped: 2 });
});

test("a slow webhook holds up nobody else's events", async () => {
  const grid = await eventGrid();
  let open: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const slow = await startHttpsServer({
    tls,
    bodyBytesMax: 10_000,
    serve: async ({ method }) => {
      if (method !== "OPTIONS") await gate;
      return { status: 200, headers: { "webhook-allowed-origin": "*" } };
    },
  });
  onTestFinished(slow.close);
  const hook = await webhook();
  await grid.subscribe(toMembers(slow.url, { name: "slow" }));
  await grid.subscribe(toMembers(hook.url));
  await publisher(grid).send(Array.from({ length: 100 }, (_, index) => snapshot(String(index))));
  await expect.poll(() => hook.received.length).toBe(100);
  open();
  await grid.idle();
});

test.each(["EventGrid", "CloudEvents"] as const)(
  "a webhook that does not pass the handshake of %s gets no subscription",
  async (deliverySchema) => {
    const grid = await eventGrid();
    const deaf = await startHttpsServer({
      tls,
      bodyBytesMax: 10_000,
      serve: async () => ({ status: 200, body: "{}" }),
    });
    onTestFinished(deaf.close);
    const source = { kind: "system" } as const;
    const subscribe = grid.subscribe(toMembers(deaf.url, { source, deliverySchema }));
    await expect(subscribe).rejects.toThrow("webhook must pass validation, but it answered 200");
    grid.publishSystemEvent(upgraded);
    expect(grid.stats()).toMatchObject({ published: 1, pending: 0 });
  },
);

test("a subscription waits for a webhook that is starting", async () => {
  const grid = await eventGrid({ handshakeMs: 10_000 });
  const gone = await webhook();
  await gone.close();
  const subscribing = grid.subscribe(toMembers(gone.url));
  await new Promise((resolve) => setTimeout(resolve, 50));
  const hook = await webhook(() => ({ status: 200 }), Number(new URL(gone.url).port));
  await subscribing;
  await publisher(grid).send([snapshot("1")]);
  await grid.idle();
  expect(ids(hook.received)).toEqual(["1"]);
});

test("a subscription that Azure would not make is refused", async () => {
  const grid = await eventGrid();
  const hook = await webhook();
  const values = Array.from({ length: 26 }, String);
  const tooMany = { advanced: [{ operatorType: "StringIn" as const, key: "data.a", values }] };
  await expect(grid.subscribe(toMembers(hook.url, { filter: tooMany }))).rejects.toThrow(
    "at most 25",
  );
  const classic = toMembers(hook.url, { deliverySchema: "EventGrid" });
  await expect(grid.subscribe(classic)).rejects.toThrow("must deliver CloudEvents");
  const nowhere = toMembers(hook.url, { source: { kind: "topic", name: "no" } });
  await expect(grid.subscribe(nowhere)).rejects.toThrow("must exist");
});

test("an unsubscribed webhook gets nothing more, not even what is waiting", async () => {
  const grid = await eventGrid({ retryDelaysMs: [60_000] });
  const hook = await webhook(() => ({ status: 500 }));
  await grid.subscribe(toMembers(hook.url));
  await publisher(grid).send([snapshot("1")]);
  await expect.poll(() => grid.stats().retried).toBe(1);
  grid.unsubscribe("on-member-event");
  await grid.idle();
  await publisher(grid).send([snapshot("2")]);
  expect(grid.stats().pending).toBe(0);
  expect(hook.received.length).toBe(1);
});
