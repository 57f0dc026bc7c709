import { expect, test } from "vitest";
import { keyOf } from "../../../shared/lib/document.ts";
import { FleetError } from "../../../shared/lib/fleet-error.ts";
import { created, newFleet } from "../../effects/store/subject.ts";
import { innerStore, processOver, watchedWrap } from "./sealing.ts";
import { configMaps, secretBody, secretKey, secrets } from "./secrets.ts";

const away = new FleetError("Unavailable", "Cannot unwrap", { retryAfterSeconds: 3 });
const refusal = { code: "Unavailable", retryAfterSeconds: 3 };

/** A new process, which has opened no key, while the keeper of keys is away. */
async function withoutKeeper() {
  const inner = innerStore();
  const wrap = await watchedWrap();
  const fleet = newFleet();
  const secret = await created(processOver(inner, wrap), secretKey(fleet), secretBody());
  wrap.failure = away;
  wrap.calls = { wrap: 0, unwrap: 0 };
  return { inner, wrap, fleet, secret, process: processOver(inner, wrap) };
}

test("without the keeper of keys everything else is served", async () => {
  const { process, fleet } = await withoutKeeper();
  const document = await created(process, keyOf(configMaps, fleet, "c"), secretBody());
  expect(await process.read(document.key)).toEqual(document);
  expect((await process.list({ fleet, kind: configMaps })).documents).toEqual([document]);
});

test("a sealed document is unavailable, not gone and not plain, and none is saved unsealed", async () => {
  const { process, fleet, secret, inner } = await withoutKeeper();
  await expect(process.read(secret.key)).rejects.toMatchObject(refusal);
  await expect(process.list({ fleet, kind: secrets })).rejects.toMatchObject(refusal);
  await expect(process.find(secrets)).rejects.toMatchObject(refusal);
  const { revision } = await inner.head(fleet);
  const writes = [{ kind: "create", key: secretKey(fleet, "new"), body: secretBody() }] as const;
  await expect(process.commit({ fleet, writes })).rejects.toMatchObject(refusal);
  expect(await inner.head(fleet)).toMatchObject({ revision });
  expect(await process.read(secretKey(fleet, "never"))).toBeUndefined();
});

test("changes go on for those who watch something else", async () => {
  const { process, fleet } = await withoutKeeper();
  const other = await created(process, keyOf(configMaps, fleet, "c"), secretBody());
  const changes = await process.changes(fleet, 0);
  if (changes.kind === "expired") throw new Error("Cannot look: changes expired");
  const [, sealed, plain] = changes.documents;
  expect(plain).toEqual(other);
  expect(sealed?.key.kind).toBe("secrets");
  expect(() => sealed?.body).toThrow(away);
  expect(() => JSON.stringify(sealed)).toThrow(away);
});

test("a keeper that does not answer holds up nobody's changes for long", async () => {
  const { inner, wrap, fleet } = await withoutKeeper();
  const process = processOver(inner, { ...wrap, unwrap: async () => await new Promise(() => {}) });
  const started = performance.now();
  const changes = await process.changes(fleet, 0);
  expect(performance.now() - started).toBeLessThan(4_000);
  const sealed = changes.kind === "changes" ? changes.documents[1] : undefined;
  expect(() => sealed?.body).toThrow(/the keeper of its key must answer/);
});

test("a keeper that is away is not asked again for each document, but again after a while", async () => {
  const { process, fleet, secret, wrap } = await withoutKeeper();
  for (let at = 0; at < 20; at++) await process.changes(fleet, 0);
  expect(wrap.calls.unwrap).toBe(1);
  wrap.failure = undefined;
  await expect(process.read(secret.key)).rejects.toMatchObject(refusal);
  await new Promise((resolve) => setTimeout(resolve, 5_100));
  expect((await process.read(secret.key))?.body).toEqual(secretBody());
});

test("a Secret can be deleted as it was handed out, also while it cannot be opened", async () => {
  const { process, fleet, inner } = await withoutKeeper();
  const changes = await process.changes(fleet, 0);
  const document = changes.kind === "changes" ? changes.documents[1] : undefined;
  if (document === undefined) throw new Error("Cannot find the Secret of the test");
  const writes = [{ kind: "delete", document }] as const;
  expect(await process.commit({ fleet, writes })).toMatchObject({ kind: "saved" });
  expect(await inner.read(document.key)).toBeUndefined();
});

test("a data key that is gone leaves its documents closed", async () => {
  const { process, fleet, secret, inner, wrap } = await withoutKeeper();
  wrap.failure = undefined;
  const document = await inner.read(keyOf("hubless/datakeys", fleet, "1"));
  if (document === undefined) throw new Error("Cannot find the data key of the test");
  await inner.commit({ fleet, writes: [{ kind: "delete", document }] });
  const must = { code: "Unavailable", message: expect.stringContaining('"1"') as unknown };
  await expect(process.read(secret.key)).rejects.toMatchObject(must);
});
