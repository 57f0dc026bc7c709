import type { HttpRequest } from "@azure/functions";
import { expect, test } from "vitest";
import { answer } from "../../../shared/azure/wire/http.ts";
import { bodyTooSlow } from "../../../shared/kube/flow/body-too-slow.ts";

const url = "https://127.0.0.1/subscriptions/a";
const silent = { error: () => {} };

/** A request as the Functions library gives it. */
function requestOf(method: string, body: AsyncIterable<Uint8Array> | null): HttpRequest {
  return { method, url, headers: new Headers({ "x-a": "b" }), body } as unknown as HttpRequest;
}

test("a face gets the request, and what it answers goes back", async () => {
  const serve = answer(async (request) => {
    const text = `${request.method} ${request.headers.get("x-a")} ${await request.text()}`;
    return new Response(text, { status: 201, headers: { "x-c": "d" } });
  });
  async function* body() {
    yield new TextEncoder().encode("one ");
    yield new TextEncoder().encode("two");
  }
  const told = await serve(requestOf("POST", body()), silent);
  expect(told.status).toBe(201);
  expect(told.headers).toMatchObject({ "x-c": "d" });
  expect(await new Response(told.body as ReadableStream).text()).toBe("POST b one two");
});

test("of a body without end, a face gets a little more than it takes, and all of it is read", async () => {
  let sent = 0;
  async function* body() {
    for (; sent < 20; sent++) yield new Uint8Array(1_000_000);
  }
  let received = 0;
  const serve = answer(async (request) => {
    received = (await request.arrayBuffer()).byteLength;
    return new Response(null, { status: 413 });
  });
  const told = await serve(requestOf("PUT", body()), silent);
  expect(told.status).toBe(413);
  expect(sent, "a client reads the answer once it has sent all").toBe(20);
  expect(received).toBe(5_000_000);
});

test("a face that throws is a 500 that tells nothing, and a line in the log", async () => {
  const logged: unknown[][] = [];
  const serve = answer(async () => await Promise.reject(new Error("secret")));
  const told = await serve(requestOf("GET", null), { error: (...args) => logged.push(args) });
  expect(told).toEqual({ status: 500, body: "Cannot answer: an unexpected error happened" });
  expect(String(logged[0]?.[0])).toMatch(/^Cannot answer GET \/subscriptions\/a: Error: secret/);
});

test("what a face throws is logged without the credentials that it quotes", async () => {
  const logged: unknown[][] = [];
  const token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJtZSJ9.c2ln";
  const boom = new Error("refused", { cause: new Error(`authorization: Bearer ${token}`) });
  const serve = answer(async () => await Promise.reject(boom));
  await serve(requestOf("GET", null), { error: (...args) => logged.push(args) });
  expect(String(logged[0])).toContain("caused by Error: authorization: Bearer [redacted]");
});

async function* drops() {
  for (;;) {
    yield new Uint8Array(1);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test("a body that drips is answered 408 when its time is over, and the face is not asked", async () => {
  let asked = 0;
  const face = async () => {
    asked++;
    return new Response("ok");
  };
  const plain = await answer(face, { bodySecondsMax: 0.1 })(requestOf("PUT", drops()), silent);
  expect(plain.status).toBe(408);
  const options = { bodySecondsMax: 0.1, tooSlow: bodyTooSlow };
  const told = await answer(face, options)(requestOf("PUT", drops()), silent);
  expect(told.status).toBe(408);
  expect(await new Response(told.body as ReadableStream).json()).toMatchObject({
    kind: "Status",
    reason: "Timeout",
    code: 408,
  });
  expect(asked).toBe(0);
});

test("a body that breaks is told to the log, and ends", async () => {
  const logged: unknown[] = [];
  async function* breaking() {
    yield new TextEncoder().encode("first\n");
    throw new Error("broke");
  }
  const face = async () => new Response(ReadableStream.from(breaking()) as ReadableStream);
  const told = await answer(face)(requestOf("GET", null), { error: (line) => logged.push(line) });
  expect(await new Response(told.body as ReadableStream).text()).toBe("first\n");
  expect(String(logged[0])).toMatch(/^Cannot go on answering GET .*broke/);
});

test("a client that goes away is told to the face's body", async () => {
  let cancelled = false;
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new Uint8Array(1)),
    cancel: () => {
      cancelled = true;
    },
  });
  const told = await answer(async () => new Response(endless))(requestOf("GET", null), silent);
  const body = told.body as ReadableStream;
  await body.getReader().cancel();
  expect(cancelled).toBe(true);
});
