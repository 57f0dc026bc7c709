/**
 * Text that only the holder of a data key can read, or make.
 *
 * T1. AES-256-GCM, with a nonce made of what is sealed (HMAC-SHA-256 over it and what it is bound
 *     to, under a key of its own): the same text, bound alike, is sealed to the same bytes, so
 *     saving it again changes nothing; other text has another nonce.
 * T2. It opens only where it was sealed: `boundTo` is authenticated.
 *
 * @see NIST SP 800-38D (GCM); RFC 5869 (HKDF); RFC 8452 on why a nonce may come from the message.
 */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from "node:crypto";
import { constants, deflateRawSync, inflateRawSync } from "node:zlib";

/** The two keys that a data key stands for. */
export interface SealingKeys {
  readonly sealing: Uint8Array;
  readonly nonces: Uint8Array;
}

export const dataKeyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;

/** What seals to more than this, base64's third included, is packed first. */
const plainBytesMax = 1_048_576;
const unpackedBytesMax = 16 * 1024 * 1024;
const asItIs = Buffer.from([0]);
const packed = Buffer.from([1]);

export function sealingKeys(dataKey: Uint8Array): SealingKeys {
  const derived = (use: string) =>
    new Uint8Array(hkdfSync("sha256", dataKey, "", `hubless ${use} 1`, dataKeyBytes));
  return { sealing: derived("sealing"), nonces: derived("nonces") };
}

/** Base64url. */
export function sealedText(text: string, boundTo: string, keys: SealingKeys): string {
  const plain = packedText(text);
  const bound = Buffer.from(boundTo);
  const lengths = Buffer.alloc(8);
  lengths.writeBigUInt64BE(BigInt(bound.byteLength));
  const mac = createHmac("sha256", keys.nonces).update(lengths).update(bound).update(plain);
  const nonce = mac.digest().subarray(0, nonceBytes);
  const cipher = createCipheriv("aes-256-gcm", keys.sealing, nonce).setAAD(bound);
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString("base64url");
}

/** Undefined for what was not sealed with these keys and bound to this, to the last bit. */
export function openedText(sealed: string, boundTo: string, keys: SealingKeys): string | undefined {
  const all = Buffer.from(sealed, "base64url");
  // Base64 has several spellings of the same bytes; only ours is one.
  if (all.byteLength <= nonceBytes + tagBytes || all.toString("base64url") !== sealed) return;
  try {
    const cipher = createDecipheriv("aes-256-gcm", keys.sealing, all.subarray(0, nonceBytes), {
      authTagLength: tagBytes,
    });
    cipher.setAAD(Buffer.from(boundTo));
    cipher.setAuthTag(all.subarray(nonceBytes, nonceBytes + tagBytes));
    const plain = [cipher.update(all.subarray(nonceBytes + tagBytes)), cipher.final()];
    return unpackedText(Buffer.concat(plain));
  } catch {
    return undefined;
  }
}

/**
 * A Secret's values are base64, six bits a byte, and sealing makes base64 of it again: a large one
 * is packed, so that what fits into a document fits sealed too. By Huffman codes alone: repeated
 * text would show in the length.
 */
function packedText(text: string): Buffer {
  const bytes = Buffer.from(text);
  if (bytes.byteLength <= plainBytesMax) return Buffer.concat([asItIs, bytes]);
  const strategy = constants.Z_HUFFMAN_ONLY;
  return Buffer.concat([packed, deflateRawSync(bytes, { strategy })]);
}

function unpackedText(plain: Buffer): string {
  const rest = plain.subarray(1);
  const bytes =
    plain[0] === packed[0] ? inflateRawSync(rest, { maxOutputLength: unpackedBytesMax }) : rest;
  return bytes.toString("utf8");
}
