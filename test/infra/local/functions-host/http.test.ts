import { once } from "node:events";
import { Agent, type IncomingMessage, request as openRequest } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FunctionsHostProcess } from "../../../../infra/local/functions-host/process.ts";
import type { MemberSeen } from "./fixture/functions/serve.ts";
import { openFixture, until } from "./start-fixture.ts";

describe.each([
  ["buffered", "false"],
  ["streaming", "true"],
])("a host of %s HTTP functions", (mode, FIXTURE_STREAM) => {
  const isStreaming = mode === "streaming";
  let fixture: Awaited<ReturnType<typeof openFixture>>;
  let host: FunctionsHostProcess;

  beforeAll(async () => {
    fixture = await openFixture({ FIXTURE_STREAM, FUNCTIONS_HOST_BODY_BYTES_MAX: "4000000" });
    host = await fixture.start({ entry: "functions/serve.ts" });
  });

  afterAll(async () => await fixture.close());

  test("answers an anonymous request with JSON", async () => {
    const response = await fetch(`${host.url}/ping`);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("application/json");
    expect(response.headers.has("x-ms-invocation-id")).toBe(false);
    expect(await response.json()).toEqual({ ok: true });
  });

  test("answers HEAD without a body", async () => {
    const response = await fetch(`${host.url}/ping`, { method: "HEAD" });
    expect([response.status, await response.text()]).toEqual([200, ""]);
  });

  test.each([
    ["no key", () => undefined, 401],
    ["an unknown key", () => "wrong", 401],
    ["another function's key", () => host.keys.functions["ping"]?.["default"], 401],
    ["its own key", () => host.keys.functions["member"]?.["default"], 200],
    ["the host's key", () => host.keys.host["default"], 200],
    ["the master key", () => host.keys.master, 200],
  ])("answers a function of level function, asked with %s", async (_name, keyOf, status) => {
    const key = keyOf();
    const byHeader = key === undefined ? {} : { "x-functions-key": key };
    const url = `${host.url}/members/east`;
    expect((await fetch(url, { headers: byHeader })).status).toBe(status);
    const query = key === undefined ? "" : `?code=${encodeURIComponent(key)}`;
    expect((await fetch(url + query)).status).toBe(status);
  });

  test("opens a function of level admin with the master key only", async () => {
    const ask = async (key = "") =>
      await fetch(`${host.url}/secrets`, { headers: { "x-functions-key": key } });
    expect((await ask(host.keys.host["default"])).status).toBe(401);
    expect(await (await ask(host.keys.master)).text()).toBe("for admins");
  });

  test("hands over parameters, query, headers, body and cookies", async () => {
    const response = await fetch(`${host.url}/Members/east-1/7?tag=a&tag=b`, {
      method: "PUT",
      body: JSON.stringify({ text: "é" }),
      headers: { "x-functions-key": host.keys.master, "x-test": "yes" },
    });
    expect(response.status).toBe(201);
    expect(response.headers.get("set-cookie")).toBe("a=b%20c; Max-Age=5; SameSite=Lax");
    expect(await response.json()).toEqual({
      params: { name: "east-1", revision: "7" },
      tags: isStreaming ? ["a", "b"] : ["a,b"], // The runtime joins them when it buffers.
      body: { text: "é" },
      header: "yes",
      url: `${host.url}/Members/east-1/7?tag=a&tag=b`,
    } satisfies MemberSeen);
  });

  test.each([
    ["/members/UPPER_case", "members/UPPER_case"],
    ["/members/east/notanumber", "members/east/notanumber"],
    ["/a%20b/c%2Fd", "a b/c%2Fd"],
    ["/", ""],
  ])("falls through to the next route that fits: %s", async (path, rest) => {
    const response = await fetch(host.url + path);
    expect([response.status, await response.json()]).toEqual([404, { rest }]);
  });

  test("takes the first fitting route by function name, not the most exact one", async () => {
    expect(await (await fetch(`${host.url}/order/exact`)).text()).toBe("order-a");
  });

  test("answers 404 for a method that no route lists", async () => {
    expect((await fetch(`${host.url}/ping`, { method: "DELETE" })).status).toBe(404);
  });

  test("answers 500 when a handler throws, and 204 when it returns nothing", async () => {
    expect((await fetch(`${host.url}/throws`)).status).toBe(500);
    expect((await fetch(`${host.url}/says-nothing`)).status).toBe(204);
    expect((await fetch(`${host.url}/says-nonsense`)).status).toBe(500);
    expect(fixture.seen("hook")).toContain("throws failed");
    expect(fixture.log()).toMatch(/error throws: Invocation failed: Error: boom/);
    const hint = /warning says-nothing: .* on Azure, a streamed request then hangs/;
    if (isStreaming) expect(fixture.log()).toMatch(hint);
    await untilNothingIsInFlight(host);
  });

  test.each([["/%zz"], ["/a%00b"], ["/%c3%28"]])("answers 400 for path %s", async (path) => {
    expect(await rawStatus(host, `GET ${path} HTTP/1.1\r\nhost: x`)).toBe("400");
  });

  test.each([
    ["a target that is no path", "GET ping HTTP/1.1\r\nhost: x", "400"],
    ["a host that makes no URL", "GET /ping HTTP/1.1\r\nhost: a b", "400"],
    ["headers over the limit", `GET /ping HTTP/1.1\r\nhost: x\r\nx: ${"y".repeat(16_000)}`, "431"],
    ["a whole URL as target", "GET http://x/ping HTTP/1.1\r\nhost: x", "200"],
    ["dots that climb", "GET /members/../ping HTTP/1.1\r\nhost: x", "200"],
  ])("answers %s", async (_name, head, status) => {
    expect(await rawStatus(host, head)).toBe(status);
  });

  test("passes a binary body of 3 MB through unchanged", async () => {
    const body = new Uint8Array(3_000_000).map((_, index) => index % 251);
    const response = await fetch(`${host.url}/echo`, { method: "POST", body });
    expect(Buffer.compare(new Uint8Array(await response.arrayBuffer()), body)).toBe(0);
  });

  test("answers 413 for a body over the limit, announced or not", async () => {
    const body = new Uint8Array(4_000_001);
    expect((await fetch(`${host.url}/echo`, { method: "POST", body })).status).toBe(413);
    const chunks = ReadableStream.from([body.subarray(0, 10), body]);
    const response = await fetch(`${host.url}/echo`, {
      method: "POST",
      body: chunks,
      duplex: "half",
    });
    expect(response.status).toBe(413);
    expect((await fetch(`${host.url}/ping`)).status).toBe(200);
  });

  test("outlives a client that breaks off its upload", async () => {
    const socket = connect(Number(new URL(host.url).port), "127.0.0.1");
    socket.write("POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\nabc");
    await sleep(100);
    socket.destroy();
    await sleep(100);
    await untilNothingIsInFlight(host);
    expect(fixture.log()).not.toMatch(/Cannot serve/);
  });

  test("serves on over a connection whose last body was not read", async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ask = async (path: string, body?: Uint8Array) => {
      const method = body === undefined ? "GET" : "POST";
      const request = openRequest(host.url + path, { agent, method }).end(body);
      const [response] = (await once(request, "response")) as [IncomingMessage];
      return await text(response);
    };
    for (let index = 0; index < 20; index++) {
      expect(await ask("/answers-early", new Uint8Array(1_000_000))).toBe("early");
      expect(await ask("/ping")).toBe('{"ok":true}');
    }
    agent.destroy();
  });

  test("sends a streamed body chunk by chunk only while streaming is on", async () => {
    const arrivals: number[] = [];
    const response = await fetch(`${host.url}/ticks`);
    for await (const _chunk of response.body ?? []) arrivals.push(performance.now());
    const spread = (arrivals.at(-1) ?? 0) - (arrivals[0] ?? 0);
    if (isStreaming) expect(spread).toBeGreaterThan(250);
    else expect(spread).toBeLessThan(200);
  });

  test("breaks the answer off when its source breaks off", async () => {
    const response = await fetch(`${host.url}/breaks-off`);
    if (isStreaming) await expect(response.text()).rejects.toThrow();
    else expect(response.status).toBe(500);
    await untilNothingIsInFlight(host);
  });
});

