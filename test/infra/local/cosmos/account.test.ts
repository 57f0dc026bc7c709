import { mkdtemp, readFile, rm } from "node:fs/promises";
import { Agent } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CosmosClient } from "@azure/cosmos";
import { expect, onTestFinished, test } from "vitest";
import { localAuthority } from "../../../../infra/local/tls/local-authority.ts";
import { clientOf, documents, errorOf, open, statusOf } from "./open-endpoint.ts";

async function openWithTls(verifyToken: (token: string) => Promise<boolean>) {
  const folder = await mkdtemp(join(tmpdir(), "cosmos-tls-"));
  onTestFinished(async () => await rm(folder, { recursive: true }));
  const tls = await localAuthority(join(folder, "tls"));
  const opened = await open({ tls, verifyToken, databases: {} });
  const agent = new Agent({ ca: await readFile(tls.caFile) });
  const aad = (token: string) =>
    new CosmosClient({
      endpoint: opened.endpoint.url,
      agent,
      aadCredentials: {
        getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 }),
      },
    });
  return { ...opened, agent, aad };
}

test("a client discovers the endpoint over TLS with a certificate that it checks", async () => {
  const { endpoint, agent } = await openWithTls(async () => false);
  const client = clientOf(endpoint, { agent });

  expect(endpoint.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+\/$/);
  const { resource } = await client.getDatabaseAccount();
  expect(resource?.consistencyPolicy).toBe("Strong");
  expect(resource?.writableLocations[0]?.databaseAccountEndpoint).toBe(endpoint.url);
  await expect(clientOf(endpoint).getDatabaseAccount()).rejects.toThrow(/certificate/);
});

test("a wrong key is refused with 401 and changes nothing", async () => {
  const { endpoint, client } = await open({ databases: {} });
  const stranger = clientOf({ url: endpoint.url, key: Buffer.from("wrong").toString("base64") });

  expect((await errorOf(stranger.databases.create({ id: "fleets" }))).code).toBe(401);
  expect(await statusOf(client.database("fleets").read())).toBe(404);
});

test("a request without authorization is refused with 401", async () => {
  const { endpoint } = await open();
  expect((await fetch(`${endpoint.url}dbs/fleets`)).status).toBe(401);
  expect((await fetch(`${endpoint.url}%zz`)).status).toBe(400);
});

test("a trusted bearer token reads metadata and works on items", async () => {
  const { endpoint, agent, aad } = await openWithTls(async (token) => token === "good");
  const owner = clientOf(endpoint, { agent });
  const { database } = await owner.databases.create({ id: "fleets" });
  await database.containers.create(documents);

  const { container } = await aad("good")
    .database("fleets")
    .containers.createIfNotExists(documents);
  await container.items.create({ id: "a", fleet: "f" });
  expect(await statusOf(container.item("a", "f").read())).toBe(200);
});

test("an untrusted bearer token is refused with 401", async () => {
  const { aad } = await openWithTls(async (token) => token === "good");
  expect((await errorOf(aad("bad").getDatabaseAccount())).code).toBe(401);
});

test("a bearer token does not create databases, as on Azure", async () => {
  const { aad } = await openWithTls(async () => true);
  const error = await errorOf(aad("good").databases.createIfNotExists({ id: "fleets" }));
  expect([error.code, error.substatus]).toEqual([403, 5300]);
});

test("without a verifier no bearer token is trusted", async () => {
  const { endpoint } = await open();
  const authorization = encodeURIComponent("type=aad&ver=1.0&sig=any");
  const response = await fetch(endpoint.url, { headers: { authorization } });
  expect(response.status).toBe(401);
});

test("databases and containers are created once and read back as defined", async () => {
  const { client } = await open({ databases: {} });
  const created = await client.databases.createIfNotExists({ id: "fleets" });
  expect(created.statusCode).toBe(201);
  expect((await client.databases.createIfNotExists({ id: "fleets" })).statusCode).toBe(200);
  const first = await created.database.containers.createIfNotExists(documents);
  expect(first.statusCode).toBe(201);
  const second = await created.database.containers.createIfNotExists({
    ...documents,
    defaultTtl: 5,
  });
  expect(second.statusCode).toBe(200);
  expect(second.resource).toMatchObject({
    id: "documents",
    partitionKey: { paths: ["/fleet"], version: 2 },
    defaultTtl: -1,
  });
  expect(second.resource?.indexingPolicy?.excludedPaths).toContainEqual({ path: '/"_etag"/?' });
  expect((await errorOf(client.databases.create({ id: "fleets" }))).code).toBe(409);
  expect((await errorOf(created.database.containers.create(documents))).code).toBe(409);
});

test("a missing container answers 404, with substatus 1003 for its items", async () => {
  const { client } = await open();
  const container = client.database("fleets").container("none");
  expect((await errorOf(container.read())).code).toBe(404);
  const error = await errorOf(container.items.batch([{ operationType: "Read", id: "a" }], "f"));
  expect([error.cause?.code, error.cause?.substatus]).toEqual([404, 1003]);
});
