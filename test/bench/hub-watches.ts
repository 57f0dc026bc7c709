/** Many watches at once: what they cost while nothing happens, and how soon they are told. */
import { setTimeout as delay } from "node:timers/promises";
import { type BenchCloud, spentBetween } from "./bench-cloud.ts";
import { type Figure, figure } from "./figure.ts";
import type { HubClient } from "./hub-client.ts";

const watches = 100;
const writesPerSecond = 100;
const secondsOfWrites = 10;
const secondsOfRest = 10;
/** What is told late is waited for, what is lost is not told in this time either. */
const secondsToHearMax = 30;

const path = "/api/v1/namespaces/watched/configmaps";

export async function measureWatches(
  bench: BenchCloud,
  client: HubClient,
  tell: (line: string) => void,
): Promise<readonly Figure[]> {
  await client.json("POST", "/api/v1/namespaces", { metadata: { name: "watched" } });
  await bench.quiet();
  const alone = await queriesAtRest(bench);
  const first = await follow(client, 1);
  const withOne = await queriesAtRest(bench);
  const others = await follow(client, watches - 1);
  const withAll = await queriesAtRest(bench);
  tell(
    `queries a second: ${alone} without a watch, ${withOne} with one, ${withAll} with ${watches}`,
  );

  const all = [...first, ...others];
  const before = await bench.spent();
  const committed = await write(client);
  const delays = await heard(all, committed);
  const { requestUnits } = spentBetween(before, await bench.spent());
  for (const { stop } of all) stop();
  const lost = committed.size * all.length - delays.length;
  return [
    figure(
      "an idle watch: queries beside the poll that all share",
      "1/s",
      [(withAll - withOne) / (watches - 1)],
      { atMost: 0.01 },
    ),
    figure(`${watches} watches, ${writesPerSecond} writes/s: commit to event`, "ms", delays, {
      atMost: 1_000,
    }),
    figure(`${watches} watches: events lost`, "of all", [lost], { atMost: 0 }),
    figure(`${watches} watches: cost of a write, with all that it wakes`, "request units", [
      requestUnits / committed.size,
    ]),
    figure("writes made", "1/s", [committed.size / secondsOfWrites]),
  ];
}

interface Follower {
  /** When each object was first heard of, by its name. */
  readonly heardAt: ReadonlyMap<string, number>;
  readonly stop: () => void;
}

async function follow(client: HubClient, count: number): Promise<readonly Follower[]> {
  return await Promise.all(Array.from({ length: count }, async () => await followOne(client)));
}

async function followOne({ ask, json }: HubClient): Promise<Follower> {
  const { metadata } = await json("GET", `${path}?limit=1`);
  const response = await ask(
    "GET",
    `${path}?watch=true&resourceVersion=${metadata?.resourceVersion}`,
  );
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  if (!response.ok || reader === undefined) {
    throw new Error(`Cannot measure: a watch was answered with ${response.status}`);
  }
  const heardAt = new Map<string, number>();
  void listen(reader, heardAt);
  return { heardAt, stop: () => void reader.cancel().catch(() => {}) };
}

async function listen(
  reader: ReadableStreamDefaultReader<string>,
  heardAt: Map<string, number>,
): Promise<void> {
  let text = "";
  for (;;) {
    const { value, done } = await reader.read().catch(() => ({ value: undefined, done: true }));
    if (done || value === undefined) return;
    const now = performance.now();
    const lines = `${text}${value}`.split("\n");
    text = lines.pop() ?? "";
    for (const line of lines) {
      const name = /"name":"(written-\d+)"/.exec(line)?.[1];
      if (name !== undefined && !heardAt.has(name)) heardAt.set(name, now);
    }
  }
}

/** When each object's commit was acknowledged. The pace does not wait for slow answers. */
async function write({ json }: HubClient): Promise<ReadonlyMap<string, number>> {
  const committedAt = new Map<string, number>();
  const startedAt = performance.now();
  const asked: Promise<void>[] = [];
  for (let index = 0; index < writesPerSecond * secondsOfWrites; index++) {
    const dueAt = startedAt + (index * 1_000) / writesPerSecond;
    if (dueAt > performance.now()) await delay(dueAt - performance.now());
    const name = `written-${index}`;
    const made = json("POST", path, { metadata: { name }, data: { text: "x".repeat(200) } });
    asked.push(made.then(() => void committedAt.set(name, performance.now())));
  }
  await Promise.all(asked);
  return committedAt;
}

/** How long each watch waited for each object; an event may come before its writer's answer. */
async function heard(
  followers: readonly Follower[],
  committedAt: ReadonlyMap<string, number>,
): Promise<readonly number[]> {
  const deadline = performance.now() + secondsToHearMax * 1_000;
  const isDone = () => followers.every(({ heardAt }) => heardAt.size >= committedAt.size);
  while (!isDone() && performance.now() < deadline) await delay(100);
  return followers.flatMap(({ heardAt }) =>
    [...heardAt].map(([name, at]) => Math.max(0, at - (committedAt.get(name) ?? at))),
  );
}

async function queriesAtRest(bench: BenchCloud): Promise<number> {
  await delay(1_000);
  const before = await bench.spent();
  await delay(secondsOfRest * 1_000);
  const { byKind, atMs } = spentBetween(before, await bench.spent());
  const requests = ["query", "read"].map((each) => byKind[each]?.requests ?? 0);
  return Number((requests.reduce((sum, each) => sum + each, 0) / (atMs / 1_000)).toFixed(2));
}
