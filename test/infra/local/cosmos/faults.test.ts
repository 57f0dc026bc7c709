import { type OperationInput, TimeoutError } from "@azure/cosmos";
import { expect, test } from "vitest";
import type { Fault } from "../../../../infra/local/cosmos/faults.ts";
import { clientOf, document, errorOf, open } from "./open-endpoint.ts";

const create = (id: string): OperationInput => ({
  operationType: "Create",
  resourceBody: document(id),
});

/** Retries that a test need not wait for. */
const impatient = {
  connectionPolicy: {
    retryOptions: {
      maxRetryAttemptCount: 2,
      fixedRetryIntervalInMilliseconds: 1,
      maxWaitTimeInSeconds: 1,
    },
  },
};

async function openImpatient() {
  const opened = await open();
  const container = clientOf(opened.endpoint, impatient).database("fleets").container("documents");
  return { ...opened, documents: container };
}

test("a connection cut before the commit: the batch never happened", async () => {
  const { endpoint, documents } = await openImpatient();
  await endpoint.addFault({
    kinds: ["batch"],
    times: 1,
    effect: { kind: "drop", moment: "before-commit" },
  });
  const error = await errorOf(documents.items.batch([create("a")], "f"));
  expect([error.code, error.cause?.code]).toEqual([undefined, "ECONNRESET"]);
  expect((await documents.item("a", "f").read()).statusCode).toBe(404);
  expect((await documents.items.batch([create("a")], "f")).code).toBe(200);
  expect((await endpoint.statistics()).dropped).toBe(1);
});

test("a lost answer: the batch happened, and its repetition meets its own traces", async () => {
  const { endpoint, documents } = await openImpatient();
  await endpoint.addFault({
    kinds: ["batch"],
    times: 1,
    effect: { kind: "drop", moment: "after-commit" },
  });
  const error = await errorOf(documents.items.batch([create("a")], "f"));
  expect([error.code, error.cause?.code]).toEqual([undefined, "ECONNRESET"]);
  expect((await documents.item("a", "f").read()).statusCode).toBe(200);
  const again = await documents.items.batch([create("a")], "f");
  expect([again.code, again.result?.[0]?.statusCode]).toEqual([207, 409]);
});

test.each(["create", "upsert", "patch", "delete"] as const)(
  "the SDK does not repeat a %s whose answer was lost",
  async (kind) => {
    const { endpoint, documents } = await openImpatient();
    await documents.items.create(document("there"));
    await endpoint.addFault({ kinds: [kind], effect: { kind: "drop", moment: "after-commit" } });
    const item = documents.item("there", "f");
    const calls = {
      create: async () => await documents.items.create(document("new")),
      upsert: async () => await documents.items.upsert(document("new")),
      patch: async () => await item.patch([{ op: "set", path: "/n", value: 1 }]),
      delete: async () => await item.delete(),
    };
    expect((await errorOf(calls[kind]())).code).toBe("ECONNRESET");
    expect((await endpoint.statistics()).byKind[kind]?.requests).toBe(kind === "create" ? 2 : 1);
  },
);

test("the SDK repeats a read whose connection was cut", async () => {
  const { endpoint, documents } = await openImpatient();
  await documents.items.create(document("a"));
  await endpoint.addFault({
    kinds: ["read"],
    times: 1,
    effect: { kind: "drop", moment: "before-commit" },
  });
  expect((await documents.item("a", "f").read()).statusCode).toBe(200);
  expect((await endpoint.statistics()).byKind.read?.requests).toBe(2);
});

test("429: the SDK waits, tries again, and gives up with the status in the cause", async () => {
  const { endpoint, documents } = await openImpatient();
  const throttle: Fault = {
    kinds: ["batch"],
    times: 2,
    effect: { kind: "answer", status: 429, substatus: 3200, retryAfterMs: 1 },
  };
  await endpoint.addFault(throttle);
  expect((await documents.items.batch([create("a")], "f")).code).toBe(200);
  await endpoint.addFault({ ...throttle, times: 9 });
  const error = await errorOf(documents.items.batch([create("b")], "f"));
  expect([error.code, error.cause?.code, error.cause?.substatus]).toEqual([undefined, 429, 3200]);
  expect(error.cause?.retryAfterInMs).toBe(1);
  expect((await endpoint.statistics()).throttled).toBe(5);
  await endpoint.clearFaults();
  expect((await documents.item("b", "f").read()).statusCode).toBe(404);
});

