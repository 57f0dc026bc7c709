import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from "jose";
import type { Caller, Callers } from "../effects/callers.ts";
import { FleetError } from "../lib/fleet-error.ts";

export interface EntraOptions {
  /** "https://login.microsoftonline.com" */
  readonly authorityHost: string;
  readonly tenantId: string;
  /** What tokens must be for: the product's application id, and "api://" before it. */
  readonly audiences: readonly string[];
}

/** A longer token is refused unread; Entra keeps its own below this by leaving groups out. */
const tokenCharactersMax = 16_384;

/** Clocks of issuers and of ours may differ by so much. */
const clockToleranceSeconds = 60;

/**
 * Verifies Entra ID access tokens: signature (keys cached and read again when an unknown one
 * signs), issuer (v1 and v2), audience and times.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/access-tokens
 */
export function entraCallers({ authorityHost, tenantId, audiences }: EntraOptions): Callers {
  const authority = `${authorityHost.replace(/\/$/, "")}/${tenantId}`;
  const keys = createRemoteJWKSet(new URL(`${authority}/discovery/v2.0/keys`), {
    cooldownDuration: 5_000,
    timeoutDuration: 5_000,
  });
  const issuers = [`${authority}/v2.0`, `https://sts.windows.net/${tenantId}/`];
  return {
    async identify(authorization) {
      const token = bearerOf(authorization);
      try {
        const { payload } = await jwtVerify(token, keys, {
          issuer: issuers,
          audience: [...audiences],
          algorithms: ["RS256"],
          clockTolerance: clockToleranceSeconds,
          requiredClaims: ["exp", "oid"],
        });
        return callerOf(payload);
      } catch (error) {
        throw refusalOf(error);
      }
    },
  };
}

function bearerOf(authorization: string | null | undefined): string {
  const [, token] = /^Bearer +([^ ]+)$/i.exec(authorization ?? "") ?? [];
  if (token === undefined) {
    throw new FleetError("Unauthenticated", 'Cannot identify caller: send "Authorization: Bearer"');
  }
  if (token.length > tokenCharactersMax) {
    throw new FleetError("Unauthenticated", "Cannot identify caller: the token is too long");
  }
  return token;
}

function callerOf(claims: JWTPayload): Caller {
  const isUser = typeof claims["scp"] === "string";
  const name = claims["preferred_username"] ?? claims["upn"] ?? claims["azp"] ?? claims["appid"];
  return {
    objectId: String(claims["oid"]),
    name: typeof name === "string" ? name : String(claims["oid"]),
    groups: textsOf(claims["groups"]),
    roles: textsOf(claims["roles"]),
    kind: isUser ? "user" : "application",
  };
}

const textsOf = (claim: unknown): readonly string[] =>
  Array.isArray(claim) ? claim.filter((each) => typeof each === "string") : [];

/** Says which claim is wrong, never what the token holds. */
function refusalOf(error: unknown): FleetError {
  if (error instanceof errors.JWTExpired) {
    return new FleetError("Unauthenticated", "Cannot identify caller: the token has expired");
  }
  if (error instanceof errors.JWTClaimValidationFailed) {
    return new FleetError(
      "Unauthenticated",
      `Cannot identify caller: the token's "${error.claim}" is not the one expected`,
    );
  }
  if (error instanceof errors.JWKSTimeout || !(error instanceof errors.JOSEError)) {
    return new FleetError("Unavailable", "Cannot identify caller: the issuer does not answer", {
      retryAfterSeconds: 5,
      cause: error,
    });
  }
  return new FleetError("Unauthenticated", "Cannot identify caller: the token is not valid");
}
