import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import {
  type FlowControl,
  type FlowLimits,
  flowControl,
  usualLimits,
} from "../../../shared/kube/flow/flow-control.ts";

const limits: FlowLimits = {
  small: {
    runningMax: 4,
    runningPerCallerMax: 3,
    waitingMax: 40,
    waitingPerCallerMax: 20,
    waitSecondsMax: 20,
  },
  large: {
    runningMax: 2,
    runningPerCallerMax: 1,
    waitingMax: 10,
    waitingPerCallerMax: 5,
    waitSecondsMax: 20,
  },
  watch: { openMax: 5, openPerCallerMax: 3 },
  requestSecondsMax: 20,
  stallSecondsMax: 0.2,
  watchSecondsMax: 1,
};

const factsOf = (line: string, signal?: AbortSignal) => {
  const [method = "", target = ""] = line.split(" ");
  const { pathname: path, searchParams: query } = new URL(target, "https://hub");
  return { method, path, query, ...(signal && { signal }) };
};
const get = "GET /api/v1/namespaces/app/configmaps/one";
const list = "GET /api/v1/configmaps";
const watch = "GET /api/v1/configmaps?watch=true";

const nothing = {
  small: { running: 0, waiting: 0, callers: 0 },
  large: { running: 0, waiting: 0, callers: 0 },
  watch: { open: 0, callers: 0 },
};

/** Waits until nothing runs, waits or is open; fails when something stays. */
async function untilNothing(flow: FlowControl): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (performance.now() < deadline && JSON.stringify(flow.state()) !== JSON.stringify(nothing)) {
    await delay(10);
  }
  expect(flow.state()).toEqual(nothing);
}

const answered = async () => new Response("ok");
const slowly = (milliseconds: number) => async () => {
  await delay(milliseconds);
  return new Response("ok");
};

test("what a client floods with is refused, and others are served in the order of turns", async () => {
  const flow = flowControl({ limits });
  const started: string[] = [];
  const ask = async (caller: string) =>
    await flow.run(factsOf(get), caller, async () => {
      started.push(caller);
      return await slowly(5)();
    });
  const flood = Array.from({ length: 200 }, () => ask("flood"));
  await delay(1);
  const polite: Response[] = [];
  for (let at = 0; at < 10; at++) {
    const before = started.length;
    polite.push(await ask("polite"));
    const between = started.slice(before).indexOf("polite");
    // A seat is always there, or the next that gets free is the polite one's.
    expect(between, "floods served before the polite one").toBeLessThanOrEqual(
      limits.small.runningMax,
    );
  }
  const statuses = (await Promise.all(flood)).map(({ status }) => status);
  expect(polite.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200));
  const { runningPerCallerMax, waitingPerCallerMax } = limits.small;
  const served = statuses.filter((status) => status === 200).length;
  expect(served).toBe(runningPerCallerMax + waitingPerCallerMax);
  expect(statuses.filter((status) => status === 429)).toHaveLength(200 - served);
  await untilNothing(flow);
});

test("without control the same flood makes a polite client wait for all of it", async () => {
  const one = oneByOne();
  const flow = flowControl({
    limits: { ...limits, small: { ...limits.small, runningMax: 2, runningPerCallerMax: 1 } },
  });
  const run = async (isControlled: boolean) => {
    const order: string[] = [];
    const work = async (caller: string) => {
      await one(2);
      order.push(caller);
      return new Response("ok");
    };
    const ask = async (caller: string) =>
      isControlled
        ? await flow.run(factsOf(get), caller, async () => await work(caller))
        : await work(caller);
    const all = Array.from({ length: 100 }, () => ask("flood"));
    await delay(1);
    await ask("polite");
    const before = order.indexOf("polite");
    await Promise.all(all);
    return before;
  };
  const unprotected = await run(false);
  const protectedBy = await run(true);
  expect(unprotected).toBeGreaterThanOrEqual(90);
  expect(protectedBy).toBeLessThanOrEqual(4);
});

/** Something that only one can use at a time, as a processor is. */
function oneByOne() {
  let last: Promise<unknown> = Promise.resolve();
  return async (milliseconds: number) => {
    last = last.then(async () => await delay(milliseconds));
    await last;
  };
}

