import type { RpcCookie } from "./functions-core.ts";

const sameSiteWords: Readonly<Record<string, string>> = {
  lax: "Lax",
  strict: "Strict",
  explicitNone: "None",
};

/** The `Set-Cookie` header of a cookie: `session=a%20b; Path=/; HttpOnly`. */
export function formatSetCookie(cookie: RpcCookie): string {
  const { maxAge, domain, path, expires, httpOnly, secure, sameSite } = cookie;
  const sameSiteWord = sameSite === undefined ? undefined : sameSiteWords[sameSite];
  const parts = [
    `${cookie.name}=${encodeURIComponent(cookie.value)}`,
    maxAge && `Max-Age=${Math.trunc(maxAge.value)}`,
    domain && `Domain=${domain.value}`,
    path && `Path=${path.value}`,
    expires && `Expires=${new Date(expires.value.seconds * 1000).toUTCString()}`,
    httpOnly?.value && "HttpOnly",
    secure?.value && "Secure",
    sameSiteWord && `SameSite=${sameSiteWord}`,
  ];
  return parts.filter((part) => part !== undefined && part !== false && part !== "").join("; ");
}
