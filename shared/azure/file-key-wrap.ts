/**
 * Wrapping keys in a file, for a laptop: each line is a version, 32 random bytes as base64, the
 * newest last. Who may read the file can open every Secret of the laptop's fleets.
 */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import type { KeyWrap, WrappedKey } from "../effects/key-wrap.ts";
import { FleetError } from "../lib/fleet-error.ts";

const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;
const fileBytesMax = 65_536;
const retryAfterSeconds = 5;

interface Version {
  readonly by: string;
  readonly key: Buffer;
}

/** A line for the file: a new version of the wrapping key. */
export function newKeyLine(): string {
  return `${randomBytes(keyBytes).toString("base64")}\n`;
}

/** The file is read at each call, which the cache of data keys makes rare. */
export function fileKeyWrap(file: string): KeyWrap {
  return {
    async wrap(key) {
      const newest = (await versionsIn(file)).at(-1);
      if (newest === undefined) throw new Error(`Cannot wrap: "${file}" must hold a key`);
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv("aes-256-gcm", newest.key, nonce);
      const sealed = Buffer.concat([cipher.update(key), cipher.final()]);
      const bytes = Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString("base64");
      return { by: newest.by, bytes };
    },

    async unwrap(wrapped) {
      const version = (await versionsIn(file)).find(({ by }) => by === wrapped.by);
      if (version === undefined) {
        throw unavailable(`"${file}" must hold the version "${wrapped.by}"`);
      }
      return unwrapped(wrapped, version);
    },
  };
}

function unwrapped({ by, bytes }: WrappedKey, { key }: Version): Uint8Array {
  try {
    const all = Buffer.from(bytes, "base64");
    const decipher = createDecipheriv("aes-256-gcm", key, all.subarray(0, nonceBytes), {
      authTagLength: tagBytes,
    });
    decipher.setAuthTag(all.subarray(nonceBytes, nonceBytes + tagBytes));
    const sealed = all.subarray(nonceBytes + tagBytes);
    return Buffer.concat([decipher.update(sealed), decipher.final()]);
  } catch {
    throw new Error(`Cannot unwrap a data key: must be wrapped by "${by}"`);
  }
}

async function versionsIn(file: string): Promise<readonly Version[]> {
  const { mode, size } = await stat(file).catch(() => {
    throw unavailable(`"${file}" must be there`);
  });
  // Windows has no such bits: everything looks open there.
  if (process.platform !== "win32" && (mode & 0o077) !== 0) {
    throw unavailable(`"${file}" must be for its owner only (mode 0600)`);
  }
  if (size > fileBytesMax) throw unavailable(`"${file}" must be at most ${fileBytesMax} bytes`);
  const lines = (await readFile(file, "utf8")).split("\n").filter((line) => line.trim() !== "");
  return lines.map((line) => {
    const key = Buffer.from(line, "base64");
    if (key.byteLength !== keyBytes) {
      throw unavailable(`each line of "${file}" must be ${keyBytes} bytes as base64`);
    }
    return { by: `file:${createHash("sha256").update(key).digest("hex").slice(0, 16)}`, key };
  });
}

function unavailable(must: string): FleetError {
  return new FleetError("Unavailable", `Cannot use the file of keys: ${must}`, {
    retryAfterSeconds,
  });
}