test("a refusal is a Status that says in whole seconds when to come back, not always the same", async () => {
  const seconds = new Set<string | null>();
  for (const random of [0, 0.4, 0.99]) {
    const flow = flowControl({ limits, random: () => random });
    const busy = Array.from({ length: 23 }, () => flow.run(factsOf(get), "flood", slowly(20)));
    const refused = await flow.run(factsOf(get), "flood", answered);
    const retryAfter = refused.headers.get("retry-after");
    seconds.add(retryAfter);
    expect(refused.status).toBe(429);
    expect(await refused.json()).toEqual({
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message: "Too many requests, please try again later.",
      reason: "TooManyRequests",
      details: { retryAfterSeconds: Number(retryAfter) },
      code: 429,
    });
    await Promise.all(busy);
  }
  expect([...seconds].every((each) => /^[1-9]\d*$/.test(each ?? ""))).toBe(true);
  expect(seconds.size).toBe(3);
});

test("small requests do not wait for large ones, nor either for watches", async () => {
  const flow = flowControl({ limits });
  const listed = Promise.withResolvers<Response>();
  const lists = ["a", "b"].map((caller) =>
    flow.run(factsOf(list), caller, async () => await listed.promise.then((all) => all.clone())),
  );
  const watches = Array.from({ length: 3 }, () =>
    flow.run(factsOf(watch), "a", async () => new Response(new ReadableStream())),
  );
  expect(flow.state().large.running).toBe(2);
  expect((await flow.run(factsOf(get), "a", answered)).status).toBe(200);
  listed.resolve(new Response("ok"));
  expect((await Promise.all(lists)).map(({ status }) => status)).toEqual([200, 200]);
  for (const each of await Promise.all(watches)) await each.body?.cancel();
  await untilNothing(flow);
});

test("what waits too long is refused", async () => {
  const flow = flowControl({
    limits: { ...limits, large: { ...limits.large, waitSecondsMax: 0.1 } },
  });
  const done = Promise.withResolvers<Response>();
  const first = flow.run(factsOf(list), "a", async () => await done.promise);
  const second = await flow.run(factsOf(list), "a", answered);
  expect(second.status).toBe(429);
  done.resolve(new Response("ok"));
  expect((await first).status).toBe(200);
  await untilNothing(flow);
});

test("a request whose time is over is answered 504, and keeps its seat until its work ends", async () => {
  const flow = flowControl({ limits });
  let sawEnd = false;
  let finish: () => void = () => undefined;
  const response = await flow.run(factsOf(`${get}?timeout=50ms`), "a", async (signal) => {
    signal.addEventListener("abort", () => {
      sawEnd = true;
    });
    await new Promise<void>((resolve) => {
      finish = resolve;
    });
    throw new Error("too late to matter");
  });
  expect(response.status).toBe(504);
  expect(await response.json()).toMatchObject({
    reason: "Timeout",
    message:
      "Timeout: request did not complete within requested timeout - context deadline exceeded",
    code: 504,
  });
  expect(sawEnd).toBe(true);
  expect(flow.state().small.running).toBe(1);
  finish();
  await untilNothing(flow);
});

test("the usual minute ends a request that asked for no time, and one that asked for an hour", async () => {
  expect(usualLimits.requestSecondsMax).toBe(60);
  const flow = flowControl({ limits: { ...limits, requestSecondsMax: 0.05 } });
  for (const query of ["", "?timeout=1h", "?timeout=0"]) {
    const done = Promise.withResolvers<Response>();
    const response = await flow.run(factsOf(get + query), "a", async () => await done.promise);
    expect(response.status).toBe(504);
    done.resolve(new Response("ok"));
  }
  await untilNothing(flow);
});

test("a timeout that is none is 400, before anything is done; a watch has none", async () => {
  const flow = flowControl({ limits });
  let served = 0;
  const serve = async () => {
    served++;
    return new Response("ok");
  };
  await expect(flow.run(factsOf(`${get}?timeout=soon`), "a", serve)).rejects.toMatchObject({
    code: 400,
    reason: "BadRequest",
  });
  expect(served).toBe(0);
  const watching = await flow.run(factsOf(`${watch}&timeout=soon`), "a", serve);
  await watching.text();
  expect(served).toBe(1);
  await untilNothing(flow);
});

test("a client that goes away while it waits leaves nothing behind and starts nothing", async () => {
  const flow = flowControl({ limits });
  const busy = [1, 2].map((at) => flow.run(factsOf(list), `busy-${at}`, slowly(100)));
  const leaving = new AbortController();
  let served = 0;
  const gone = flow.run(factsOf(list, leaving.signal), "a", async () => {
    served++;
    return new Response("ok");
  });
  expect(flow.state().large.waiting).toBe(1);
  leaving.abort();
  expect(flow.state().large.waiting).toBe(0);
  await gone;
  await Promise.all(busy);
  expect(served).toBe(0);
  await untilNothing(flow);
});

