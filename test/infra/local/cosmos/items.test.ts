import { ConsistencyLevel } from "@azure/cosmos";
import { expect, test } from "vitest";
import { clientOf, document, errorOf, open, statusOf } from "./open-endpoint.ts";

const ifMatch = (condition: string) => ({ accessCondition: { type: "IfMatch", condition } });
const ifNoneMatch = (condition: string) => ({
  accessCondition: { type: "IfNoneMatch", condition },
});

test("an item is created, read, replaced, upserted and deleted", async () => {
  const { documents } = await open();
  const created = await documents.items.create(document("a", { revision: 1 }));
  expect([created.statusCode, created.resource?.["revision"]]).toEqual([201, 1]);
  const item = documents.item("a", "f");
  expect((await item.read()).resource).toEqual(created.resource);
  const replaced = await item.replace(document("a", { revision: 2 }));
  expect([replaced.statusCode, replaced.resource?.["revision"]]).toEqual([200, 2]);
  expect((await documents.items.upsert(document("a", { revision: 3 }))).statusCode).toBe(200);
  expect((await documents.items.upsert(document("b"))).statusCode).toBe(201);
  expect((await item.delete()).statusCode).toBe(204);
  expect((await item.read()).resource).toBeUndefined();
  expect((await item.read()).statusCode).toBe(404);
});

test("an item carries the service's system properties, which a writer cannot choose", async () => {
  const { documents } = await open({ nowMs: () => 1_700_000_000_999 });
  const container = (await documents.read()).resource;
  const sent = document("a", { _etag: "mine", _ts: 1, _rid: "mine", _lsn: 9, own: null });
  const { resource, etag } = await documents.items.create(sent);
  expect(resource).toMatchObject({ own: null, _attachments: "attachments/", _ts: 1_700_000_000 });
  expect(etag).toMatch(/^"[0-9a-f-]{36}"$/);
  expect(resource?._etag).toBe(etag);
  expect(resource?._self).toBe(`${container?._self}docs/${resource?._rid}/`);
  expect(resource).not.toHaveProperty("_lsn");
});

test("each write changes the ETag and keeps the rid, until the item is deleted", async () => {
  const { documents } = await open();
  const first = await documents.items.create(document("a"));
  const second = await documents.items.upsert(document("a"));
  expect(second.etag).not.toBe(first.etag);
  expect(second.resource?._rid).toBe(first.resource?._rid);
  await documents.item("a", "f").delete();
  const third = await documents.items.create(document("a"));
  expect(third.resource?._rid).not.toBe(first.resource?._rid);
});

test.each(["a%2Fb", "%", "100%25", "ż ółć", "a%252Fb", "x'\"y", "a+b&c=d", ".", "a:b@c"])(
  "an item named %j is found by exactly this name",
  async (id) => {
    const { documents } = await open();
    // WHATWG URLs drop a path of one dot, in whatever encoding.
    if (id === ".") return;
    await documents.items.create(document(id));
    expect((await documents.item(id, "f").read()).resource?.["id"]).toBe(id);
    await documents.item(id, "f").patch([{ op: "set", path: "/seen", value: true }]);
    await documents.item(id, "f").replace(document(id, { seen: 2 }));
    expect((await documents.item(id, "f").read()).resource?.["seen"]).toBe(2);
    expect(await statusOf(documents.item(`${id}0`, "f").read())).toBe(404);
    expect((await documents.item(id, "f").delete()).statusCode).toBe(204);
  },
);

test("items of the same id live apart under different partition keys", async () => {
  const { documents } = await open();
  await documents.items.create(document("a", { fleet: "f", n: 1 }));
  await documents.items.create(document("a", { fleet: "ż/f", n: 2 }));
  expect((await documents.item("a", "f").read()).resource?.["n"]).toBe(1);
  expect((await documents.item("a", "ż/f").read()).resource?.["n"]).toBe(2);
  expect((await documents.item("a", "g").read()).statusCode).toBe(404);
});

test("a second create is refused with 409, a replace or delete of nothing with 404", async () => {
  const { documents } = await open();
  await documents.items.create(document("a"));
  expect(await statusOf(documents.items.create(document("a")))).toBe(409);
  expect(await statusOf(documents.item("b", "f").replace(document("b")))).toBe(404);
  expect(await statusOf(documents.item("b", "f").delete())).toBe(404);
});

