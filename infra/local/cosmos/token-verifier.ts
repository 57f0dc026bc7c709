import { createRemoteJWKSet, jwtVerify } from "jose";
import type { TokenVerifier } from "./authorization.ts";

/** Whose tokens an account takes. */
export interface TrustedIssuer {
  /** The `iss` of its tokens. */
  readonly issuer: string;
  /** Where its public keys are published. */
  readonly jwksUri: string;
  /** The `aud` of tokens for this account; any audience, when left out. */
  readonly audience?: string | undefined;
}

/** An unknown key makes the keys be fetched again, but not more often than this. */
const fetchEveryMs = 1_000;

/** Checks signature, issuer, audience and times; keys are fetched when first needed. */
export function tokenVerifier({ issuer, jwksUri, audience }: TrustedIssuer): TokenVerifier {
  const keys = createRemoteJWKSet(new URL(jwksUri), { cooldownDuration: fetchEveryMs });
  return async (token) => {
    try {
      await jwtVerify(token, keys, { issuer, ...(audience === undefined ? {} : { audience }) });
      return true;
    } catch {
      return false;
    }
  };
}