test("what serving throws is thrown, and frees the seat", async () => {
  const flow = flowControl({ limits });
  const boom = async () => await Promise.reject(new Error("boom"));
  for (const line of [get, list, watch]) {
    for (let at = 0; at < 10; at++) {
      await expect(flow.run(factsOf(line), "a", boom)).rejects.toThrow("boom");
    }
  }
  await untilNothing(flow);
});

test("watches are limited by caller and together, and each that ends makes room", async () => {
  const flow = flowControl({ limits });
  const open = async (caller: string) =>
    await flow.run(factsOf(watch), caller, async () => new Response(new ReadableStream()));
  const mine = [await open("a"), await open("a"), await open("a")];
  const fourth = await open("a");
  expect(fourth.status).toBe(429);
  expect(Number(fourth.headers.get("retry-after"))).toBeGreaterThan(0);
  expect((await open("b")).status).toBe(200);
  expect((await open("b")).status).toBe(200);
  expect((await open("b")).status).toBe(429);
  await mine[0]?.body?.cancel();
  expect((await open("c")).status).toBe(200);
  await untilNothing(flow);
});

test("watches that begin are queued like small requests, and refused when too many wait", async () => {
  const flow = flowControl({ limits: { ...limits, watch: { openMax: 99, openPerCallerMax: 99 } } });
  const beginning = Array.from({ length: 60 }, () =>
    flow.run(factsOf(watch), "a", async () => {
      await delay(5);
      return new Response(new ReadableStream());
    }),
  );
  await delay(1);
  expect(flow.state().small.running).toBe(limits.small.runningPerCallerMax);
  const all = await Promise.all(beginning);
  const { runningPerCallerMax, waitingPerCallerMax } = limits.small;
  const begun = all.filter(({ status }) => status === 200);
  expect(begun).toHaveLength(runningPerCallerMax + waitingPerCallerMax);
  expect(flow.state().watch.open).toBe(begun.length);
  await Promise.all(begun.map(async ({ body }) => await body?.cancel()));
  await untilNothing(flow);
});

test("a watch that is refused, over or broken is no longer counted", async () => {
  const flow = flowControl({ limits });
  const over = new ReadableStream({
    start: (controller) => {
      controller.enqueue(new TextEncoder().encode("{}\n"));
      controller.close();
    },
  });
  let pulls = 0;
  const broken = new ReadableStream({
    pull: (controller) => {
      if (pulls++ === 0) controller.enqueue(new TextEncoder().encode("{}\n"));
      else controller.error(new Error("the store is away"));
    },
  });
  const bodies = [
    new Response("{}", { status: 410 }),
    new Response(null),
    new Response(over),
    new Response(broken),
  ];
  for (const body of bodies) {
    const response = await flow.run(factsOf(watch), "a", async () => body);
    // What breaks after its first line ends like what is over: the answer has begun.
    expect((await response.text()).length).toBeLessThan(4);
  }
  await untilNothing(flow);
});

test("a watch that nobody takes is ended, and its source is told", async () => {
  let cancelled = 0;
  const endless = () =>
    new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(10)),
      cancel: () => {
        cancelled++;
      },
    });
  const stalls = flowControl({ limits: { ...limits, watchSecondsMax: 3_600 } });
  const response = await stalls.run(factsOf(watch), "a", async () => new Response(endless()));
  const reader = response.body?.getReader();
  await reader?.read();
  await untilNothing(stalls);
  expect(cancelled).toBe(1);
  expect((await reader?.read())?.done).toBe(true);

  // Never read at all: its time ends it.
  const ends = flowControl({ limits });
  await ends.run(factsOf(watch), "a", async () => new Response(endless()));
  await untilNothing(ends);
  expect(cancelled).toBe(2);
});

test("a storm of requests that come, leave, fail and hang leaves nothing", async () => {
  const flow = flowControl({ limits });
  const lines = [get, list, watch, `${get}?timeout=20ms`, "DELETE /api/v1/configmaps"];
  const storm = Array.from({ length: 400 }, async (_, at) => {
    const leaving = new AbortController();
    if (at % 3 === 0) setTimeout(() => leaving.abort(), at % 40);
    const facts = factsOf(lines[at % lines.length] ?? get, leaving.signal);
    const response = await flow
      .run(facts, `caller-${at % 7}`, async () => {
        await delay(at % 11);
        if (at % 5 === 1) throw new Error("boom");
        return new Response(at % 2 === 0 ? "{}" : new ReadableStream());
      })
      .catch(() => undefined);
    if (at % 4 === 0) await response?.body?.cancel();
  });
  await Promise.all(storm);
  await untilNothing(flow);
});
