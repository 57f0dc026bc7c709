import { createHmac, timingSafeEqual } from "node:crypto";
import { Refusal } from "./refusal.ts";
import type { WireRequest } from "./wire.ts";

/** Whether a bearer token was issued for this account by whom we trust. */
export type TokenVerifier = (token: string) => Promise<boolean>;

export interface Credentials {
  /** In base64, as the SDK takes it. */
  readonly key: string;
  /** Without one, bearer tokens are refused. */
  readonly verifyToken: TokenVerifier | undefined;
}

/** How a caller proved who it is: what each may do differs. */
export type Caller = "key" | "token";

/**
 * Checks the authorization header, `type={master|aad}&ver=1.0&sig=...` in percent-encoding.
 *
 * @throws Refusal (401)
 * @see https://learn.microsoft.com/rest/api/cosmos-db/access-control-on-cosmosdb-resources
 */
export async function authorize(
  request: WireRequest,
  segments: readonly string[],
  credentials: Credentials,
): Promise<Caller> {
  const parts = /^type=(master|aad)&ver=1\.0&sig=(.+)$/.exec(decodedHeader(request));
  const [, type, signature = ""] = parts ?? [];
  if (type === undefined) {
    throw unauthorized(
      "Required Header authorization is missing. Ensure a valid Authorization token is passed.",
    );
  }
  if (type === "aad") {
    const trusted = await credentials.verifyToken?.(signature);
    if (trusted === true) return "token";
    throw unauthorized("The given AAD token can't serve the request: it is not trusted here.");
  }
  if (isSame(signature, sign(request, segments, credentials.key))) return "key";
  throw unauthorized(
    "The input authorization token can't serve the request. The wrong key is being used or the " +
      "expected payload is not built as per the protocol.",
  );
}

/**
 * Data-plane roles do not create databases and containers on Azure: templates do. Callers with a
 * token meet the same refusal here.
 *
 * @throws Refusal (403)
 */
export function refuseToken(caller: Caller, what: string): void {
  if (caller === "key") return;
  throw new Refusal(
    403,
    "Forbidden",
    `The given request [${what}] cannot be authorized by AAD token in data plane. ` +
      "Learn more: https://aka.ms/cosmos-native-rbac.",
    { substatus: 5_300 },
  );
}

function sign(request: WireRequest, segments: readonly string[], key: string): string {
  const isFeed = segments.length % 2 === 1;
  const type = (isFeed ? segments.at(-1) : segments.at(-2)) ?? "";
  const link = isFeed ? segments.slice(0, -1).join("/") : segments.join("/");
  const date = request.headers["x-ms-date"] ?? "";
  const text = `${request.method.toLowerCase()}\n${type.toLowerCase()}\n${link}\n`;
  return createHmac("sha256", Buffer.from(key, "base64"))
    .update(`${text}${date.toLowerCase()}\n\n`)
    .digest("base64");
}

function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function decodedHeader({ headers }: WireRequest): string {
  const header = headers["authorization"] ?? "";
  try {
    return decodeURIComponent(header);
  } catch {
    return "";
  }
}

function unauthorized(message: string): Refusal {
  return new Refusal(401, "Unauthorized", message);
}
