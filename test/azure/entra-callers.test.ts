import { generateKeyPair, SignJWT } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Issuer, startIssuer } from "../../infra/local/issuer/start-issuer.ts";
import { entraCallers } from "../../shared/azure/entra-callers.ts";
import type { Callers } from "../../shared/effects/callers.ts";
import { trustedAuthority } from "./trusted-authority.ts";

const tenantId = "99999999-9999-9999-9999-999999999999";
const api = "22222222-2222-2222-2222-222222222222";
let issuer: Issuer;
let callers: Callers;

let authority: Awaited<ReturnType<typeof trustedAuthority>>;

beforeAll(async () => {
  authority = await trustedAuthority();
  issuer = await startIssuer({ tls: authority.tls, tenantId });
  callers = entraCallers({ authorityHost: issuer.url, tenantId, audiences: [api, `api://${api}`] });
});
afterAll(async () => {
  await issuer.close();
  await authority.remove();
});

const good = {
  aud: api,
  oid: "o-1",
  preferred_username: "ann@contoso.com",
  roles: ["Hubless.Reader"],
};
const bearer = async (claims: Record<string, unknown>) => `Bearer ${await issuer.mint(claims)}`;

test("a good token says who asks, with its roles and groups", async () => {
  const caller = await callers.identify(await bearer({ ...good, groups: ["g-1"], scp: "user" }));
  expect(caller).toEqual({
    objectId: "o-1",
    name: "ann@contoso.com",
    groups: ["g-1"],
    roles: ["Hubless.Reader"],
    kind: "user",
  });
});

test("the audience may be the application's id or its URI", async () => {
  const caller = await callers.identify(await bearer({ ...good, aud: `api://${api}` }));
  expect(caller.kind).toBe("application");
});

test("a token that a key signed which is new to us is good once the issuer publishes it", async () => {
  await callers.identify(await bearer(good));
  await issuer.rotateKeys();
  // Keys are asked for again no sooner than this, so that forged ones cost the issuer nothing.
  await new Promise((resolve) => setTimeout(resolve, 5_100));
  expect((await callers.identify(await bearer(good))).objectId).toBe("o-1");
});

const past = Math.floor(Date.now() / 1000) - 3600;
const future = Math.floor(Date.now() / 1000) + 3600;
const refused: readonly (readonly [
  name: string,
  authorization: () => Promise<string | undefined>,
  why: RegExp,
])[] = [
  ["no token", async () => undefined, /send "Authorization: Bearer"/],
  ["another scheme", async () => "Basic dTpw", /send "Authorization: Bearer"/],
  ["what is no token", async () => "Bearer nonsense", /not valid/],
  ["an endless token", async () => `Bearer ${"x".repeat(20_000)}`, /too long/],
  ["an expired token", async () => await bearer({ ...good, exp: past }), /has expired/],
  ["a token of tomorrow", async () => await bearer({ ...good, nbf: future }), /"nbf"/],
  ["a token for another API", async () => await bearer({ ...good, aud: "api://other" }), /"aud"/],
  [
    "a token of another tenant",
    async () => await bearer({ ...good, iss: "https://x/v2.0" }),
    /"iss"/,
  ],
  ["a tenant's token under another one", async () => await bearer({ ...good, tid: api }), /"tid"/],
  ["an ID token", async () => await bearer({ ...good, azp: undefined, nonce: "n" }), /"azp"/],
  ["a token of nobody", async () => await bearer({ ...good, oid: undefined }), /"oid"/],
  ["a forged token", forged, /not valid/],
  ["a token that was changed", changed, /not valid/],
  ["a token without a signature", unsigned, /not valid/],
];

test.each(refused)("%s is refused, and says why", async (_name, authorization, why) => {
  const asked = callers.identify(await authorization());
  await expect(asked).rejects.toMatchObject({ code: "Unauthenticated" });
  await expect(asked).rejects.toThrow(why);
});

test("an issuer that does not answer is no reason to refuse for good", async () => {
  const away = entraCallers({ authorityHost: "https://127.0.0.1:9", tenantId, audiences: [api] });
  await expect(away.identify(await bearer(good))).rejects.toMatchObject({ code: "Unavailable" });
});

async function forged(): Promise<string> {
  const { privateKey } = await generateKeyPair("RS256");
  const token = await new SignJWT({ ...good, iss: issuer.issuer, exp: future })
    .setProtectedHeader({ alg: "RS256" })
    .sign(privateKey);
  return `Bearer ${token}`;
}

async function changed(): Promise<string> {
  const [header, payload = "", signature] = (await issuer.mint(good)).split(".");
  const claims = JSON.parse(Buffer.from(payload, "base64url").toString()) as object;
  const more = Buffer.from(JSON.stringify({ ...claims, roles: ["Hubless.Admin"] }));
  return `Bearer ${[header, more.toString("base64url"), signature].join(".")}`;
}

async function unsigned(): Promise<string> {
  const [, payload] = (await issuer.mint(good)).split(".");
  const header = Buffer.from(JSON.stringify({ alg: "none" })).toString("base64url");
  return `Bearer ${header}.${payload}.`;
}
