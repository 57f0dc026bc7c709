import type { HttpRequest } from "@azure/functions";
import { expect, test } from "vitest";
import { answer } from "../../../shared/azure/wire/http.ts";

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
  expect(String(logged[0]?.[0])).toBe("Cannot answer GET /subscriptions/a");
});
