import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { LocalRequest } from "../tls/https-server.ts";

/**
 * Whether a publisher may publish: it names the key, a signature made with it, or a bearer token.
 *
 * @see https://learn.microsoft.com/azure/event-grid/security-authentication
 */
export async function mayPublish(
  { headers }: LocalRequest,
  key: string,
  verify: (token: string) => Promise<boolean>,
): Promise<boolean> {
  const { "aeg-sas-key": given, "aeg-sas-token": signature, authorization = "" } = headers;
  if (typeof given === "string") return sameText(given, key);
  if (typeof signature === "string") return isSigned(signature, key);
  const [, scheme, token] = /^(Bearer|SharedAccessSignature)\s+(\S+)$/i.exec(authorization) ?? [];
  if (scheme === undefined || token === undefined) return false;
  return scheme.toLowerCase() === "bearer" ? await verify(token) : isSigned(token, key);
}

/** `r={resource}&e={expiry}&s={signature of what comes before}`, all form encoded. */
function isSigned(token: string, key: string): boolean {
  const [signed = "", signature = ""] = token.split("&s=");
  const expiresAt = Date.parse(`${new URLSearchParams(signed).get("e") ?? ""} UTC`);
  const wanted = createHmac("sha256", Buffer.from(key, "base64")).update(signed).digest("base64");
  return expiresAt > Date.now() && sameText(decodeURIComponent(signature), wanted);
}

function sameText(one: string, other: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
