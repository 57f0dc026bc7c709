/**
 * Whatever is sent, a hub answers: in time, never with an error that nobody foresaw, and each
 * refusal with a `Status` that says the code that the answer has. `FUZZ_SECONDS` makes it longer,
 * `HUBLESS_SEED` another one.
 */

import { setImmediate as nextTurn } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { load } from "js-yaml";
import { expect, test } from "vitest";
import { memoryStore } from "../../infra/local/memory-store/memory-store.ts";
import { systemClock } from "../../shared/azure/system-clock.ts";
import type { Effects } from "../../shared/effects/effects.ts";
import { fleetKind } from "../../shared/fleet/model.ts";
import { serveHub } from "../../shared/hub/serve.ts";
import { isObject } from "../../shared/kube/json.ts";
import { type FleetId, keyOf } from "../../shared/lib/document.ts";
import type { Json } from "../../shared/lib/kube-object.ts";
import { fc, seed } from "../chance.ts";
import { admin } from "./admin.ts";
import { type FuzzedRequest, requests } from "./fuzz-requests.ts";

const seconds = Number(process.env["FUZZ_SECONDS"] ?? 15);
/** So long may one request take, on a machine that has others to serve. */
const answerMilliseconds = 5_000;
const heapGrowthBytesMax = 40 * 1024 * 1024;

interface Hub {
  readonly send: (request: Request) => Promise<Response>;
  readonly errors: unknown[];
}

const path = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/fleets/f";

async function hub(): Promise<Hub> {
  const errors: unknown[] = [];
  const store = memoryStore({ clock: systemClock });
  const fleet = path.toLowerCase() as FleetId;
  const key = keyOf(fleetKind, fleet, "f");
  const body = { location: "westeurope", tags: {} };
  await store.commit({ fleet, writes: [{ kind: "create", key, body }] });
  const used: Pick<Effects, "store" | "clock" | "log" | "callers" | "wakes"> = {
    store,
    clock: systemClock,
    log: {
      info: () => {},
      warn: () => {},
      error: (message, details) => errors.push([message, details]),
    },
    wakes: { wake: async () => {} },
    callers: { identify: async () => await Promise.resolve(admin) },
  };
  return { errors, send: async (request) => await serveHub(request, used as Effects) };
}

/** Undefined for what no HTTP client could send. */
function requestOf(fuzzed: FuzzedRequest): Request | undefined {
  const query = fuzzed.query.map((pair) =>
    pair.map((each) => encodeURIComponent(each.toWellFormed())).join("="),
  );
  try {
    return new Request(`https://hub${path}/hub${fuzzed.path}?${query.join("&")}`, {
      method: fuzzed.method,
      headers: fuzzed.headers,
      ...(fuzzed.body !== undefined && { body: fuzzed.body as Uint8Array<ArrayBuffer> }),
    });
  } catch {
    return undefined;
  }
}

async function inTime<Value>(promise: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error("no answer in time")), answerMilliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function check(fuzzed: FuzzedRequest, { send, errors }: Hub): Promise<void> {
  const request = requestOf(fuzzed);
  if (request === undefined) return;
  const response = await inTime(send(request));
  expect(
    errors.splice(0).map((each) => JSON.stringify(each)),
    "what nobody foresaw",
  ).toEqual([]);
  expect(response.status).not.toBe(500);
  if (response.status < 400) {
    await response.body?.cancel();
    return;
  }
  const text = await inTime(response.text());
  // What is no API path at all gets the bare answer of Go's router, as from a kube-apiserver.
  if (response.status === 404 && text.trim() === "404 page not found") return;
  if (fuzzed.method === "HEAD" && text === "") return;
  const isYaml = response.headers.get("content-type") === "application/yaml";
  const status = (isYaml ? load(text) : JSON.parse(text)) as Json;
  if (!isObject(status)) throw new Error("a refusal must be an object");
  const { kind, code, message, reason } = status;
  expect([kind, code, typeof message]).toEqual(["Status", response.status, "string"]);
  expect(reason, "what clients switch on").toBeTruthy();
}

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Finalizers run between turns of the event loop, and free what the next collection takes. */
async function heapBytes(): Promise<number> {
  for (let turn = 0; turn < 3; turn++) {
    collect();
    await nextTurn();
  }
  return process.memoryUsage().heapUsed;
}

/** Asks one hub after the other, so that what a store keeps is not taken for what a hub keeps. */
const roundSeconds = 3;

async function round(number: number): Promise<number> {
  const fuzzed = await hub();
  let count = 0;
  const property = fc.asyncProperty(requests, async (request) => {
    count += 1;
    if (count % 100 === 0) await nextTurn();
    await check(request, fuzzed);
  });
  await fc.assert(property, {
    seed: seed + number,
    numRuns: 1_000_000_000,
    interruptAfterTimeLimit: roundSeconds * 1_000,
    markInterruptAsFailure: false,
  });
  return count;
}

test(
  "a hub answers whatever is sent, in time, and remembers nothing of it",
  async () => {
    const rounds = Math.max(3, Math.floor(seconds / roundSeconds));
    let count = 0;
    let early = 0;
    for (let number = 0; number < rounds; number++) {
      count += await round(number);
      if (number === 1) early = await heapBytes();
    }
    expect(count, "how much was asked").toBeGreaterThan(seconds * 20);
    expect((await heapBytes()) - early).toBeLessThan(heapGrowthBytesMax);
    expect(Object.keys(Object.prototype), "what every object would inherit").toEqual([]);
  },
  (seconds + 60) * 1_000,
);
