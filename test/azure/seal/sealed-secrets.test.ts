import { expect, test } from "vitest";
import { dataKeyKind } from "../../../shared/azure/seal/data-keys.ts";
import { dependentsOf } from "../../../shared/dependents.ts";
import { documentBytesMax } from "../../../shared/effects/store.ts";
import { type FleetId, keyOf } from "../../../shared/lib/document.ts";
import { type Snapshot, snapshotKind } from "../../../shared/rollout/model.ts";
import {
  created,
  deleted,
  newFleet,
  replaced,
  saved,
  testClock,
} from "../../effects/store/subject.ts";
import { innerStore, processOver, watchedWrap } from "./sealing.ts";
import {
  configMaps,
  encoded,
  password,
  type SecretBody,
  secretBody,
  secretKey,
  secrets,
  tells,
} from "./secrets.ts";

async function opened() {
  const clock = testClock();
  const inner = innerStore(clock);
  const wrap = await watchedWrap();
  return { clock, inner, wrap, fleet: newFleet(), store: processOver(inner, wrap, clock) };
}

async function everythingIn(inner: ReturnType<typeof innerStore>, fleet: FleetId) {
  const changes = await inner.changes(fleet, 0);
  if (changes.kind === "expired") throw new Error("Cannot look: changes expired");
  return changes.documents;
}

test("the database never sees a Secret: not now, not as it was, not when it is gone", async () => {
  const { inner, store, fleet } = await opened();
  const first = await created(store, secretKey(fleet), secretBody());
  expect(first.body).toEqual(secretBody());
  expect(tells(await everythingIn(inner, fleet))).toBe(false);
  const second = await replaced(store, first, secretBody(`${encoded}AAAA`));
  expect(tells(await everythingIn(inner, fleet))).toBe(false);
  await deleted(store, second);
  const [tombstone] = (await everythingIn(inner, fleet)).filter(({ deletedAt }) => deletedAt);
  expect(tombstone?.body).toMatchObject({ data: null, "@sealed": expect.any(String) as unknown });
  expect(tells(await everythingIn(inner, fleet))).toBe(false);
  const changes = await store.changes(fleet, 0);
  expect(changes).toMatchObject({ documents: [{}, { body: secretBody(`${encoded}AAAA`) }] });
});

test("what lists and selectors need stays readable; all else of a Secret is sealed", async () => {
  const { inner, store, fleet } = await opened();
  const body = {
    ...secretBody(encoded, { app: "db" }),
    Data: { misspelt: password },
    "@sealed": 1,
  };
  await created(store, secretKey(fleet), body);
  expect((await inner.read(secretKey(fleet)))?.body).toEqual({
    metadata: { ...body.metadata, annotations: null },
    type: "Opaque",
    data: null,
    stringData: null,
    Data: null,
    "@sealed": expect.stringMatching(/^1\.1\.[\w-]+$/) as unknown,
  });
  const found = await store.read(secretKey(fleet));
  expect(found?.body).toEqual(body);
  expect(Object.keys(found?.body ?? {})).toEqual(Object.keys(body));
});

test("a snapshot keeps the Secrets that it places sealed, and nothing else", async () => {
  const { inner, store, fleet } = await opened();
  const { metadata, ...rest } = secretBody();
  const manifest = { apiVersion: "v1", kind: "Secret", ...rest, metadata: { name: "db" } } as const;
  const configMap = { apiVersion: "v1", kind: "ConfigMap", metadata: {}, data: { a: "b" } };
  const body = { metadata: {}, spec: { selectedResources: [configMap, manifest] } };
  const key = keyOf(snapshotKind, fleet, "web-1");
  await created(store, key, body as unknown as Snapshot);
  const inside = (await inner.read(key))?.body;
  expect(inside?.spec.selectedResources[0]).toEqual(configMap);
  expect(tells(inside)).toBe(false);
  expect((await store.read(key))?.body).toEqual(body);
  expect(metadata).toBeDefined();
});

test("saving the same again changes nothing, in any process and under any data key", async () => {
  const { inner, store, fleet, wrap, clock } = await opened();
  const document = await created(store, secretKey(fleet), secretBody());
  const { revision } = await inner.head(fleet);
  clock.pass(91 * 86_400);
  const later = processOver(inner, wrap, clock);
  const read = await later.read(document.key);
  const { type, data, metadata, stringData } = secretBody();
  const reordered = { stringData, data, type, metadata };
  for (const [process, before] of [
    [store, document],
    [later, read],
    [later, structuredClone(read)],
  ] as const) {
    if (before === undefined) throw new Error("Cannot find the Secret of the test");
    const writes = [{ kind: "replace", document: before, body: reordered as SecretBody }] as const;
    expect(await process.commit({ fleet, writes })).toMatchObject({ kind: "saved" });
  }
  expect((await inner.read(document.key))?.revision).toBe(document.revision);
  expect((await inner.head(fleet)).revision - revision).toBeLessThanOrEqual(1);
});

