/** The wrapping key in Azure Key Vault. It never leaves the vault: data keys go in and come out. */
import type { TokenCredential } from "@azure/identity";
import {
  CryptographyClient,
  KeyClient,
  type KeyClientOptions,
  type KeyVaultKey,
} from "@azure/keyvault-keys";
import type { KeyWrap } from "../effects/key-wrap.ts";
import { FleetError } from "../lib/fleet-error.ts";

export interface KeyVaultWrapOptions {
  /**
   * "https://v.vault.azure.net/keys/hubless": an RSA key, without a version, so that new data keys
   * are wrapped by the newest. The app has the role "Key Vault Crypto Service Encryption User".
   */
  readonly keyUrl: string;
  readonly credential: TokenCredential;
  readonly client?: KeyClientOptions;
}

/** @see https://learn.microsoft.com/azure/key-vault/keys/about-keys-details */
const algorithm = "RSA-OAEP-256";

/** A caller waits no longer; the next one asks again. */
const callMilliseconds = 10_000;
const retryOptions = { maxRetries: 3, retryDelayInMs: 200, maxRetryDelayInMs: 2_000 } as const;
const retryAfterSecondsDefault = 5;
const retryAfterSecondsMax = 60;

/** Throws when the URL is not that of a key in a vault. */
export function keyVaultWrap({ keyUrl, credential, client }: KeyVaultWrapOptions): KeyWrap {
  const { origin, name, version } = partsOf(keyUrl);
  const options = { retryOptions, ...client };
  const keys = new KeyClient(origin, credential, options);

  return {
    async wrap(key) {
      return await asked("wrap", keyUrl, async (abortSignal) => {
        // Asked first, so that it is known which version wraps, also while the key is rotated.
        const newest = await keys.getKey(name, { abortSignal, ...(version && { version }) });
        const { id: by } = newest;
        if (by === undefined) throw new Error(`the key "${name}" must have an id`);
        const cryptography = new CryptographyClient(newest, credential, options);
        const { result } = await cryptography.wrapKey(algorithm, key, { abortSignal });
        return { by, bytes: Buffer.from(result).toString("base64") };
      });
    },

    async unwrap({ by, bytes }) {
      // A document must not be able to send our token, and a key, to somebody else's vault.
      if (!URL.canParse(by) || new URL(by).origin !== origin) {
        throw new Error(`Cannot unwrap a data key of "${by}": its vault must be "${origin}"`);
      }
      return await asked("unwrap", by, async (abortSignal) => {
        const cryptography = new CryptographyClient(known(by), credential, options);
        const wrapped = Buffer.from(bytes, "base64");
        return (await cryptography.unwrapKey(algorithm, wrapped, { abortSignal })).result;
      });
    },
  };
}

function partsOf(url: string): { origin: string; name: string; version: string | undefined } {
  const { origin, pathname } = new URL(url);
  const [, keys, name = "", version, ...more] = pathname.split("/");
  if (keys === "keys" && name !== "" && more.length === 0) return { origin, name, version };
  throw new Error(`Cannot use "${url}": must be "https://VAULT/keys/NAME"`);
}

/**
 * A key as the SDK would have read it, which spares the read. The SDK would also refuse a version
 * that has expired, which the vault itself goes on unwrapping.
 */
function known(id: string): KeyVaultKey {
  const { origin: vaultUrl, name } = partsOf(id);
  return { id, name, properties: { id, name, vaultUrl } };
}

/** The SDK's errors in our words; they are not passed on, since they hold the request. */
async function asked<Answer>(
  action: "wrap" | "unwrap",
  url: string,
  ask: (abortSignal: AbortSignal) => Promise<Answer>,
): Promise<Answer> {
  try {
    return await ask(AbortSignal.timeout(callMilliseconds));
  } catch (error) {
    const { statusCode, message, response } = error as Failure;
    const because = `Cannot ${action} a data key with "${url}": ${statusCode ?? ""} ${message}`;
    // The vault knows the version, and these bytes are none that it wrapped.
    if (statusCode === 400 || error instanceof TypeError) throw new Error(because);
    const asksFor = Number(response?.headers.get("retry-after")) || retryAfterSecondsDefault;
    throw new FleetError("Unavailable", because, {
      retryAfterSeconds: Math.min(asksFor, retryAfterSecondsMax),
    });
  }
}

/** What a `RestError` tells; an error of `@azure/identity` has its message only. */
interface Failure {
  readonly statusCode?: number;
  readonly message: string;
  readonly response?: { readonly headers: { get(name: string): string | undefined } };
}
