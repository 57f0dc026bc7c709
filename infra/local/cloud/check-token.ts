import { createRemoteJWKSet, type JWTPayload, jwtVerify } from "jose";
import type { Caller } from "../arm/request.ts";
import type { Issuer } from "../issuer/start-issuer.ts";

/** Who a bearer token stands for, as the parts of the laptop cloud ask; undefined: nobody. */
export interface TokenChecks {
  readonly armCaller: (token: string) => Promise<Caller | undefined>;
  readonly claims: (token: string) => Promise<JWTPayload | undefined>;
}

/** Verifies signature, issuer and times; the parts of the cloud take tokens for any audience. */
export function tokenChecks({ jwksUri, issuer }: Issuer): TokenChecks {
  const keys = createRemoteJWKSet(new URL(jwksUri));
  async function claims(token: string): Promise<JWTPayload | undefined> {
    try {
      return (await jwtVerify(token, keys, { issuer })).payload;
    } catch {
      return undefined;
    }
  }
  return {
    claims,
    armCaller: async (token) => {
      const payload = await claims(token);
      if (payload === undefined) return undefined;
      return {
        objectId: String(payload["oid"]),
        appId: String(payload["azp"]),
        tenantId: String(payload["tid"]),
      };
    },
  };
}
