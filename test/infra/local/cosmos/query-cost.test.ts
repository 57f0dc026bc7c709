import type { Container } from "@azure/cosmos";
import { expect, test } from "vitest";
import { document, open } from "./open-endpoint.ts";

async function cost(container: Container, query: string): Promise<number> {
  const page = await container.items
    .query(query, { partitionKey: "f", maxItemCount: 100 })
    .fetchNext();
  return page.requestCharge;
}

async function fill(container: Container, from: number, to: number): Promise<void> {
  for (let first = from; first < to; first += 100) {
    const operations = Array.from({ length: Math.min(100, to - first) }, (_, n) => ({
      operationType: "Create" as const,
      resourceBody: document(`i${first + n}`, {
        revision: first + n,
        kind: `k${(first + n) % 500}`,
        refs: [`r${(first + n) % 400}`],
        body: { n: (first + n) % 500 },
        ...((first + n) % 100 === 0 ? { wakeAt: `2026-${first + n}` } : {}),
      }),
    }));
    expect((await container.items.batch(operations, "f")).code).toBe(200);
  }
}

test("a filter that no index serves costs more with each document, others do not", async () => {
  const { documents } = await open();
  const indexed = "SELECT * FROM c WHERE c.revision = 5";
  const scanned = "SELECT * FROM c WHERE c.body.n = 5 AND c.revision < 100000";
  await fill(documents, 0, 500);
  const few = { indexed: await cost(documents, indexed), scanned: await cost(documents, scanned) };
  await fill(documents, 500, 2_500);
  const many = { indexed: await cost(documents, indexed), scanned: await cost(documents, scanned) };

  expect(many.indexed).toBe(few.indexed);
  expect(few.scanned).toBeGreaterThan(few.indexed * 5);
  expect(many.scanned).toBeGreaterThan(few.scanned * 3);
});

test("an indexed part of a condition narrows what the rest has to look at", async () => {
  const { documents } = await open();
  await fill(documents, 0, 1_000);
  const all = await cost(documents, "SELECT * FROM c WHERE c.body.n = 5");
  const narrowed = await cost(documents, "SELECT * FROM c WHERE c.body.n = 5 AND c.kind = 'k5'");
  expect(narrowed).toBeLessThan(all / 10);
});

test("among 50,000 documents indexed queries are far quicker than a scan", async () => {
  const { documents, endpoint } = await open();
  await fill(documents, 0, 50_000);
  const scan = "SELECT * FROM c WHERE c.body.n = 7 AND c.kind = 'k7'";
  const queries = [
    ["SELECT VALUE COUNT(1) FROM c WHERE c.kind = 'k7'", 100],
    ["SELECT VALUE COUNT(1) FROM c WHERE ARRAY_CONTAINS(c.refs, 'r7')", 125],
    ["SELECT VALUE COUNT(1) FROM c WHERE c.revision > 49989", 10],
    ["SELECT VALUE COUNT(1) FROM c WHERE c.wakeAt < '2026-2'", 112],
    ["SELECT VALUE COUNT(1) FROM c WHERE c.kind = 'k7' AND c.revision > 40000", 20],
    ["SELECT VALUE MAX(c.revision) FROM c", 49_999],
  ] as const;
  for (const [query, want] of queries) {
    const { resources } = await documents.items.query(query, { partitionKey: "f" }).fetchAll();
    expect([query, resources]).toEqual([query, [want]]);
    // The index is built by now: what remains is mostly the round trip.
    const quick = await medianMs(documents, query);
    const slow = await medianMs(documents, "SELECT VALUE COUNT(1) FROM c WHERE c.body.n = 7");
    expect(quick).toBeLessThan(slow / 2);
  }
  expect(await cost(documents, scan)).toBeLessThan(20);
  expect((await endpoint.statistics()).byStatus["500"]).toBeUndefined();
}, 120_000);

async function medianMs(container: Container, query: string): Promise<number> {
  const times: number[] = [];
  for (let n = 0; n < 5; n++) {
    const startedAt = performance.now();
    await container.items.query(query, { partitionKey: "f" }).fetchAll();
    times.push(performance.now() - startedAt);
  }
  return times.toSorted((a, b) => a - b)[2] ?? 0;
}
