import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import type { Call } from "../../../../infra/local/functions-host/attempt.ts";
import type {
  ChangeFeed,
  ChangeFeedStart,
  FeedRange,
  Lease,
  LeaseStore,
} from "../../../../infra/local/functions-host/change-feed.ts";
import { createChangeFeedTrigger } from "../../../../infra/local/functions-host/change-feed-trigger.ts";
import { fakeInvoker, keptLog, registered } from "./fake-invoker.ts";
import { until } from "./start-fixture.ts";

const low: FeedRange = { minInclusive: "", maxExclusive: "80" };
const high: FeedRange = { minInclusive: "80", maxExclusive: "FF" };

/** A container in memory: a list of changes per range, and a count of what it was asked. */
function memoryFeed(ranges: readonly FeedRange[] = [low]) {
  const changes = new Map(ranges.map((range) => [range.minInclusive, [] as string[]]));
  const asked = { ranges: 0, cursors: 0, pages: 0 };
  const failing = { pages: 0, resourceId: 0 };

  function positionOf(range: FeedRange, start: ChangeFeedStart) {
    if (start.kind === "continuation") return Number(start.continuation);
    return start.kind === "now" ? (changes.get(range.minInclusive)?.length ?? 0) : 0;
  }

  const feed: ChangeFeed = {
    resourceId: async () => {
      if (failing.resourceId-- > 0) throw new Error("not there yet");
      return await Promise.resolve("rid");
    },
    ranges: async () => {
      asked.ranges++;
      return await Promise.resolve(ranges);
    },
    open: async (range, start) => {
      asked.cursors++;
      let position = positionOf(range, start);
      return await Promise.resolve({
        next: async () => {
          asked.pages++;
          if (failing.pages-- > 0) throw new Error("429");
          const documents = (changes.get(range.minInclusive) ?? []).slice(position, position + 2);
          position += documents.length;
          return await Promise.resolve({ documents, continuation: String(position) });
        },
      });
    },
  };
  const write = (id: string, range = low) => changes.get(range.minInclusive)?.push(id);
  return { feed, write, asked, failing };
}

function memoryLeases() {
  const kept = new Map<string, Lease>();
  const state = { saves: 0, failing: 0 };
  const leases: LeaseStore = {
    read: async (id) => await Promise.resolve(kept.get(id)),
    save: async (id, body, read) => {
      state.saves++;
      if (state.failing-- > 0) throw new Error("503");
      if (kept.get(id)?.etag !== read?.etag) return { kind: "changed-meanwhile" };
      const lease: Lease = { body, etag: String(state.saves) };
      kept.set(id, lease);
      return await Promise.resolve({ kind: "saved", lease });
    },
  };
  return { leases, kept, state };
}

interface Options {
  readonly feed: ReturnType<typeof memoryFeed>;
  readonly leases?: ReturnType<typeof memoryLeases>;
  readonly start?: ChangeFeedStart;
  readonly work?: (call: Call) => Promise<void>;
}

function open({ feed, leases = memoryLeases(), start = { kind: "beginning" }, work }: Options) {
  const { invoker, calls } = fakeInvoker(work);
  const { log, entries } = keptLog();
  const trigger = createChangeFeedTrigger({
    fn: registered("cosmosDBTrigger"),
    feed: feed.feed,
    leases: leases.leases,
    leasePrefix: "test_",
    start,
    pollMilliseconds: 5,
    invoker,
    log,
  });
  onTestFinished(async () => await trigger.stop());
  const pages = () => calls.map(({ input }) => JSON.parse(input.json ?? "") as string[]);
  return { trigger, pages, entries, leases };
}

test("pages of changes arrive in order, with one cursor for all of them", async () => {
  const feed = memoryFeed();
  for (const id of ["a", "b", "c"]) feed.write(id);
  const { trigger, pages, leases } = open({ feed });
  trigger.start();
  await until("two pages", () => pages().length === 2);
  await sleep(50);
  feed.write("d");
  await until("another page", () => pages().length === 3);
  expect(pages()).toEqual([["a", "b"], ["c"], ["d"]]);
  expect(feed.asked.cursors).toBe(1);
  await until("a checkpoint", () => leases.kept.get("test_rid..-80")?.body.continuation === "4");
});

test("an idle feed costs one request per look and saves nothing", async () => {
  const feed = memoryFeed();
  const { trigger, leases } = open({ feed });
  trigger.start();
  await until("a lease", () => leases.kept.has("test_rid..-80"));
  const saves = leases.state.saves;
  const pages = feed.asked.pages;
  await sleep(100);
  expect(leases.state.saves).toBe(saves);
  expect(feed.asked.pages - pages).toBeLessThanOrEqual(21);
  expect(feed.asked.ranges).toBe(1);
});

