import { expect, test } from "vitest";
import { clientOf, document, errorOf, open, statusOf } from "./open-endpoint.ts";

test("requests take as long as asked for, by kind", async () => {
  const { endpoint, documents } = await open();
  await documents.items.create(document("a"));
  await endpoint.setManners({ latencyMs: { batch: 60, read: 30 } });
  const timed = async (call: () => Promise<unknown>) => {
    const startedAt = performance.now();
    await call();
    return performance.now() - startedAt;
  };
  const create = {
    operationType: "Create" as const,
    resourceBody: document("b"),
  };
  expect(await timed(async () => await documents.items.batch([create], "f"))).toBeGreaterThan(55);
  expect(await timed(async () => await documents.item("a", "f").read())).toBeGreaterThan(27);
  await endpoint.setManners({});
  const usual: number[] = [];
  for (let n = 0; n < 5; n++) {
    usual.push(await timed(async () => await documents.item("a", "f").read()));
  }
  expect(Math.min(...usual)).toBeLessThan(25);
});

test("a partition key that spends too much gets 429 until its debt is paid", async () => {
  let nowMs = 1_700_000_000_000;
  const { endpoint } = await open({
    nowMs: () => nowMs,
    manners: { requestUnitsPerSecond: 20 },
  });
  const documents = clientOf(endpoint, {
    connectionPolicy: { retryOptions: { maxRetryAttemptCount: 0 } as object as never },
  })
    .database("fleets")
    .container("documents");
  let written = 0;
  const write = async () => await documents.items.create(document(`i${written}`));
  let error = null;
  while (error === null && written < 100) {
    error = await write().then(
      () => null,
      (each: { code: number; substatus: number; retryAfterInMs: number }) => each,
    );
    written += error === null ? 1 : 0;
  }
  // 5.55 units each: the fourth still runs and leaves a debt of 2.2 units, 110 ms.
  expect(written).toBe(4);
  expect(error).toMatchObject({ code: 429, substatus: 3200 });
  expect(error?.retryAfterInMs).toBeGreaterThan(0);
  expect(error?.retryAfterInMs).toBeLessThan(200);
  const other = await documents.items.create(document("other", { fleet: "g" }));
  expect(other.statusCode).toBe(201);
  nowMs += error?.retryAfterInMs ?? 0;
  nowMs += 1;
  expect((await write()).statusCode).toBe(201);
  expect((await errorOf(documents.item("i0", "f").read())).code).toBe(429);

  // Rest is not saved up: there is never more than a second's worth to spend.
  nowMs += 3_600_000;
  const burst = await Promise.all(
    Array.from({ length: 10 }, async (_, n) => {
      return await statusOf(documents.items.create(document(`burst${n}`)));
    }),
  );
  expect(burst.filter((status) => status === 201)).toHaveLength(4);
});

test("the SDK waits out the limit of its own accord", async () => {
  const { endpoint, documents } = await open();
  await endpoint.setManners({ requestUnitsPerSecond: 50 });
  await Promise.all(
    Array.from({ length: 12 }, async (_, n) => {
      await documents.items.create(document(`i${n}`));
    }),
  );
  const { throttled, byKind } = await endpoint.statistics();
  expect(throttled).toBeGreaterThan(0);
  expect(byKind.create?.requests).toBe(12 + throttled);
});

test("statistics count requests and units by kind, and start anew", async () => {
  const { endpoint, documents } = await open();
  await documents.items.create(document("a"));
  await documents.item("a", "f").read();
  await documents.item("none", "f").read();
  const before = await endpoint.statistics();
  expect(before.byKind.create).toEqual({ requests: 1, requestUnits: 5.55 });
  expect(before.byKind.read).toEqual({ requests: 2, requestUnits: 3 });
  expect(before.byStatus).toMatchObject({ "201": 1, "404": 1 });
  const sum = Object.values(before.byKind).reduce((total, each) => total + each.requestUnits, 0);
  expect(before.requestUnits).toBeCloseTo(sum);
  await endpoint.resetStatistics();
  expect(await endpoint.statistics()).toMatchObject({ requests: 0, requestUnits: 0, byKind: {} });
});
