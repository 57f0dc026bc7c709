import { generateKeyPairSync } from "node:crypto";
import { importPKCS8, SignJWT } from "jose";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { openSigningKeys, type SigningKeys } from "../../infra/local/issuer/signing-keys.ts";
import { type HttpsServer, startHttpsServer } from "../../infra/local/tls/https-server.ts";
import { entraCallers } from "../../shared/azure/entra-callers.ts";
import type { Callers } from "../../shared/effects/callers.ts";
import { trustedAuthority } from "./trusted-authority.ts";

const tenantId = "99999999-9999-9999-9999-999999999999";
const audience = "22222222-2222-2222-2222-222222222222";
const start = Date.parse("2026-11-21T12:00:00Z");

/** What the issuer answers when it is asked for its keys. */
type Mood = "keys" | "broken" | "nonsense" | "hang-up";

let authority: Awaited<ReturnType<typeof trustedAuthority>>;
let server: HttpsServer;
let keys: SigningKeys;
let callers: Callers;
let mood: Mood;
let asked: number;

beforeAll(async () => {
  authority = await trustedAuthority();
  server = await startHttpsServer({
    tls: authority.tls,
    bodyBytesMax: 0,
    serve: async () => {
      asked += 1;
      if (mood === "hang-up") return "hang-up";
      if (mood === "broken") return { status: 503, body: "busy" };
      const body = mood === "nonsense" ? "{}" : JSON.stringify({ keys: keys.published() });
      return { status: 200, body };
    },
  });
});
afterAll(async () => {
  await server.close();
  await authority.remove();
});
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: start });
  keys = await openSigningKeys(undefined);
  [mood, asked] = ["keys", 0];
  callers = entraCallers({ authorityHost: server.url, tenantId, audiences: [audience] });
});
afterEach(() => void vi.useRealTimers());

const pass = (seconds: number): void => void vi.setSystemTime(Date.now() + seconds * 1000);

const claims = {
  iss: "",
  azp: "a client",
  aud: audience,
  oid: "o-1",
  exp: start / 1000 + 7 * 24 * 3600,
};

async function identify(more: Record<string, unknown> = {}) {
  const iss = `${server.url}/${tenantId}/v2.0`;
  return await callers.identify(`Bearer ${await keys.sign({ ...claims, iss, ...more })}`);
}

test("keys are read once for many tokens, and again after ten minutes", async () => {
  await Promise.all([identify(), identify(), identify()]);
  await identify();
  expect(asked).toBe(1);
  pass(601);
  await identify();
  expect(asked).toBe(2);
});

test("a key that the issuer takes back signs no more once its keys are read again", async () => {
  const token = await keys.sign({ ...claims, iss: `${server.url}/${tenantId}/v2.0` });
  await callers.identify(`Bearer ${token}`);
  for (let each = 0; each < 3; each++) await keys.rotate();
  await callers.identify(`Bearer ${token}`);
  pass(601);
  await expect(callers.identify(`Bearer ${token}`)).rejects.toMatchObject({
    code: "Unauthenticated",
  });
});

test.each<[mood: Mood]>([["broken"], ["nonsense"], ["hang-up"]])(
  "an issuer that is %s refuses nobody for good, and is believed again at once",
  async (how) => {
    mood = how;
    await expect(identify()).rejects.toMatchObject({ code: "Unavailable", retryAfterSeconds: 5 });
    mood = "keys";
    expect((await identify()).objectId).toBe("o-1");
  },
);

test.each<[mood: Mood]>([["broken"], ["nonsense"], ["hang-up"]])(
  "when the issuer is %s, its known keys count for a day, and it is not asked by each request",
  async (how) => {
    await identify();
    mood = how;
    pass(3600);
    const before = asked;
    for (let each = 0; each < 10; each++) expect((await identify()).objectId).toBe("o-1");
    expect(asked).toBe(before + 1);
    pass(31);
    await identify();
    expect(asked).toBe(before + 2);
    pass(24 * 3600);
    await expect(identify()).rejects.toMatchObject({ code: "Unavailable" });
    mood = "keys";
    pass(31);
    expect((await identify()).objectId).toBe("o-1");
  },
);

