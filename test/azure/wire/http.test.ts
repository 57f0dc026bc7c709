import type { HttpRequest } from "@azure/functions";
import { expect, test } from "vitest";
import { bodyBudget } from "../../../shared/azure/wire/body-budget.ts";
import { answer } from "../../../shared/azure/wire/http.ts";
import { bodiesTooMany, bodyTooSlow } from "../../../shared/kube/flow/body-refusals.ts";
import { FleetError } from "../../../shared/lib/fleet-error.ts";
import { fc } from "../../chance.ts";

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

test("the body of who is not known is not read, and whoever reads it nonetheless fails", async () => {
  let sent = 0;
  async function* body() {
    sent++;
    yield new Uint8Array(1);
  }
  const identify = async () => await Promise.reject(new FleetError("Unauthenticated", "who?"));
  const refusing = answer(async () => new Response(null, { status: 401 }), { identify });
  expect((await refusing(requestOf("POST", body()), silent)).status).toBe(401);
  const reading = answer(async (request) => new Response(await request.text()), { identify });
  expect((await reading(requestOf("DELETE", body()), silent)).status).toBe(500);
  expect(sent).toBe(0);
});

test("who cannot be identified just now has its body read, for when it can be", async () => {
  async function* body() {
    yield new TextEncoder().encode("read");
  }
  const identify = async () => await Promise.reject(new FleetError("Unavailable", "away"));
  const serve = answer(async (request) => new Response(await request.text()), { identify });
  const told = await serve(requestOf("POST", body()), silent);
  expect(await new Response(told.body as ReadableStream).text()).toBe("read");
});

test("a caller with many bodies under way leaves room for those of others", async () => {
  const bodies = bodyBudget({ bytesMax: 100, bytesPerCallerMax: 60 });
  const later = Promise.withResolvers<Response>();
  async function* body() {
    yield new Uint8Array(50);
  }
  const as = (objectId: string, face: () => Promise<Response>) =>
    answer(face, { bodies, identify: async () => ({ objectId }) });
  const busy = as("greedy", async () => await later.promise);
  const first = busy(requestOf("POST", body()), silent);
  const others = [busy, as("polite", async () => new Response("ok"))];
  const told = await Promise.all(
    others.map(async (serve) => await serve(requestOf("POST", body()), silent)),
  );
  expect(told.map(({ status }) => status)).toEqual([429, 200]);
  later.resolve(new Response("ok"));
  await first;
});

test("a body that has no room beside others is answered 429, and room comes back", async () => {
  const bodies = bodyBudget({ bytesMax: 100, bytesPerCallerMax: 100 });
  const later = Promise.withResolvers<Response>();
  async function* body() {
    yield new Uint8Array(60);
    yield new Uint8Array(30);
  }
  const busy = answer(async () => await later.promise, { bodies });
  const first = busy(requestOf("POST", body()), silent);
  const serve = answer(async (request) => new Response(String((await request.bytes()).length)), {
    bodies,
    tooMany: bodiesTooMany,
  });
  const refused = await serve(requestOf("POST", body()), silent);
  expect(refused).toMatchObject({ status: 429, headers: { "retry-after": "1" } });
  later.resolve(new Response("ok"));
  await first;
  const served = await serve(requestOf("POST", body()), silent);
  expect(await new Response(served.body as ReadableStream).text()).toBe("90");
});

test("a budget of bodies never holds more than it may, nor anything in the end", () => {
  const step = fc.record({
    share: fc.nat(3),
    does: fc.constantFrom("take", "close"),
    bytes: fc.nat(60),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const budget = bodyBudget({ bytesMax: 100, bytesPerCallerMax: 70 });
      const shares = ["a", "a", "b", "c"].map((caller) => ({
        ...budget.open(caller),
        caller,
        own: 0,
        isOpen: true,
      }));
      const held = (callers: string) =>
        shares.reduce((sum, { caller, own }) => sum + (callers.includes(caller) ? own : 0), 0);
      for (const { share: index, does, bytes } of steps) {
        const share = shares[index] as (typeof shares)[number];
        if (does === "close") {
          share.close();
          Object.assign(share, { own: 0, isOpen: false });
        } else {
          const hasRoom = held("abc") + bytes <= 100 && held(share.caller) + bytes <= 70;
          expect(share.take(bytes)).toBe(share.isOpen && hasRoom);
          if (share.isOpen && hasRoom) share.own += bytes;
        }
      }
      for (const share of shares) share.close();
      const last = [budget.open("a").take(70), budget.open("b").take(30), budget.open("c").take(1)];
      expect(last).toEqual([true, true, false]);
    }),
  );
});
