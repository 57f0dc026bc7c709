/**
 * Key Vault as far as wrapping keys need it: the challenge, `get`, `wrapkey` and `unwrapkey` of RSA
 * keys with versions, and faults on demand.
 *
 * @see https://learn.microsoft.com/rest/api/keyvault/keys/operation-groups
 */
import {
  constants,
  generateKeyPairSync,
  type KeyObject,
  privateDecrypt,
  publicEncrypt,
  randomUUID,
} from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import {
  type LocalAnswer,
  type LocalRequest,
  startHttpsServer,
} from "../../../infra/local/tls/https-server.ts";
import type { LocalAuthority } from "../../../infra/local/tls/local-authority.ts";

/** What happens to the requests that come next, once each. */
export type Fault = "throttled" | "broken" | "lost" | "lost-after" | "forbidden" | "slow";

export interface KeyVault {
  /** Of the key, without a version. */
  readonly keyUrl: string;
  readonly rotate: () => void;
  /** Versions that may no longer wrap, but still unwrap. */
  readonly expire: () => void;
  readonly fail: (...faults: readonly Fault[]) => void;
  /** Every request from now on, until none. */
  readonly failAll: (fault: Fault | undefined) => void;
  /** "POST unwrapkey" for each authorised request that was served. */
  readonly served: readonly string[];
  readonly close: () => Promise<void>;
}

interface Wrapping {
  readonly alg?: string;
  readonly value?: string;
}

interface Version {
  readonly id: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

const bodyBytesMax = 65_536;
const padding = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha256" } as const;
const apiVersion = /^(7\.\d|20\d\d-\d\d-\d\d)(-preview\.\d)?$/;

/** `authority`: where to get a token, as the challenge tells; `token`: the one that is taken. */
export async function startKeyVault(
  tls: LocalAuthority,
  { authority, token }: { readonly authority: string; readonly token: string },
): Promise<KeyVault> {
  const versions: Version[] = [];
  const faults: Fault[] = [];
  const served: string[] = [];
  let always: Fault | undefined;
  let expired = 0;

  const server = await startHttpsServer({ tls, bodyBytesMax, serve });
  const keyUrl = `${server.url}/keys/hubless`;
  const rotate = () => {
    versions.push({ id: randomUUID().replaceAll("-", ""), ...rsaKeys() });
  };
  rotate();

  async function serve(request: LocalRequest): Promise<LocalAnswer> {
    if (request.headers.authorization !== `Bearer ${token}`) return challenge(authority);
    const fault = always ?? faults.shift();
    if (fault === "lost-after") await answer(request);
    return fault === undefined ? await answer(request) : await faulty(fault);
  }

  async function answer({ method, url, body }: LocalRequest): Promise<LocalAnswer> {
    if (!apiVersion.test(url.searchParams.get("api-version") ?? "")) {
      return refusal(400, "BadParameter", "the api-version must be given");
    }
    const [, keys, name, id = "", operation = "get"] = url.pathname.split("/");
    const newest = versions.at(-1);
    const version = id === "" ? newest : versions.find((each) => each.id === id);
    if (keys !== "keys" || name !== "hubless" || version === undefined) {
      return refusal(404, "KeyNotFound", `A key with (name/id) ${name}/${id} was not found`);
    }
    served.push(`${method} ${operation}`);
    const kid = `${keyUrl}/${version.id}`;
    if (method === "GET") return json({ key: jwk(version, kid), attributes: { enabled: true } });
    return operate(operation, { version, kid }, JSON.parse(body.toString("utf8")) as Wrapping);
  }

  function operate(
    operation: string,
    { version, kid }: { readonly version: Version; readonly kid: string },
    { alg, value }: Wrapping,
  ): LocalAnswer {
    if (alg !== "RSA-OAEP-256" || value === undefined) {
      return refusal(400, "BadParameter", `Property alg has invalid value ${alg}`);
    }
    const given = Buffer.from(value, "base64url");
    if (operation === "wrapkey") {
      if (versions.indexOf(version) < expired) return refusal(403, "Forbidden", "expired");
      const result = publicEncrypt({ key: version.publicKey, ...padding }, given);
      return json({ kid, value: result.toString("base64url") });
    }
    try {
      const result = privateDecrypt({ key: version.privateKey, ...padding }, given);
      return json({ kid, value: result.toString("base64url") });
    } catch {
      return refusal(400, "BadParameter", "The parameter is incorrect.");
    }
  }

  return {
    keyUrl,
    rotate,
    expire: () => {
      expired = versions.length;
    },
    fail: (...next) => void faults.push(...next),
    failAll: (fault) => {
      always = fault;
    },
    served,
    close: server.close,
  };
}

const rsaKeys = () => generateKeyPairSync("rsa", { modulusLength: 2048 });

function jwk({ publicKey }: Version, kid: string) {
  const { n, e } = publicKey.export({ format: "jwk" });
  const keyOps = ["wrapKey", "unwrapKey", "encrypt", "decrypt"];
  return { kid, kty: "RSA", key_ops: keyOps, n, e };
}

function challenge(authority: string): LocalAnswer {
  const header = `Bearer authorization="${authority}", resource="https://vault.azure.net"`;
  return { status: 401, headers: { "www-authenticate": header } };
}

async function faulty(fault: Fault): Promise<LocalAnswer> {
  switch (fault) {
    case "throttled":
      return { ...refusal(429, "Throttled", "busy"), headers: { "retry-after": "1" } };
    case "broken":
      return refusal(500, "InternalServerError", "broken");
    case "forbidden":
      return refusal(403, "Forbidden", "The user, group or application does not have access");
    case "slow":
      await delay(2_000);
      return refusal(503, "ServiceUnavailable", "slow");
    case "lost":
    case "lost-after":
      return "hang-up";
  }
}

const json = (body: unknown): LocalAnswer => ({ status: 200, body: JSON.stringify(body) });

function refusal(status: number, code: string, message: string) {
  return { status, body: JSON.stringify({ error: { code, message } }) };
}