test("nobody can tell whether a new key is good while the issuer is away", async () => {
  await identify();
  mood = "hang-up";
  pass(6);
  await keys.rotate();
  await expect(identify()).rejects.toMatchObject({ code: "Unavailable" });
  pass(31);
  mood = "keys";
  expect((await identify()).objectId).toBe("o-1");
});

test("forged tokens make the issuer answer once in five seconds", async () => {
  await identify();
  const pem = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
  const forger = await importPKCS8(
    pem.export({ type: "pkcs8", format: "pem" }).toString(),
    "RS256",
  );
  const before = asked;
  pass(6);
  for (let each = 0; each < 20; each++) {
    const token = await new SignJWT({ ...claims, iss: `${server.url}/${tenantId}/v2.0` })
      .setProtectedHeader({ alg: "RS256", kid: `forged-${each}` })
      .sign(forger);
    await expect(callers.identify(`Bearer ${token}`)).rejects.toMatchObject({
      code: "Unauthenticated",
    });
  }
  expect(asked).toBe(before + 1);
});

test.each<[name: string, more: Record<string, unknown>, omitted: true | undefined]>([
  ["its groups", { groups: ["g-1"] }, undefined],
  ["no groups", {}, undefined],
  ["that there are groups elsewhere", { _claim_names: { groups: "src1" } }, true],
  ["that there are groups", { hasgroups: true }, true],
  ["another claim elsewhere", { _claim_names: { wids: "src1" } }, undefined],
])("a token that says %s says whether groups are left out", async (_name, more, omitted) => {
  expect((await identify(more)).groupsOmitted).toBe(omitted);
});

test.each<[name: string, more: Record<string, unknown>, called: string]>([
  ["a user", { scp: "user", preferred_username: "ann@x.com", azp: "kubelogin" }, "ann@x.com"],
  ["a user of an old token", { scp: "user", upn: "ann@x.com", appid: "kubelogin" }, "ann@x.com"],
  ["a user that the token does not name", { scp: "user", azp: "kubelogin" }, "o-1"],
  ["an application", { azp: "relay" }, "relay"],
  ["an application of an old token", { azp: undefined, appid: "relay" }, "relay"],
  ["an application that the token does not name", { azp: 7 }, "o-1"],
])("%s is called what nobody else is", async (_name, more, called) => {
  expect((await identify(more)).name).toBe(called);
});

test.each<[name: string, more: Record<string, unknown>, why: RegExp]>([
  ["without a text for an object id", { oid: 7 }, /"oid"/],
  ["of an empty object id", { oid: "" }, /"oid"/],
  ["of the old issuer for another tenant", { iss: "https://sts.windows.net/other/" }, /"iss"/],
  ["that has expired a minute and more ago", { exp: start / 1000 - 61 }, /has expired/],
  ["that begins in a minute and more", { nbf: start / 1000 + 61 }, /"nbf"/],
  ["for nobody", { aud: [] }, /"aud"/],
])("a token %s is refused", async (_name, more, why) => {
  const answer = identify(more);
  await expect(answer).rejects.toMatchObject({ code: "Unauthenticated" });
  await expect(answer).rejects.toThrow(why);
});

test.each<[name: string, more: Record<string, unknown>]>([
  ["of the old issuer", { iss: `https://sts.windows.net/${tenantId}/`, ver: "1.0" }],
  ["that has just expired, by a clock that is late", { exp: start / 1000 - 50 }],
  ["that begins at once, by a clock that is early", { nbf: start / 1000 + 50 }],
  ["for several audiences", { aud: ["other", audience] }],
])("a token %s is good", async (_name, more) => {
  expect((await identify(more)).objectId).toBe("o-1");
});