test("If-Match lets only the holder of the current version write", async () => {
  const { documents } = await open();
  const { etag } = await documents.items.create(document("a"));
  const item = documents.item("a", "f");
  const next = await item.replace(document("a", { revision: 2 }), ifMatch(etag));
  expect(next.statusCode).toBe(200);
  expect(await statusOf(item.replace(document("a"), ifMatch(etag)))).toBe(412);
  expect(await statusOf(documents.items.upsert(document("a"), ifMatch(etag)))).toBe(412);
  expect(await statusOf(item.delete(ifMatch(etag)))).toBe(412);
  const patch = [{ op: "set" as const, path: "/revision", value: 9 }];
  expect(await statusOf(item.patch(patch, ifMatch(etag)))).toBe(412);
  expect((await item.read()).resource?.["revision"]).toBe(2);
  expect(await statusOf(item.replace(document("a"), ifMatch("*")))).toBe(200);
  expect(await statusOf(item.delete(ifMatch(next.etag)))).toBe(412);
});

test("If-None-Match answers a read of the known version with 304", async () => {
  const { documents } = await open();
  const { etag } = await documents.items.create(document("a"));
  const item = documents.item("a", "f");
  expect((await item.read(ifNoneMatch(etag))).statusCode).toBe(304);
  expect((await item.read(ifNoneMatch('"other"'))).statusCode).toBe(200);
});

test("of 50 writers with the same ETag exactly one wins", async () => {
  const { documents } = await open();
  const { etag } = await documents.items.create(document("a"));
  const statuses = await Promise.all(
    Array.from(
      { length: 50 },
      async (_, n) =>
        await statusOf(documents.item("a", "f").replace(document("a", { n }), ifMatch(etag))),
    ),
  );
  expect(statuses.filter((each) => each === 200)).toHaveLength(1);
  expect(statuses.filter((each) => each === 412)).toHaveLength(49);
});

const malformed: readonly (readonly [what: string, body: Record<string, unknown>])[] = [
  ["an empty id", { id: "", fleet: "f" }],
  ["a number as id", { id: 5, fleet: "f" }],
  ["another partition key than the request's", { id: "a", fleet: "g" }],
  ["no partition key", { id: "a" }],
  ["a time to live of 0", { id: "a", fleet: "f", ttl: 0 }],
  ["a time to live in words", { id: "a", fleet: "f", ttl: "10" }],
  ["an id of 1,024 bytes", { id: "a".repeat(1_024), fleet: "f" }],
];

test.each(malformed)("an item with %s is refused with 400", async (_what, body) => {
  const { endpoint, documents } = await open();
  const answer = await post(endpoint, body);
  expect(answer.status).toBe(400);
  const { resources } = await documents.items.query("SELECT * FROM c").fetchAll();
  expect(resources).toEqual([]);
});

test("an item of up to 2 MB is taken, a larger one refused with 413", async () => {
  const { documents } = await open();
  const body = (length: number) => document("a", { body: "x".repeat(length) });
  const empty = JSON.stringify(body(0)).length;
  const bytesMax = 2 * 1024 * 1024;
  expect(await statusOf(documents.items.upsert(body(bytesMax - empty)))).toBe(201);
  expect(await statusOf(documents.items.upsert(body(bytesMax - empty + 1)))).toBe(413);
  expect(await statusOf(documents.items.upsert(body(bytesMax * 2)))).toBe(413);
  expect((await documents.item("a", "f").read()).resource?.["body"]).toHaveLength(bytesMax - empty);
});

test("a 404 is remembered by nobody: what is created later is found", async () => {
  const { documents } = await open();
  expect((await documents.item("a", "f").read()).statusCode).toBe(404);
  await documents.items.create(document("a"));
  expect((await documents.item("a", "f").read()).statusCode).toBe(200);
});

