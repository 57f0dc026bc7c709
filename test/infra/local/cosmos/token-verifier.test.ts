import { mkdtemp, readFile, rm } from "node:fs/promises";
import { Agent } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CosmosClient } from "@azure/cosmos";
import { expect, onTestFinished, test } from "vitest";
import { spawnCosmosEndpoint } from "../../../../infra/local/cosmos/spawn-cosmos-endpoint.ts";
import { startIssuer } from "../../../../infra/local/issuer/start-issuer.ts";
import { localAuthority } from "../../../../infra/local/tls/local-authority.ts";
import { documents, errorOf, statusOf } from "./open-endpoint.ts";

const tenantId = "11111111-1111-4111-8111-111111111111";
const audience = "https://cosmos.azure.com";

async function openTrusting() {
  const folder = await mkdtemp(join(tmpdir(), "cosmos-tokens-"));
  const tls = await localAuthority(join(folder, "tls"));
  const issuer = await startIssuer({ tls, tenantId });
  const { issuer: name, jwksUri } = issuer;
  const endpoint = await spawnCosmosEndpoint({
    tls,
    trust: { issuer: name, jwksUri, audience },
    databases: { fleets: [documents] },
  });
  onTestFinished(async () => {
    await endpoint.close();
    await issuer.close();
    await rm(folder, { recursive: true });
  });
  const agent = new Agent({ ca: await readFile(tls.caFile) });
  const read = async (token: string) => {
    const getToken = async () => ({ token, expiresOnTimestamp: Date.now() + 60_000 });
    const client = new CosmosClient({
      endpoint: endpoint.url,
      agent,
      aadCredentials: { getToken },
    });
    return await client.database("fleets").container("documents").item("a", "f").read();
  };
  return { issuer, read };
}

test("a child process lets the issuer's tokens in, also after its keys have changed", async () => {
  const { issuer, read } = await openTrusting();
  expect((await read(await issuer.mint({ aud: audience }))).statusCode).toBe(404);
  await issuer.rotateKeys();
  const later = await issuer.mint({ aud: audience });
  // Keys are fetched again at most once a second.
  await expect
    .poll(async () => await statusOf(read(later)), { timeout: 5_000, interval: 300 })
    .toBe(404);
});

test("tokens for others, of others and of yesterday are refused with 401", async () => {
  const { issuer, read } = await openTrusting();
  const tokens = [
    await issuer.mint({ aud: "https://management.azure.com" }),
    await issuer.mint({ aud: audience, iss: "https://other.example" }),
    await issuer.mint({ aud: audience, exp: Math.floor(Date.now() / 1000) - 1 }),
    "nonsense",
  ];
  for (const token of tokens) expect((await errorOf(read(token))).code).toBe(401);
});
