/** What watches ask of the store, and what ends them when their clients are gone. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Store } from "../../../shared/effects/store.ts";
import { watchSource } from "../../../shared/kube/watch/watch-source.ts";
import {
  configMap,
  configMaps,
  type KubeFixture,
  kubeFixture,
  requestOf,
} from "../kube-fixture.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

const pollMilliseconds = 1_000;

async function counted() {
  const { api } = await kubeFixture();
  const calls: string[] = [];
  const store = new Proxy(api.store, {
    get: (target, name: keyof Store) => {
      const method = target[name] as (...values: unknown[]) => unknown;
      return (...values: unknown[]) => {
        calls.push(name);
        return method.apply(target, values);
      };
    },
  });
  const watch = watchSource(store, { pollMilliseconds });
  const fixture = await kubeFixture({ ...api, store, watch });
  return { fixture, calls };
}

async function open({ send, api }: KubeFixture): Promise<Response> {
  const { revision } = await api.store.head(api.fleet);
  return await send(requestOf("GET", `${configMaps}?watch=1&resourceVersion=${revision}`));
}

test("a hundred idle watches cost one look at the changes per poll, and nothing else", async () => {
  const { fixture, calls } = await counted();
  const readers = await Promise.all(
    Array.from({ length: 100 }, async () => (await open(fixture)).body?.getReader()),
  );
  for (const reader of readers) void reader?.read().then(async () => await reader.read());
  await vi.advanceTimersByTimeAsync(pollMilliseconds * 2);
  calls.length = 0;
  await vi.advanceTimersByTimeAsync(pollMilliseconds * 10);
  expect(new Set(calls)).toEqual(new Set(["changes"]));
  expect(calls.length).toBeGreaterThanOrEqual(9);
  expect(calls.length).toBeLessThanOrEqual(11);
  await Promise.all(readers.map(async (reader) => await reader?.cancel()));
  await vi.advanceTimersByTimeAsync(pollMilliseconds * 2);
  calls.length = 0;
  await vi.advanceTimersByTimeAsync(pollMilliseconds * 10);
  expect(calls, "nobody watches any more").toEqual([]);
});

test("a client that goes away without a word is noticed by what it does not read", async () => {
  const { fixture, calls } = await counted();
  const response = await open(fixture);
  await vi.advanceTimersByTimeAsync(60_000);
  calls.length = 0;
  await vi.advanceTimersByTimeAsync(5_000);
  expect(calls.length, "it may only be slow").toBeGreaterThan(0);
  await vi.advanceTimersByTimeAsync(60_000);
  calls.length = 0;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(calls).toEqual([]);
  await expect(response.text()).rejects.toThrow("must read");
});

test("a request that is aborted ends its watch", async () => {
  const { fixture, calls } = await counted();
  const abort = new AbortController();
  const { revision } = await fixture.api.store.head(fixture.api.fleet);
  const path = `https://hub${configMaps}?watch=1&resourceVersion=${revision}`;
  const response = await fixture.send(new Request(path, { signal: abort.signal }));
  const reading = response.text();
  await vi.advanceTimersByTimeAsync(pollMilliseconds * 3);
  abort.abort();
  await vi.advanceTimersByTimeAsync(pollMilliseconds);
  expect(await reading).toBe("\n");
  calls.length = 0;
  await vi.advanceTimersByTimeAsync(pollMilliseconds * 10);
  expect(calls).toEqual([]);
});

test("a deletion is told with the last state and the revision of the deletion", async () => {
  const { fixture } = await counted();
  const { ask, api } = fixture;
  await ask("POST", configMaps, configMap("a", { last: "state" }));
  const reader = (await open(fixture)).body?.getReader();
  const texts: string[] = [];
  const reading = (async () => {
    for (;;) {
      const read = await reader?.read();
      if (read === undefined || read.done) return;
      texts.push(Buffer.from(read.value as Uint8Array).toString());
    }
  })();
  await ask("DELETE", `${configMaps}/a`);
  const { revision } = await api.store.head(api.fleet);
  await vi.advanceTimersByTimeAsync(pollMilliseconds * 2);
  await reader?.cancel();
  await reading;
  const [event] = texts
    .join("")
    .split("\n")
    .filter((line) => line !== "");
  expect(JSON.parse(event ?? "{}")).toMatchObject({
    type: "DELETED",
    object: { metadata: { name: "a", resourceVersion: String(revision) }, data: { last: "state" } },
  });
});
