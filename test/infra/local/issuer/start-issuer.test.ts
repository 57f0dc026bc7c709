import { mkdtemp, readFile, stat } from "node:fs/promises";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ClientSecretCredential } from "@azure/identity";
import { createRemoteJWKSet, customFetch, decodeJwt, jwtVerify } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { IssuerClient } from "../../../../infra/local/issuer/client.ts";
import { type Issuer, startIssuer } from "../../../../infra/local/issuer/start-issuer.ts";
import {
  type LocalAuthority,
  localAuthority,
} from "../../../../infra/local/tls/local-authority.ts";

const tenantId = "99999999-8888-7777-6666-555555555555";
const relay: IssuerClient = {
  clientId: "0f1e2d3c-0000-0000-0000-000000000001",
  clientSecret: "p+ss:w ord%",
  objectId: "9f0c0000-0000-0000-0000-000000000001",
  name: "relay-east",
  roles: ["Member.Report"],
  groups: ["11110000-0000-0000-0000-000000000001"],
};

let folder: string;
let tls: LocalAuthority;
let ca: string;
let issuer: Issuer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hubless-issuer-"));
  tls = await localAuthority(join(folder, "tls"));
  ca = await readFile(tls.caFile, "utf8");
  issuer = await startIssuer({ tls, tenantId, clients: [relay] });
});
afterAll(async () => await issuer.close());

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

async function call(url: string, init: RequestInit = {}): Promise<Answer> {
  return await new Promise((resolve, reject) => {
    const headers = Object.fromEntries(new Headers(init.headers));
    const sent = request(url, { ca, method: init.method ?? "GET", headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        const body = (text === "" ? {} : JSON.parse(text)) as Record<string, unknown>;
        resolve({ status: response.statusCode ?? 0, body });
      });
    });
    sent.on("error", reject);
    sent.end(init.body);
  });
}

/** The unmodified key set of jose, whose requests trust the local CA. */
function keySet(uri: string) {
  return createRemoteJWKSet(new URL(uri), {
    cooldownDuration: 0,
    [customFetch]: async (url) => {
      const { status, body } = await call(url);
      return new Response(JSON.stringify(body), { status });
    },
  });
}

function credential(client: IssuerClient, tenant = tenantId): ClientSecretCredential {
  return new ClientSecretCredential(tenant, client.clientId, client.clientSecret, {
    authorityHost: issuer.url,
    disableInstanceDiscovery: true,
    tlsOptions: { ca },
    retryOptions: { maxRetries: 0 },
  } as ConstructorParameters<typeof ClientSecretCredential>[3]);
}

function form(fields: Record<string, string>, path = "oauth2/v2.0/token", headers = {}) {
  const body = new URLSearchParams(fields).toString();
  return call(`${issuer.url}/${tenantId}/${path}`, {
    method: "POST",
    body,
    headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
  });
}

test("a ClientSecretCredential gets a token that checks against the published keys", async () => {
  const token = await credential(relay).getToken("https://management.azure.com/.default");
  const { payload, protectedHeader } = await jwtVerify(token.token, keySet(issuer.jwksUri), {
    issuer: issuer.issuer,
    audience: "https://management.azure.com",
    algorithms: ["RS256"],
  });
  expect(protectedHeader.kid).toBeTypeOf("string");
  expect(payload).toMatchObject({
    tid: tenantId,
    azp: relay.clientId,
    appid: relay.clientId,
    oid: relay.objectId,
    sub: relay.objectId,
    roles: relay.roles,
    groups: relay.groups,
  });
  expect((payload.exp ?? 0) - (payload.nbf ?? 0)).toBe(3600);
  expect(token.expiresOnTimestamp).toBeGreaterThan(Date.now() + 3_500_000);
});

test("a ClientSecretCredential is told about a wrong secret in Entra's words", async () => {
  const wrong = credential({ ...relay, clientSecret: "guess" });
  await expect(wrong.getToken("api://hubless/.default")).rejects.toThrow("AADSTS7000215");
});

test("a client that is added at run time gets tokens until it is removed", async () => {
  const late = { ...relay, clientId: "0f1e2d3c-0000-0000-0000-000000000002", name: "late" };
  await expect(credential(late).getToken("api://x/.default")).rejects.toThrow("AADSTS700016");
  issuer.addClient(late);
  const { token } = await credential(late).getToken("api://x/.default");
  expect(decodeJwt(token)["app_displayname"]).toBe("late");
  issuer.removeClient(late.clientId);
  await expect(credential(late).getToken("api://x/.default")).rejects.toThrow("AADSTS700016");
});

test("a rotated key signs new tokens, and a token of the key before still checks", async () => {
  const keys = keySet(issuer.jwksUri);
  const before = await issuer.mint({ aud: "x" });
  await jwtVerify(before, keys);
  await issuer.rotateKeys();
  const after = await issuer.mint({ aud: "x" });
  await jwtVerify(after, keys);
  await jwtVerify(before, keys);
  for (let round = 0; round < 2; round++) await issuer.rotateKeys();
  await expect(jwtVerify(before, keySet(issuer.jwksUri))).rejects.toThrow("no applicable key");
});

