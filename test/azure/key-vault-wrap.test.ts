import type { AccessToken, GetTokenOptions, TokenCredential } from "@azure/identity";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { keyVaultWrap } from "../../shared/azure/key-vault-wrap.ts";
import { keyWrapContract } from "../effects/key-wrap.contract.ts";
import { type Fault, type KeyVault, startKeyVault } from "./key-vault/start-key-vault.ts";
import { trustedAuthority } from "./trusted-authority.ts";

const tenant = "99999999-9999-9999-9999-999999999999";
const token = "the-token-of-the-app";
const dataKey = new Uint8Array(32).fill(7);

let vault: KeyVault;
let removeAuthority: () => Promise<void>;
const asked: { scopes: string | string[]; options: GetTokenOptions | undefined }[] = [];
const credential: TokenCredential = {
  getToken: async (scopes, options): Promise<AccessToken> => {
    asked.push({ scopes, options });
    return { token, expiresOnTimestamp: Date.now() + 3_600_000 };
  },
};

beforeAll(async () => {
  const { tls, remove } = await trustedAuthority();
  removeAuthority = remove;
  const authority = `https://login.microsoftonline.com/${tenant}`;
  vault = await startKeyVault(tls, { authority, token });
});
afterAll(async () => {
  await vault.close();
  await removeAuthority();
});
beforeEach(() => vault.failAll(undefined));

/** The SDK compares the challenge with the vault's name, and 127.0.0.1 has none. */
const wrapOf = (keyUrl = vault.keyUrl) =>
  keyVaultWrap({ keyUrl, credential, client: { disableChallengeResourceVerification: true } });

keyWrapContract("keyVaultWrap", async () => ({
  wrap: wrapOf,
  rotate: async () => vault.rotate(),
  away: async () => vault.failAll("broken"),
  back: async () => vault.failAll(undefined),
}));

test("a token is asked for as the vault's challenge says, and once", async () => {
  asked.length = 0;
  const wrap = wrapOf();
  await wrap.unwrap(await wrap.wrap(dataKey));
  await wrap.wrap(dataKey);
  expect(asked[0]).toMatchObject({
    scopes: ["https://vault.azure.net/.default"],
    options: { tenantId: tenant },
  });
});

test("a data key is wrapped by a version that is named, and unwrapped with one request", async () => {
  const wrap = wrapOf();
  const wrapped = await wrap.wrap(dataKey);
  expect(wrapped.by).toMatch(/^https:\/\/127\.0\.0\.1:\d+\/keys\/hubless\/[0-9a-f]{32}$/);
  const before = vault.served.length;
  await wrap.unwrap(wrapped);
  expect(vault.served.slice(before)).toEqual(["POST unwrapkey"]);
});

test.each<[string, readonly Fault[]]>([
  ["throttles once", ["throttled"]],
  ["breaks twice", ["broken", "broken"]],
  ["loses a request", ["lost"]],
  ["loses its answer", ["lost-after"]],
])("a vault that %s is asked again", async (_case, faults) => {
  const wrapped = await wrapOf().wrap(dataKey);
  vault.fail(...faults);
  expect(Buffer.from(await wrapOf().unwrap(wrapped))).toEqual(Buffer.from(dataKey));
  vault.fail(...faults);
  expect((await wrapOf().wrap(dataKey)).by).toContain(vault.keyUrl);
});

test.each<Fault>(["throttled", "forbidden", "lost"])(
  "a vault that stays %s is unavailable, and neither token nor key is told",
  async (fault) => {
    const wrapped = await wrapOf().wrap(dataKey);
    vault.failAll(fault);
    const error: unknown = await wrapOf()
      .unwrap(wrapped)
      .catch((each: unknown) => each);
    expect(error).toMatchObject({ code: "Unavailable" });
    expect((error as { retryAfterSeconds: number }).retryAfterSeconds).toBeGreaterThan(0);
    const text = `${JSON.stringify(error)} ${String(error)} ${(error as Error).stack}`;
    expect(text).not.toContain(token);
    expect(text).not.toContain(wrapped.bytes);
  },
  30_000,
);

test("a version that has expired still unwraps what it wrapped", async () => {
  const wrapped = await wrapOf().wrap(dataKey);
  vault.expire();
  expect(Buffer.from(await wrapOf().unwrap(wrapped))).toEqual(Buffer.from(dataKey));
  await expect(wrapOf().wrap(dataKey)).rejects.toMatchObject({ code: "Unavailable" });
  vault.rotate();
  expect((await wrapOf().wrap(dataKey)).by).not.toBe(wrapped.by);
});

test("a document cannot send the app's token to another vault", async () => {
  const before = asked.length;
  for (const by of ["https://evil.example/keys/hubless/1", "file:1", ""]) {
    await expect(wrapOf().unwrap({ by, bytes: "AAAA" })).rejects.toThrow(/its vault must be/);
  }
  expect(asked).toHaveLength(before);
});

test.each(["https://v.vault.azure.net", "https://v.vault.azure.net/secrets/a"])(
  "%s is no key",
  (url) => {
    expect(() => wrapOf(url)).toThrow(/must be "https:\/\/VAULT\/keys\/NAME"/);
  },
);
