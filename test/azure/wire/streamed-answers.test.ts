/** The adapter on the laptop's Functions host, which streams as Azure's does. */
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { FunctionsHostProcess } from "../../../infra/local/functions-host/process.ts";
import { openFixture, until } from "../../infra/local/functions-host/start-fixture.ts";
import type { SeenState } from "./app/functions/serve.ts";

let fixture: Awaited<ReturnType<typeof openFixture>>;
let host: FunctionsHostProcess;
beforeAll(async () => {
  fixture = await openFixture();
  const appFolder = join(import.meta.dirname, "app");
  host = await fixture.start({ appFolder, entry: "functions/serve.ts" });
});
afterAll(async () => await fixture.close());

const ask = async (path: string, init?: RequestInit) =>
  await fetch(`${host.url}/${path}`, { signal: AbortSignal.timeout(10_000), ...init });

test("a face that throws answers 500, and the log tells why", async () => {
  const response = await ask("throws");
  expect(response.status).toBe(500);
  expect(await response.text()).not.toContain("boom");
  await until("the log", () => fixture.log().includes("Cannot answer GET /throws: Error: boom"));
});

test("a body that throws after its first line ends, and the log tells why", async () => {
  const response = await ask("breaks-off");
  expect(response.status).toBe(200);
  expect(await response.text()).toBe("line 0\nline 1\nline 2\n");
  await until("the log", () => fixture.log().includes("Cannot go on answering GET /breaks-off"));
});

test("a body that goes on comes line by line", async () => {
  const arrivals: number[] = [];
  for await (const _chunk of (await ask("goes-on")).body ?? []) arrivals.push(performance.now());
  expect((arrivals.at(-1) ?? 0) - (arrivals[0] ?? 0)).toBeGreaterThan(20);
});

test("a client that sends a byte at a time gets 408, and the host serves on", async () => {
  const socket = connect(Number(new URL(host.url).port), "127.0.0.1");
  const head = "PUT /echo HTTP/1.1\r\nhost: x\r\ncontent-type: text/plain\r\ncontent-length: 1000";
  socket.write(`${head}\r\n\r\n`);
  const dripping = setInterval(() => socket.write("x"), 100);
  const started = performance.now();
  const status = await new Promise<string>((resolve) => {
    socket.once("data", (chunk) => resolve(String(chunk).split("\r\n")[0] ?? ""));
  });
  clearInterval(dripping);
  socket.destroy();
  expect(status).toContain("408");
  expect(performance.now() - started).toBeLessThan(5_000);
  expect(await (await ask("echo", { method: "PUT", body: "whole" })).text()).toBe("whole");
});

test("watches of clients that left are counted until they end, and not longer", async () => {
  const leaving = new AbortController();
  const open = async (caller: string, signal?: AbortSignal) =>
    await ask(`watched?watch=true&caller=${caller}`, signal && { signal });
  for (let at = 0; at < 2; at++) {
    const response = await open("a", leaving.signal);
    expect(response.status).toBe(200);
    await response.body?.getReader().read();
  }
  const third = await open("a");
  expect(third.status).toBe(429);
  expect(third.headers.get("retry-after")).toMatch(/^[1-9]$/);
  const ofOther = await open("b");
  expect(ofOther.status).toBe(200);
  await ofOther.body?.cancel();
  leaving.abort();
  const openNow = async () => ((await (await ask("state")).json()) as SeenState).watch;
  await until(
    "no watch open",
    async () => JSON.stringify(await openNow()) === '{"open":0,"callers":0}',
  );
  expect((await ask("watched?watch=true&caller=a&lines=1")).status).toBe(200);
  await sleep(50);
}, 30_000);
