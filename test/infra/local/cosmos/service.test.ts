import { expect, test } from "vitest";
import { createFaults } from "../../../../infra/local/cosmos/faults.ts";
import { memoryJournal } from "../../../../infra/local/cosmos/journal.ts";
import { type Service, serve } from "../../../../infra/local/cosmos/service.ts";
import { createStatistics } from "../../../../infra/local/cosmos/statistics.ts";
import { openStore } from "../../../../infra/local/cosmos/store.ts";
import { createThroughput } from "../../../../infra/local/cosmos/throughput.ts";
import { documents } from "./open-endpoint.ts";

/** A service whose journal commits when the test says so. */
function serviceWith(settled: () => Promise<void> | undefined): Service {
  const journal = { ...memoryJournal(), settled };
  const store = openStore(journal, Date.now);
  store.createDatabase({ id: "fleets" });
  store.createContainer("fleets", documents);
  return {
    account: { store, url: "", consistency: "Strong" },
    credentials: { key: "", verifyToken: async () => true },
    journal,
    faults: createFaults(Math.random),
    throughput: createThroughput(Date.now),
    statistics: createStatistics(),
    manners: () => ({}),
    nowMs: Date.now,
  };
}

const headers = {
  authorization: "type=aad&ver=1.0&sig=token",
  "x-ms-documentdb-partitionkey": '["f"]',
};
const docs = "/dbs/fleets/colls/documents/docs";
const create = { method: "POST", path: docs, headers, body: '{"id":"a","fleet":"f"}' };
const read = { method: "GET", path: `${docs}/a`, headers, body: "" };

test.each([
  ["a write", [create], 201],
  ["a read of what is not committed yet", [create, read], 200],
])("the answer to %s waits for the journal", async (_what, requests, status) => {
  const gate = Promise.withResolvers<undefined>();
  const service = serviceWith(async () => await gate.promise);
  const answers = requests.map(async (request) => (await serve(request, service))?.status);
  const last = answers.at(-1);
  const early = new Promise((resolve) => setTimeout(() => resolve("nothing yet"), 50));
  expect(await Promise.race([last, early])).toBe("nothing yet");
  gate.resolve(undefined);
  expect(await last).toBe(status);
});
