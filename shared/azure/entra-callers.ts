import { errors, type JWTPayload, jwtVerify } from "jose";
import type { Caller, Callers } from "../effects/callers.ts";
import { FleetError } from "../lib/fleet-error.ts";
import { isAboutIssuer, issuerKeys } from "./issuer-keys.ts";

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
  const keys = issuerKeys(new URL(`${authority}/discovery/v2.0/keys`));
  const issuers = [`${authority}/v2.0`, `${oldIssuerOf(authorityHost)}/${tenantId}/`];
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
        checkAccessToken(payload, tenantId);
        return callerOf(payload);
      } catch (error) {
        throw refusalOf(error);
      }
    },
  };
}

/** Who issues version 1 tokens: one for all clouds but China's. */
function oldIssuerOf(authorityHost: string): string {
  const isChina = new URL(authorityHost).hostname.endsWith(".chinacloudapi.cn");
  return isChina ? "https://sts.chinacloudapi.cn" : "https://sts.windows.net";
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

/** An ID token is for the application that signed somebody in: it says nothing of who may ask. */
function checkAccessToken({ tid, azp, appid }: JWTPayload, tenantId: string): void {
  if (tid !== undefined && tid !== tenantId) throw refusedClaim("tid");
  if (azp === undefined && appid === undefined) throw refusedClaim("azp");
}

function callerOf(claims: JWTPayload): Caller {
  const { oid } = claims;
  if (typeof oid !== "string" || oid === "") throw refusedClaim("oid");
  const isUser = typeof claims["scp"] === "string";
  // The application in a user's token is the one that the user sits at: many users share it.
  const application = isUser ? undefined : (claims["azp"] ?? claims["appid"]);
  const name = claims["preferred_username"] ?? claims["upn"] ?? application;
  return {
    objectId: oid,
    name: typeof name === "string" && name !== "" ? name : oid,
    groups: textsOf(claims["groups"]),
    roles: textsOf(claims["roles"]),
    kind: isUser ? "user" : "application",
    ...(leavesGroupsOut(claims) && { groupsOmitted: true }),
  };
}

/**
 * Entra leaves out the groups of who is in more than 200: the token only says that there are some.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
 */
function leavesGroupsOut({ groups, hasgroups, _claim_names: elsewhere }: JWTPayload): boolean {
  if (groups !== undefined) return false;
  const isElsewhere = typeof elsewhere === "object" && elsewhere !== null && "groups" in elsewhere;
  return hasgroups === true || hasgroups === "true" || isElsewhere;
}

const textsOf = (claim: unknown): readonly string[] =>
  Array.isArray(claim) ? claim.filter((each) => typeof each === "string") : [];

/** Says which claim is wrong, never what the token holds. */
function refusalOf(error: unknown): FleetError {
  if (error instanceof errors.JWTExpired) {
    return new FleetError("Unauthenticated", "Cannot identify caller: the token has expired");
  }
  if (error instanceof FleetError) return error;
  if (error instanceof errors.JWTClaimValidationFailed) return refusedClaim(error.claim);
  if (isAboutIssuer(error)) {
    return new FleetError("Unavailable", "Cannot identify caller: the issuer does not answer", {
      retryAfterSeconds: 5,
      cause: error,
    });
  }
  return new FleetError("Unauthenticated", "Cannot identify caller: the token is not valid");
}

function refusedClaim(claim: string): FleetError {
  return new FleetError(
    "Unauthenticated",
    `Cannot identify caller: the token's "${claim}" is not the one expected`,
  );
}
