import { expect, test } from "vitest";
import type { RpcCookie } from "../../../../infra/local/functions-host/functions-core.ts";
import { formatSetCookie } from "../../../../infra/local/functions-host/set-cookie.ts";

test.each<[cookie: Partial<RpcCookie>, want: string]>([
  [{}, "a=b%3B"],
  [{ maxAge: { value: 0 }, path: { value: "/" } }, "a=b%3B; Max-Age=0; Path=/"],
  [{ domain: { value: "x.com" }, secure: { value: true } }, "a=b%3B; Domain=x.com; Secure"],
  [{ expires: { value: { seconds: 0 } } }, "a=b%3B; Expires=Thu, 01 Jan 1970 00:00:00 GMT"],
  [{ httpOnly: { value: true }, sameSite: "explicitNone" }, "a=b%3B; HttpOnly; SameSite=None"],
  [{ httpOnly: { value: false }, sameSite: "none" }, "a=b%3B"],
])("a cookie with %j is written as %s", (attributes, want) => {
  expect(formatSetCookie({ name: "a", value: "b;", ...attributes })).toBe(want);
});
