import { ChangeFeedStartFrom, type Container } from "@azure/cosmos";
import { expect, test } from "vitest";
import { document, open, read, statusOf } from "./open-endpoint.ts";

async function seen(container: Container) {
  return (await read(container, "a"))?.["revision"];
}

test("reads, queries and the feed stand still until told otherwise, writes do not", async () => {
  const { endpoint, documents } = await open();
  const { etag } = await documents.items.create(document("a"));
  await endpoint.setManners({ staleReads: {} });
  await documents.items.upsert(document("a", { revision: 2 }));
  await documents.items.create(document("b"));

  expect(await seen(documents)).toBe(1);
  expect(await statusOf(documents.item("b", "f").read())).toBe(404);
  const query = { query: "SELECT VALUE c.id FROM c WHERE c.revision = 2" };
  expect((await documents.items.query(query, { partitionKey: "f" }).fetchAll()).resources).toEqual(
    [],
  );
  const feed = documents.items.getChangeFeedIterator({
    changeFeedStartFrom: ChangeFeedStartFrom.Beginning(),
  });
  expect((await feed.readNext()).result).toMatchObject([{ id: "a", revision: 1 }]);
  expect((await feed.readNext()).statusCode).toBe(304);
  // A write is decided on what is, not on what readers see.
  const options = { accessCondition: { type: "IfMatch", condition: etag } };
  expect(await statusOf(documents.item("a", "f").replace(document("a"), options))).toBe(412);
  const batch = await documents.items.batch([{ operationType: "Read", id: "b" }], "f");
  expect(batch.code).toBe(200);

  await endpoint.setManners({});
  expect(await seen(documents)).toBe(2);
  expect((await feed.readNext()).result).toMatchObject([{ id: "a" }, { id: "b" }]);
});

test("reads lag by a number of commits", async () => {
  const { endpoint, documents } = await open();
  await documents.items.create(document("a", { revision: 0 }));
  await endpoint.setManners({ staleReads: { behindCommits: 2 } });
  const seenRevisions: unknown[] = [];
  for (let revision = 1; revision <= 5; revision++) {
    await documents.items.upsert(document("a", { revision }));
    seenRevisions.push(await seen(documents));
  }
  expect(seenRevisions).toEqual([0, 0, 1, 2, 3]);
});

test("reads lag by a time, and never go back", async () => {
  let nowMs = 1_700_000_000_000;
  const { endpoint, documents } = await open({ nowMs: () => nowMs });
  await documents.items.create(document("a", { revision: 0 }));
  await endpoint.setManners({ staleReads: { behindMs: 100 } });
  for (let revision = 1; revision <= 3; revision++) {
    await documents.items.upsert(document("a", { revision }));
    nowMs += 50;
  }
  expect(await seen(documents)).toBe(2);
  await endpoint.setManners({ staleReads: { behindMs: 10_000 } });
  expect(await seen(documents)).toBe(2);
  nowMs += 10_000;
  expect(await seen(documents)).toBe(3);
});

test("a deleted item is still read, an expired one is not", async () => {
  let nowMs = 1_700_000_000_000;
  const { endpoint, documents } = await open({ nowMs: () => nowMs });
  await documents.items.create(document("a"));
  await documents.items.create(document("brief", { ttl: 10 }));
  await endpoint.setManners({ staleReads: {} });
  await documents.item("a", "f").delete();
  nowMs += 10_000;
  expect(await statusOf(documents.item("a", "f").read())).toBe(200);
  expect(await statusOf(documents.item("brief", "f").read())).toBe(404);
  await endpoint.setManners({});
  expect(await statusOf(documents.item("a", "f").read())).toBe(404);
});