test.each([449, 500, 503, 410])(
  "a batch answered with %i is not repeated by the SDK",
  async (status) => {
    const { endpoint, documents } = await openImpatient();
    await endpoint.addFault({ kinds: ["batch"], effect: { kind: "answer", status } });
    const error = await errorOf(documents.items.batch([create("a")], "f"));
    expect(error.cause?.code).toBe(status);
    expect((await endpoint.statistics()).byKind.batch?.requests).toBe(1);
  },
);

test("an error after the commit: the write went through all the same", async () => {
  const { endpoint, documents } = await openImpatient();
  await endpoint.addFault({
    kinds: ["create"],
    times: 1,
    effect: { kind: "answer", moment: "after-commit", status: 503 },
  });
  expect((await errorOf(documents.items.create(document("a")))).code).toBe(503);
  expect((await documents.item("a", "f").read()).statusCode).toBe(200);
});

test("a request that a client no longer waits for is still done", async () => {
  const { endpoint } = await open();
  const documents = clientOf(endpoint, { connectionPolicy: { requestTimeout: 50 } })
    .database("fleets")
    .container("documents");
  await documents.items.create(document("warm"));
  await endpoint.addFault({ kinds: ["batch"], effect: { kind: "delay", delayMs: 150 } });
  const error = await errorOf(documents.items.batch([create("a")], "f"));
  expect(error.cause).toBeInstanceOf(TimeoutError);
  await expect
    .poll(async () => (await documents.item("a", "f").read()).statusCode, { timeout: 2_000 })
    .toBe(200);
});

test("every third request is hit, in one container only", async () => {
  const { endpoint, documents, leases } = await openImpatient();
  await documents.items.create(document("a"));
  await endpoint.addFault({
    kinds: ["read"],
    container: "documents",
    every: 3,
    effect: { kind: "answer", status: 500 },
  });
  const outcomes: unknown[] = [];
  for (let n = 0; n < 7; n++) {
    await leases.item("none", "none").read();
    const answer = await documents
      .item("a", "f")
      .read()
      .catch((error: { code: number }) => error);
    outcomes.push("statusCode" in answer ? answer.statusCode : answer.code);
  }
  expect(outcomes).toEqual([200, 200, 500, 200, 200, 500, 200]);
});

test("probabilities repeat with the seed", async () => {
  const runs = await Promise.all(
    [7, 7, 8].map(async (seed) => {
      const { endpoint, documents } = await open({ seed });
      await endpoint.addFault({
        kinds: ["read"],
        probability: 0.5,
        effect: { kind: "answer", status: 500 },
      });
      const outcomes: string[] = [];
      for (let n = 0; n < 40; n++) {
        const hit = await documents
          .item("a", "f")
          .read()
          .then(
            () => "",
            () => "x",
          );
        outcomes.push(hit || ".");
      }
      return outcomes.join("");
    }),
  );
  expect(runs[0]).toBe(runs[1]);
  expect(runs[0]).not.toBe(runs[2]);
  expect(runs[0]?.split("x").length).toBeGreaterThan(8);
});

test("a malformed fault is refused, and so are too many", async () => {
  const { endpoint } = await open();
  const wrong = { effect: { kind: "answer", status: 200 } } as const;
  await expect(endpoint.addFault(wrong)).rejects.toThrow("Cannot add fault");
  const fault: Fault = { effect: { kind: "delay", delayMs: 0 } };
  for (let n = 0; n < 100; n++) await endpoint.addFault(fault);
  await expect(endpoint.addFault(fault)).rejects.toThrow("at most 100");
});