describe("a host that streams", () => {
  let fixture: Awaited<ReturnType<typeof openFixture>>;
  let host: FunctionsHostProcess;

  beforeAll(async () => {
    fixture = await openFixture({ FIXTURE_STREAM: "true" });
    host = await fixture.start({ entry: "functions/serve.ts" });
  });

  afterAll(async () => await fixture.close());

  test("does not tell a handler that its client went away", async () => {
    const before = fixture.seen("tick").length;
    const abort = new AbortController();
    const response = await fetch(`${host.url}/endless`, { signal: abort.signal });
    await response.body?.getReader().read();
    abort.abort();
    await until("all 30 ticks", () => fixture.seen("tick").length === before + 30);
    await untilNothingIsInFlight(host);
  });

  test("serves on after clients that leave at once", async () => {
    const ask = async (milliseconds: number) => {
      const signal = AbortSignal.timeout(milliseconds);
      await fetch(`${host.url}/slow`, { signal }).catch(() => {});
    };
    await Promise.all(Array.from({ length: 20 }, async (_, index) => await ask(1 + index)));
    await untilNothingIsInFlight(host);
    expect((await fetch(`${host.url}/ping`)).status).toBe(200);
  });

  test("cuts off a client that lets too much pile up", async () => {
    const request = openRequest(`${host.url}/flood`).end();
    const [response] = (await once(request, "response")) as [IncomingMessage];
    await until("the flood over", () => fixture.seen("flood").length === 1);
    let bytes = 0;
    const readAll = async () => {
      for await (const chunk of response) bytes += (chunk as Buffer).byteLength;
    };
    await expect(readAll()).rejects.toThrow("aborted");
    expect(bytes).toBeLessThan(64 * 1024 * 1024);
    await untilNothingIsInFlight(host);
  });
});

async function inFlight({ url, keys }: FunctionsHostProcess): Promise<Record<string, number>> {
  const headers = { "x-functions-key": keys.master };
  const response = await fetch(`${url}/admin/host/status`, { headers });
  return ((await response.json()) as { inFlight: Record<string, number> }).inFlight;
}

async function untilNothingIsInFlight(host: FunctionsHostProcess): Promise<void> {
  await until("nothing in flight", async () => Object.keys(await inFlight(host)).length === 0);
}

/** Sends a request line and headers as they are, and reads the status of the answer. */
async function rawStatus({ url }: FunctionsHostProcess, head: string) {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  socket.write(`${head}\r\nconnection: close\r\n\r\n`);
  let text = "";
  for await (const chunk of socket.setEncoding("utf8")) text += String(chunk);
  return /^HTTP\/1.1 (\d+)/.exec(text)?.[1];
}