test("after 90 days a change is sealed with a new data key, and old ones still open", async () => {
  const { inner, store, fleet, wrap, clock } = await opened();
  const old = await created(store, secretKey(fleet, "old"), secretBody());
  const changing = await created(store, secretKey(fleet, "changing"), secretBody());
  clock.pass(91 * 86_400);
  const later = processOver(inner, wrap, clock);
  await replaced(later, changing, secretBody("bmV3"));
  expect((await inner.read(changing.key))?.body["@sealed"]).toMatch(/^1\.2\./);
  expect((await inner.read(old.key))?.body["@sealed"]).toMatch(/^1\.1\./);
  for (const process of [store, later, processOver(inner, wrap, clock)]) {
    const { documents } = await process.list({ fleet, kind: secrets });
    expect(documents.map(({ body }) => body.data)).toEqual([
      { password: "bmV3" },
      { password: encoded },
    ]);
  }
});

test("processes that seal first at once make one data key", async () => {
  const { inner, fleet, wrap } = await opened();
  const processes = Array.from({ length: 6 }, () => processOver(inner, wrap));
  await Promise.all(
    processes.map((each, at) => created(each, secretKey(fleet, `s${at}`), secretBody())),
  );
  expect((await inner.list({ fleet, kind: dataKeyKind })).documents).toHaveLength(1);
  for (const process of processes) {
    const { documents } = await process.list({ fleet, kind: secrets });
    expect(documents.map(({ body }) => body)).toEqual(processes.map(() => secretBody()));
  }
});

test("a process asks for a key once, and not at all for what is not sealed", async () => {
  const { inner, store, fleet, wrap } = await opened();
  for (const name of ["a", "b", "c"]) await created(store, secretKey(fleet, name), secretBody());
  const other = processOver(inner, wrap);
  wrap.calls = { wrap: 0, unwrap: 0 };
  await created(other, keyOf(configMaps, fleet, "c"), secretBody());
  await other.list({ fleet, kind: configMaps });
  expect(wrap.calls).toEqual({ wrap: 0, unwrap: 0 });
  await Promise.all(["a", "b", "c"].map((name) => other.read(secretKey(fleet, name))));
  await other.list({ fleet, kind: secrets });
  expect(wrap.calls).toEqual({ wrap: 0, unwrap: 1 });
});

test("a document from before there were seals opens, and its next change is sealed", async () => {
  const { inner, store, fleet } = await opened();
  await created(inner, secretKey(fleet), secretBody());
  const plain = await store.read(secretKey(fleet));
  if (plain === undefined) throw new Error("Cannot find the Secret of the test");
  expect(plain.body).toEqual(secretBody());
  await replaced(store, plain, plain.body);
  expect((await inner.read(plain.key))?.revision).toBe(plain.revision);
  await replaced(store, plain, secretBody(encoded, { app: "db" }));
  expect(tells(await inner.read(plain.key))).toBe(false);
});

test("a Secret of one mebibyte fits, and one that is too large is refused without its content", async () => {
  const { store, fleet } = await opened();
  const value = Buffer.from(crypto.getRandomValues(new Uint8Array(65_536))).toString("base64");
  const data = Object.fromEntries(Array.from({ length: 16 }, (_, at) => [`part-${at}`, value]));
  const large = { metadata: {}, type: "Opaque", data };
  const document = await created(store, secretKey(fleet), large);
  expect((await store.read(document.key))?.body).toEqual(large);
  const tooLarge = { metadata: {}, data: { a: password.repeat(60_000) } };
  const writes = [{ kind: "replace", document, body: tooLarge }] as const;
  const error: unknown = await store.commit({ fleet, writes }).catch((each: unknown) => each);
  expect(error).toMatchObject({
    code: "TooLarge",
    message: expect.stringContaining(`${documentBytesMax}`) as unknown,
  });
  expect(String(error)).not.toContain(password);
});

test("what was changed, or moved to another document, is refused by its name", async () => {
  const { inner, store, fleet, wrap } = await opened();
  const mine = await created(store, secretKey(fleet, "mine"), secretBody());
  const theirs = await created(store, secretKey(fleet, "theirs"), secretBody("dGhlaXJz"));
  const inside = await inner.read(theirs.key);
  const target = await inner.read(mine.key);
  if (inside === undefined || target === undefined) throw new Error("Cannot find the Secrets");
  const forged = [
    inside.body,
    { ...target.body, "@sealed": `${String(target.body["@sealed"]).slice(0, -8)}AAAAAAAA` },
    { ...target.body, "@sealed": "2.1.AAAA" },
    { ...target.body, "@sealed": { a: 1 } },
  ];
  for (const body of forged) {
    const current = await inner.read(mine.key);
    if (current === undefined) throw new Error("Cannot find the Secret");
    await saved(inner, { fleet, writes: [{ kind: "replace", document: current, body }] });
    const process = processOver(inner, wrap);
    const error: unknown = await process.read(mine.key).catch((each: unknown) => each);
    expect(String(error)).toMatch(/Cannot open/);
    expect(String(error)).toContain("secrets:app:mine");
    expect(tells(String((error as Error).stack))).toBe(false);
    await expect(process.list({ fleet, kind: secrets })).rejects.toThrow(/Cannot open/);
    expect((await process.read(theirs.key))?.body).toEqual(secretBody("dGhlaXJz"));
  }
});

test("nothing that wakes depends on a sealed part", async () => {
  const { inner, store, fleet } = await opened();
  const outside = await created(store, secretKey(fleet), secretBody());
  const inside = await inner.read(outside.key);
  if (inside === undefined) throw new Error("Cannot find the Secret of the test");
  expect(dependentsOf(inside)).toEqual(dependentsOf(outside));
});
