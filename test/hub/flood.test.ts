/** One client asks for far too much, at the same process that serves others. */
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import type { ListQuery, Store } from "../../shared/effects/store.ts";
import { serveHub } from "../../shared/hub/serve.ts";
import { usualLimits } from "../../shared/kube/flow/flow-control.ts";
import { hubInMemory } from "./hub-in-memory.ts";

const { large } = usualLimits;
const lists = "/api/v1/configmaps";
const flooder = { objectId: "22222222-2222-2222-2222-222222222222", name: "flood@contoso.com" };
const polite = { objectId: "33333333-3333-3333-3333-333333333333", name: "polite@contoso.com" };

/** A store whose lists of ConfigMaps wait until they are let go. */
function heldStore() {
  const { promise: held, resolve: letGo } = Promise.withResolvers<undefined>();
  let isHolding = false;
  let waiting = 0;
  const around = (store: Store): Store => ({
    ...store,
    list: async <Body>(query: ListQuery<Body>) => {
      if (isHolding && query.kind === "configmaps") {
        waiting++;
        await held;
      }
      return await store.list(query);
    },
  });
  const hold = () => {
    isHolding = true;
  };
  return { around, hold, letGo: () => letGo(undefined), waiting: () => waiting };
}

const settled = async () => await new Promise((resolve) => setTimeout(resolve, 50));

test("who floods with lists is told when to come back, and others go on meanwhile", async () => {
  const store = heldStore();
  const hub = await hubInMemory(store.around);
  const map = { metadata: { name: "one" }, data: { a: "1" } };
  await hub.ask("POST", "/api/v1/namespaces/default/configmaps", map);

  store.hold();
  hub.as(flooder);
  const flood = Array.from({ length: 300 }, () => hub.ask("GET", lists));
  await settled();
  expect(store.waiting()).toBe(large.runningPerCallerMax);

  hub.as(polite);
  const get = await hub.ask("GET", "/api/v1/namespaces/default/configmaps/one");
  expect(get.status).toBe(200);
  const patched = await hub.ask("PATCH", "/api/v1/namespaces/default/configmaps/one", {
    data: { a: "2" },
  });
  expect(patched.status).toBe(200);
  expect((await hub.ask("GET", "/api/v1/services")).status).toBe(200);
  const list = hub.ask("GET", lists);
  await settled();
  // A seat was kept for whoever is not the flooder.
  expect(store.waiting()).toBe(large.runningPerCallerMax + 1);

  store.letGo();
  expect((await list).status).toBe(200);
  const answers = await Promise.all(flood);
  const refused = answers.filter(({ status }) => status === 429);
  const served = answers.filter(({ status }) => status === 200);
  expect(served).toHaveLength(large.runningPerCallerMax + large.waitingPerCallerMax);
  expect(refused).toHaveLength(300 - served.length);
  for (const { headers, body } of refused) {
    expect(headers.get("retry-after")).toMatch(/^[1-9]$/);
    expect(body).toMatchObject({
      kind: "Status",
      reason: "TooManyRequests",
      details: { retryAfterSeconds: Number(headers.get("retry-after")) },
    });
  }
});

test("a list that takes longer than its client waits is 504", async () => {
  const store = heldStore();
  const hub = await hubInMemory(store.around);
  store.hold();
  const { status, body } = await hub.ask("GET", `${lists}?timeout=100ms`);
  expect(status).toBe(504);
  expect(body).toMatchObject({ reason: "Timeout" });
  store.letGo();
  expect((await hub.ask("GET", `${lists}?timeout=10s`)).status).toBe(200);
});

test("a timeout that is no duration is refused", async () => {
  const hub = await hubInMemory();
  const { status, body } = await hub.ask("GET", `${lists}?timeout=soon`);
  expect(status).toBe(400);
  expect(body).toMatchObject({
    reason: "BadRequest",
    message: 'invalid timeout specified in the request URL - time: invalid duration "soon"',
  });
});

test("a large list is packed for who takes that, and a packed body is refused", async () => {
  const hub = await hubInMemory();
  const path = "/api/v1/namespaces/default/configmaps";
  const data = { text: "x".repeat(200_000) };
  await hub.ask("POST", path, { metadata: { name: "large" }, data });
  const plain = await hub.ask("GET", path);
  expect(plain.headers.get("content-encoding")).toBeNull();
  const asking = new Request(`https://fleet.contoso.com${hub.fleet}/hub${path}`, {
    headers: { "accept-encoding": "gzip", authorization: "Bearer t" },
  });
  const small = await serveHub(asking, hub.effects);
  expect(small.headers.get("content-encoding")).toBe("gzip");
  expect(small.headers.get("vary")).toContain("accept-encoding");
  const bytes = gunzipSync(Buffer.from(await small.arrayBuffer()));
  expect(JSON.parse(bytes.toString())).toEqual(plain.body);
  const body = JSON.stringify({ metadata: { name: "packed" } });
  const packed = await hub.ask("POST", path, body, { "content-encoding": "gzip" });
  expect(packed.status).toBe(415);
  expect(packed.body).toMatchObject({ reason: "UnsupportedMediaType" });
});