test("ranges are followed side by side, each with its lease", async () => {
  const feed = memoryFeed([low, high]);
  feed.write("a", low);
  feed.write("b", high);
  const slow = Promise.withResolvers<void>();
  const { trigger, pages, leases } = open({
    feed,
    work: async ({ input }) => {
      if (input.json === '["a"]') await slow.promise;
    },
  });
  onTestFinished(() => slow.resolve());
  trigger.start();
  await until("both pages", () => pages().length === 2);
  await until("the quick one saved", () => leases.kept.has("test_rid..80-FF"));
  expect(leases.kept.has("test_rid..-80")).toBe(false);
});

test("a trigger that starts now sees only what comes after, and keeps that moment", async () => {
  const feed = memoryFeed();
  feed.write("old");
  const leases = memoryLeases();
  const first = open({ feed, leases, start: { kind: "now" } });
  first.trigger.start();
  await until("a lease", () => leases.kept.has("test_rid..-80"));
  await first.trigger.stop();
  feed.write("while down");
  const second = open({ feed, leases, start: { kind: "now" } });
  second.trigger.start();
  await until("a page", () => second.pages().length === 1);
  expect([first.pages(), second.pages()]).toEqual([[], [["while down"]]]);
});

test("a page that was not finished when its host died comes again to the next", async () => {
  const feed = memoryFeed();
  for (const id of ["a", "b", "c"]) feed.write(id);
  const leases = memoryLeases();
  const neverEnds = Promise.withResolvers<void>();
  const dead = open({
    feed,
    leases,
    work: async ({ input }) => {
      if (input.json === '["c"]') await neverEnds.promise;
    },
  });
  onTestFinished(() => neverEnds.resolve());
  dead.trigger.start();
  await until("the second page begun", () => dead.pages().length === 2);
  const next = open({ feed, leases });
  next.trigger.start();
  await until("a page", () => next.pages().length === 1);
  expect(next.pages()).toEqual([["c"]]);
});

test("a function that fails loses its page: the feed goes on", async () => {
  const feed = memoryFeed();
  for (const id of ["a", "b", "c"]) feed.write(id);
  const { trigger, pages } = open({
    feed,
    work: async () => await Promise.reject(new Error("boom")),
  });
  trigger.start();
  await until("both pages", () => pages().length === 2);
  await sleep(30);
  expect(pages()).toEqual([["a", "b"], ["c"]]);
});

test("a page that fails while the host stops is not passed over", async () => {
  const feed = memoryFeed();
  feed.write("a");
  const leases = memoryLeases();
  const { trigger, pages } = open({
    feed,
    leases,
    work: async () => {
      await sleep(30);
      throw new Error("cut short");
    },
  });
  trigger.start();
  await until("a page", () => pages().length === 1);
  await trigger.stop();
  expect(leases.kept.has("test_rid..-80")).toBe(false);
});

test("a page that succeeds while the host stops is saved", async () => {
  const feed = memoryFeed();
  feed.write("a");
  const leases = memoryLeases();
  const { trigger, pages } = open({ feed, leases, work: async () => await sleep(30) });
  trigger.start();
  await until("a page", () => pages().length === 1);
  await trigger.stop();
  expect(leases.kept.get("test_rid..-80")?.body.continuation).toBe("1");
});

test.each([
  ["the container is not there yet", { resourceId: 1 }],
  ["a read fails", { pages: 1 }],
])("a trigger goes on from its lease when %s", async (_name, failing) => {
  const feed = memoryFeed();
  feed.write("a");
  Object.assign(feed.failing, failing);
  const { trigger, pages, entries } = open({ feed });
  trigger.start();
  await until("a page", () => pages().length === 1);
  expect(pages()).toEqual([["a"]]);
  expect(entries[0]?.message).toMatch(/^Cannot follow the change feed: (?:not there yet|429)$/);
});

test("a page whose checkpoint was lost comes again: at least once", async () => {
  const feed = memoryFeed();
  feed.write("a");
  const leases = memoryLeases();
  const { trigger, pages } = open({
    feed,
    leases,
    work: async () => {
      if (leases.state.saves === 1) leases.state.failing = 1; // The one before was the ranges.
      await Promise.resolve();
    },
  });
  trigger.start();
  await until("the page twice", () => pages().length === 2);
  expect(pages()).toEqual([["a"], ["a"]]);
  await until("a checkpoint", () => leases.kept.has("test_rid..-80"));
});

test("a lease that another host moved on is read again before going on", async () => {
  const feed = memoryFeed();
  for (const id of ["a", "b", "c", "d", "e"]) feed.write(id);
  const leases = memoryLeases();
  const { trigger, pages, entries } = open({
    feed,
    leases,
    work: async ({ input }) => {
      if (input.json !== '["a","b"]') return;
      leases.kept.set("test_rid..-80", { body: { continuation: "4" }, etag: "theirs" });
      await Promise.resolve();
    },
  });
  trigger.start();
  await until("the last page", () => pages().length === 2);
  expect(pages()).toEqual([["a", "b"], ["e"]]);
  expect(entries[0]?.message).toMatch(/Lease "test_rid..-80" was changed by another host/);
});
