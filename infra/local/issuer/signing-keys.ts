import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { readFile, rename, writeFile } from "node:fs/promises";
import {
  calculateJwkThumbprint,
  createLocalJWKSet,
  exportJWK,
  importPKCS8,
  type JWK,
  type JWTPayload,
  jwtVerify,
  SignJWT,
} from "jose";

const keysMax = 3;

type Claims = JWTPayload | undefined;

interface SigningKey {
  readonly id: string;
  readonly privatePem: string;
  readonly publicJwk: JWK;
}

/** The keys that tokens are signed with: the newest signs, the last three are published. */
export interface SigningKeys {
  readonly published: () => readonly JWK[];
  readonly sign: (claims: JWTPayload) => Promise<string>;
  /** The claims of a token for this issuer and audience; undefined when it does not check. */
  readonly verify: (token: string, issuer: string, audience: string) => Promise<Claims>;
  /** A new key signs from now on; tokens of the last two keys still check. */
  readonly rotate: () => Promise<void>;
}

/**
 * Keys from `file` (mode 0600), which is made when missing, or in memory alone when there is none.
 */
export async function openSigningKeys(file: string | undefined): Promise<SigningKeys> {
  let keys = await readKeys(file);
  const rotate = async () => {
    keys = [await newKey(), ...keys].slice(0, keysMax);
    await writeKeys(file, keys);
  };
  if (keys.length === 0) await rotate();
  return {
    published: () => keys.map(({ publicJwk }) => publicJwk),
    rotate,
    verify: async (token, issuer, audience) => {
      const published = createLocalJWKSet({ keys: keys.map(({ publicJwk }) => publicJwk) });
      try {
        const options = { issuer, audience, algorithms: ["RS256"] };
        return (await jwtVerify(token, published, options)).payload;
      } catch {
        // Expired, for somebody else, not ours or no token at all: it does not check.
        return undefined;
      }
    },
    sign: async (claims) => {
      const [key] = keys;
      if (key === undefined) throw new Error("Cannot sign: there is no key");
      return await new SignJWT(claims)
        .setProtectedHeader({ alg: "RS256", typ: "JWT", kid: key.id })
        .sign(await importPKCS8(key.privatePem, "RS256"));
    },
  };
}

async function newKey(): Promise<SigningKey> {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return await keyOf(privateKey.export({ type: "pkcs8", format: "pem" }).toString());
}

async function keyOf(privatePem: string): Promise<SigningKey> {
  const jwk = await exportJWK(createPublicKey(privatePem));
  const id = await calculateJwkThumbprint(jwk);
  return { id, privatePem, publicJwk: { ...jwk, use: "sig", alg: "RS256", kid: id } };
}

async function readKeys(file: string | undefined): Promise<SigningKey[]> {
  if (file === undefined) return [];
  try {
    const pems = (await readFile(file, "utf8")).split(/(?<=-----END PRIVATE KEY-----\n)/);
    return await Promise.all(pems.filter(Boolean).map(keyOf));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

async function writeKeys(file: string | undefined, keys: readonly SigningKey[]): Promise<void> {
  if (file === undefined) return;
  const fresh = `${file}.new`;
  await writeFile(fresh, keys.map(({ privatePem }) => privatePem).join(""), { mode: 0o600 });
  await rename(fresh, file);
}
