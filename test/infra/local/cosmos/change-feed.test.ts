import {
  ChangeFeedMode,
  type ChangeFeedPullModelIterator,
  ChangeFeedStartFrom,
  type Container,
} from "@azure/cosmos";
import { expect, test } from "vitest";
import { clientOf, document, errorOf, open } from "./open-endpoint.ts";

type Iterator = ChangeFeedPullModelIterator<{ id: string; _lsn: number }>;

/** Reads until nothing is new. */
async function drain(iterator: Iterator) {
  const ids: string[] = [];
  for (;;) {
    const page = await iterator.readNext();
    if (page.statusCode === 304) return { ids, token: page.continuationToken };
    ids.push(...page.result.map((each) => each.id));
  }
}

function feed(container: Container, from: ChangeFeedStartFrom, maxItemCount = 100): Iterator {
  return container.items.getChangeFeedIterator({ changeFeedStartFrom: from, maxItemCount });
}

test("the feed from the beginning holds each item once, ordered by its last write", async () => {
  const { documents } = await open();
  for (const id of ["a", "b", "c"]) await documents.items.create(document(id));
  await documents.items.upsert(document("a", { revision: 2 }));
  const iterator = feed(documents, ChangeFeedStartFrom.Beginning(), 2);
  const first = await iterator.readNext();
  expect(first.result.map((each) => each.id)).toEqual(["b", "c"]);
  const { result } = await iterator.readNext();
  expect(result).toMatchObject([{ id: "a", revision: 2 }]);
  expect(result[0]?._lsn).toBeGreaterThan(first.result[1]?._lsn ?? 0);
  expect((await iterator.readNext()).statusCode).toBe(304);
});

test("an iterator goes on with what is new, deletes left out", async () => {
  const { documents } = await open();
  await documents.items.create(document("a"));
  const iterator = feed(documents, ChangeFeedStartFrom.Beginning());
  expect((await drain(iterator)).ids).toEqual(["a"]);
  await documents.items.create(document("b"));
  await documents.item("a", "f").delete();
  await documents.items.create(document("c"));
  expect((await drain(iterator)).ids).toEqual(["b", "c"]);
  expect((await drain(iterator)).ids).toEqual([]);
});

test("a saved continuation goes on with another client", async () => {
  const { documents, endpoint } = await open();
  await documents.items.create(document("a"));
  const { token } = await drain(feed(documents, ChangeFeedStartFrom.Beginning()));
  await documents.items.create(document("b"));
  const other = clientOf(endpoint).database("fleets").container("documents");
  const { ids } = await drain(feed(other, ChangeFeedStartFrom.Continuation(token)));
  expect(ids).toEqual(["b"]);
});

test("the feed from now starts with the next write", async () => {
  const { documents } = await open();
  await documents.items.create(document("a"));
  const iterator = feed(documents, ChangeFeedStartFrom.Now());
  expect((await drain(iterator)).ids).toEqual([]);
  await documents.items.create(document("b"));
  expect((await drain(iterator)).ids).toEqual(["b"]);
});

test("the feed from a time leaves out what is older", async () => {
  let nowMs = 1_700_000_000_000;
  const { documents } = await open({ nowMs: () => nowMs });
  await documents.items.create(document("a"));
  nowMs += 60_000;
  await documents.items.create(document("b"));
  const from = ChangeFeedStartFrom.Time(new Date(nowMs - 30_000));
  expect((await drain(feed(documents, from))).ids).toEqual(["b"]);
});

test("the feed of a partition key holds nothing else", async () => {
  const { documents } = await open();
  await documents.items.create(document("a"));
  await documents.items.create(document("b", { fleet: "g" }));
  const iterator = feed(documents, ChangeFeedStartFrom.Beginning("f"));
  expect((await drain(iterator)).ids).toEqual(["a"]);
  await documents.items.create(document("c", { fleet: "g" }));
  await documents.items.create(document("d"));
  expect((await drain(iterator)).ids).toEqual(["d"]);
});

test("items of one batch share a number and a page", async () => {
  const { documents } = await open();
  const operations = ["a", "b", "c"].map((id) => ({
    operationType: "Create" as const,
    resourceBody: document(id),
  }));
  await documents.items.batch(operations, "f");
  await documents.items.create(document("d"));
  const page = await feed(documents, ChangeFeedStartFrom.Beginning(), 2).readNext();
  expect(page.result.map((each) => each.id)).toEqual(["a", "b", "c"]);
  expect(new Set(page.result.map((each) => each._lsn)).size).toBe(1);
});

test("a refused batch leaves no trace in the feed", async () => {
  const { documents } = await open();
  await documents.items.create(document("a"));
  const iterator = feed(documents, ChangeFeedStartFrom.Now());
  await drain(iterator);
  const { code } = await documents.items.batch(
    [
      { operationType: "Upsert", resourceBody: document("b") },
      { operationType: "Create", resourceBody: document("a") },
    ],
    "f",
  );
  expect(code).toBe(207);
  expect((await drain(iterator)).ids).toEqual([]);
});

test("a page costs its point reads, an empty one as much as one", async () => {
  const { documents } = await open({ consistency: "Session" });
  for (const id of ["a", "b", "c"]) await documents.items.create(document(id));
  const iterator = feed(documents, ChangeFeedStartFrom.Beginning());
  expect((await iterator.readNext()).requestCharge).toBe(3);
  expect((await iterator.readNext()).requestCharge).toBe(1);
});

test("the mode of all versions is refused", async () => {
  const { documents } = await open();
  const iterator = documents.items.getChangeFeedIterator({
    changeFeedMode: ChangeFeedMode.AllVersionsAndDeletes,
    changeFeedStartFrom: ChangeFeedStartFrom.Now(),
  });
  expect((await errorOf(iterator.readNext())).code).toBe(400);
});