test("a minted token says what a test wants, an expired or foreign one included", async () => {
  const keys = keySet(issuer.jwksUri);
  const expired = await issuer.mint({ aud: "x", exp: 1 });
  await expect(jwtVerify(expired, keys)).rejects.toThrow('"exp" claim timestamp check failed');
  const foreign = await issuer.mint({ aud: "y", iss: "https://else" });
  await expect(jwtVerify(foreign, keys, { issuer: issuer.issuer })).rejects.toThrow('"iss"');
});

test("a service in this process checks tokens without asking for keys", async () => {
  const token = await issuer.mint({ aud: "x", oid: "o" });
  expect(await issuer.verify(token, "x")).toMatchObject({ oid: "o", tid: tenantId });
  expect(await issuer.verify(token, "y")).toBeUndefined();
  expect(await issuer.verify(await issuer.mint({ aud: "x", exp: 1 }), "x")).toBeUndefined();
  expect(await issuer.verify(await issuer.mint({ aud: "x", iss: "i" }), "x")).toBeUndefined();
  expect(await issuer.verify(`${token.slice(0, -4)}AAAA`, "x")).toBeUndefined();
  expect(await issuer.verify("no token", "x")).toBeUndefined();
});

test("keys in a file outlive a restart, and only their owner can read them", async () => {
  const keyFile = join(folder, "keys.pem");
  const first = await startIssuer({ tls, tenantId, keyFile });
  const token = await first.mint({ aud: "x" });
  await first.close();
  const second = await startIssuer({ tls, tenantId, keyFile });
  await jwtVerify(token, keySet(second.jwksUri));
  await second.close();
  expect((await stat(keyFile)).mode & 0o777).toBe(0o600);
});

test.each(["v2.0/", ""])(
  "discovery %s leads to the token endpoint and the keys",
  async (version) => {
    const at = `${issuer.url}/${tenantId}/${version}.well-known/openid-configuration`;
    const { body } = await call(at);
    expect(body["issuer"]).toBe(issuer.issuer);
    expect((await call(String(body["jwks_uri"]))).body["keys"]).toHaveLength(3);
    expect((await call(String(body["token_endpoint"]))).status).toBe(405);
  },
);

test("instance discovery knows this authority", async () => {
  const { body } = await call(`${issuer.url}/common/discovery/instance?api-version=1.1`);
  expect(JSON.stringify(body)).toContain(new URL(issuer.url).host);
});

test("a client may name itself by basic authentication, form encoded", async () => {
  const encoded = `${relay.clientId}:${encodeURIComponent(relay.clientSecret)}`;
  const answer = await form(
    { grant_type: "client_credentials", scope: "api://x/.default" },
    "oauth2/v2.0/token",
    { authorization: `Basic ${Buffer.from(encoded).toString("base64")}` },
  );
  expect(answer).toMatchObject({ status: 200, body: { token_type: "Bearer", expires_in: 3600 } });
});

test("the older endpoint takes a resource", async () => {
  const answer = await form(
    {
      grant_type: "client_credentials",
      client_id: relay.clientId,
      client_secret: relay.clientSecret,
      resource: "api://x",
    },
    "oauth2/token",
  );
  expect(decodeJwt(String(answer.body["access_token"])).aud).toBe("api://x");
});

const good = {
  grant_type: "client_credentials",
  client_id: relay.clientId,
  client_secret: relay.clientSecret,
  scope: "api://x/.default",
};
test.each([
  ["without a grant type", { grant_type: "" }, 400, "invalid_request", 900144],
  ["with another grant type", { grant_type: "password" }, 400, "unsupported_grant_type", 70003],
  ["without a client", { client_id: "" }, 400, "invalid_request", 900144],
  ["with an unknown client", { client_id: "nobody" }, 400, "unauthorized_client", 700016],
  ["without a secret", { client_secret: "" }, 401, "invalid_client", 7000216],
  ["with a wrong secret", { client_secret: "p+ss" }, 401, "invalid_client", 7000215],
  ["without a scope", { scope: "" }, 400, "invalid_request", 900144],
  ["with a scope that is no .default", { scope: "api://x/read" }, 400, "invalid_scope", 1002012],
])("a token request %s is refused", async (_name, change, status, error, code) => {
  const answer = await form({ ...good, ...change });
  expect(answer.status).toBe(status);
  expect(answer.body).toMatchObject({ error, error_codes: [code] });
  expect(answer.body["error_description"]).toMatch(/^AADSTS\d+: .* Trace ID: /);
});

test("another tenant is not found, and a body over the limit is refused", async () => {
  const other = await call(`${issuer.url}/other/v2.0/.well-known/openid-configuration`);
  expect(other).toMatchObject({ status: 400, body: { error_codes: [90002] } });
  expect((await form({ ...good, padding: "x".repeat(70_000) })).status).toBe(413);
});
