import { createLocalJWKSet, createRemoteJWKSet, errors, type JWTVerifyGetKey } from "jose";

/** An unknown key is asked for no sooner than this after the last answer: forged ones are cheap. */
const cooldownMilliseconds = 5_000;
const timeoutMilliseconds = 5_000;
/** Keys are read again after this, so that one that the issuer takes back ends here too. */
const freshMilliseconds = 10 * 60 * 1000;
/** An issuer that does not answer is left alone for so long, if its keys are known. */
const awayMilliseconds = 30_000;
/** Keys of an issuer that is away count no longer than this. Entra keeps its own for weeks. */
const knownMilliseconds = 24 * 60 * 60 * 1000;

/**
 * The keys that an issuer publishes: kept, read again when an unknown one signs, and still believed
 * for a day when the issuer does not answer. Throws jose's `JWKSNoMatchingKey` for a key that the
 * issuer does not publish, and what the connection threw when only the issuer could tell.
 */
export function issuerKeys(url: URL): JWTVerifyGetKey {
  const remote = createRemoteJWKSet(url, {
    cooldownDuration: cooldownMilliseconds,
    timeoutDuration: timeoutMilliseconds,
    cacheMaxAge: freshMilliseconds,
  });
  let answeredAt = Number.NEGATIVE_INFINITY;
  let failed: { readonly at: number; readonly error: Error } | undefined;

  const known: JWTVerifyGetKey = async (...asked) => {
    const keys = remote.jwks();
    if (keys === undefined || Date.now() - answeredAt > knownMilliseconds) throw failure();
    try {
      return await createLocalJWKSet(keys)(...asked);
    } catch {
      // The issuer may have a new key, which nobody can tell now.
      throw failure();
    }
  };
  const failure = (): Error => failed?.error ?? new Error("the issuer does not answer");

  return async (header, token) => {
    const isAway = failed !== undefined && Date.now() - failed.at < awayMilliseconds;
    if (isAway && remote.jwks() !== undefined) return await known(header, token);
    try {
      const key = await remote(header, token);
      [answeredAt, failed] = [Date.now(), undefined];
      return key;
    } catch (error) {
      if (!isAboutIssuer(error)) throw error;
      failed = { at: Date.now(), error: error instanceof Error ? error : new Error(String(error)) };
      return await known(header, token);
    }
  };
}

/** Whether the issuer gave no keys, rather than keys that do not fit. */
export function isAboutIssuer(error: unknown): boolean {
  if (!(error instanceof errors.JOSEError)) return true;
  // jose's plain error is an answer that is not 200.
  return (
    error instanceof errors.JWKSTimeout ||
    error instanceof errors.JWKSInvalid ||
    error.code === "ERR_JOSE_GENERIC"
  );
}