test("items outlive neither their own nor their container's time to live", async () => {
  let nowMs = 1_700_000_000_000;
  const { documents, client, endpoint } = await open({ nowMs: () => nowMs });
  const { container: caches } = await client.database("fleets").containers.create({
    id: "caches",
    partitionKey: { paths: ["/id"], version: 2 },
    defaultTtl: 60,
  });
  await documents.items.create(document("forever"));
  await documents.items.create(document("brief", { ttl: 10 }));
  await caches.items.create({ id: "usual" });
  await caches.items.create({ id: "kept", ttl: -1 });

  nowMs += 9_999;
  expect((await documents.item("brief", "f").read()).statusCode).toBe(200);
  nowMs += 1;
  expect((await documents.item("brief", "f").read()).statusCode).toBe(404);
  expect((await documents.items.create(document("brief"))).statusCode).toBe(201);
  nowMs += 3_600_000;
  const { resources } = await documents.items.query("SELECT VALUE c.id FROM c").fetchAll();
  expect(resources).toEqual(["forever", "brief"]);
  expect((await caches.item("usual", "usual").read()).statusCode).toBe(404);
  expect((await caches.item("kept", "kept").read()).statusCode).toBe(200);
  expect((await endpoint.statistics()).expired).toBe(2);
});

test("a time to live counts only in a container that has it switched on", async () => {
  let nowMs = 1_700_000_000_000;
  const { leases } = await open({ nowMs: () => nowMs });
  await leases.items.create({ id: "a", ttl: 1 });
  nowMs += 5_000;
  expect((await leases.item("a", "a").read()).statusCode).toBe(200);
});

test("charges follow the tables: twice for strong reads, 0.2 per indexed term", async () => {
  const { documents } = await open();
  const { documents: session } = await open({ consistency: "Session" });
  for (const [container, factor] of [
    [documents, 2],
    [session, 1],
  ] as const) {
    // Terms: kind, name, revision and two refs.
    const created = await container.items.create(document("a", { refs: ["x", "y"] }));
    expect(created.requestCharge).toBeCloseTo(4.95 + 5 * 0.2);
    expect((await container.item("a", "f").read()).requestCharge).toBe(factor);
    const replaced = await container.item("a", "f").replace(document("a", { refs: ["x", "z"] }));
    expect(replaced.requestCharge).toBeCloseTo(2 * 4.95 + 2 * 0.2);
    const large = document("b", { body: "x".repeat(64 * 1024 - 400) });
    expect((await container.items.create(large)).requestCharge).toBeGreaterThan(22);
    expect((await container.item("a", "f").delete()).requestCharge).toBeCloseTo(5.95);
  }
});

test("a client may name the account's consistency, but no weaker one", async () => {
  const { endpoint } = await open();
  const read = async (consistencyLevel: ConsistencyLevel) => {
    const client = clientOf(endpoint, { consistencyLevel });
    const item = client.database("fleets").container("documents").item("a", "f");
    return await statusOf(item.read());
  };
  expect(await read(ConsistencyLevel.Strong)).toBe(404);
  expect(await read(ConsistencyLevel.Eventual)).toBe(400);
});

test("a client with session consistency carries the session token of its last write", async () => {
  const { endpoint, documents } = await open({ consistency: "Session" });
  const { headers } = await documents.items.create(document("a"));
  expect(headers["x-ms-session-token"]).toMatch(/^0:-1#\d+$/);
  const client = clientOf(endpoint);
  expect((await client.getDatabaseAccount()).resource?.consistencyPolicy).toBe("Session");
});

/** Sends what the SDK itself would refuse to send. */
async function post(endpoint: { url: string; key: string }, body: unknown): Promise<Response> {
  const { createHmac } = await import("node:crypto");
  const date = new Date().toUTCString();
  const text = `post\ndocs\ndbs/fleets/colls/documents\n${date.toLowerCase()}\n\n`;
  const signature = createHmac("sha256", Buffer.from(endpoint.key, "base64"))
    .update(text)
    .digest("base64");
  return await fetch(`${endpoint.url}dbs/fleets/colls/documents/docs`, {
    method: "POST",
    headers: {
      authorization: encodeURIComponent(`type=master&ver=1.0&sig=${signature}`),
      "x-ms-date": date,
      "x-ms-documentdb-partitionkey": '["f"]',
    },
    body: JSON.stringify(body),
  });
}

test("an error says what is wrong in the service's words", async () => {
  const { documents } = await open();
  await documents.items.create(document("a"));
  const error = await errorOf(documents.items.create(document("a")));
  expect(error.message).toBe("Entity with the specified id already exists in the system.");
});
