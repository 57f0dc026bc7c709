/**
 * Entra ID on a laptop: OpenID Connect discovery, keys, and client credentials, as far as
 * `@azure/identity` and a checker of tokens need them.
 *
 *     const issuer = await startIssuer({ tls, tenantId, clients: [relay] });
 *     new ClientSecretCredential(tenantId, relay.clientId, relay.clientSecret, {
 *       authorityHost: issuer.url,
 *       disableInstanceDiscovery: true,
 *     });
 *
 * Tokens are Entra's version 2.0: `aud` is the scope without `/.default`, `iss` ends in `/v2.0`.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
 */
import type { JWTPayload } from "jose";
import { type LocalAnswer, type LocalRequest, startHttpsServer } from "../tls/https-server.ts";
import type { LocalAuthority } from "../tls/local-authority.ts";
import { authenticated, clientProof, type IssuerClient, required } from "./client.ts";
import { discoveryDocument, instanceDiscovery } from "./discovery.ts";
import { answerOf, EntraError } from "./entra-error.ts";
import { openSigningKeys, type SigningKeys } from "./signing-keys.ts";

const bodyBytesMax = 65_536;
const clientsMax = 10_000;
const defaultLifetimeSeconds = 3_600;
/** Every access token names the application that asked for it; Azure's command line has this id. */
const azureCli = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";

export interface IssuerOptions {
  readonly tls: LocalAuthority;
  /** A GUID; every other tenant is refused. */
  readonly tenantId: string;
  readonly clients?: readonly IssuerClient[];
  readonly port?: number;
  /** Keeps the signing keys over a restart, mode 0600; in memory when left out. */
  readonly keyFile?: string;
  /** One hour when left out, as in Entra. */
  readonly lifetimeSeconds?: number;
  readonly log?: (line: string) => void;
}

export interface Issuer {
  /** The authority host, without a slash at the end. */
  readonly url: string;
  /** The `iss` of its tokens. */
  readonly issuer: string;
  readonly jwksUri: string;
  /** Also replaces a client of the same id, such as one with a new secret. */
  readonly addClient: (client: IssuerClient) => void;
  readonly removeClient: (clientId: string) => void;
  /** A token with these claims over the usual ones; a claim that is undefined is left out. */
  readonly mint: (claims: JWTPayload) => Promise<string>;
  /** For services in this process: the claims, or undefined when the token does not check. */
  readonly verify: (token: string, audience: string) => Promise<JWTPayload | undefined>;
  readonly rotateKeys: () => Promise<void>;
  /** Tokens handed out and requests refused so far. */
  readonly stats: () => { readonly issued: number; readonly refused: number };
  readonly close: () => Promise<void>;
}

/** What the routes share. */
interface Desk {
  readonly tenantId: string;
  readonly keys: SigningKeys;
  readonly clients: Map<string, IssuerClient>;
  readonly lifetimeSeconds: number;
  readonly counters: { issued: number; refused: number };
  url: string;
}

export async function startIssuer(options: IssuerOptions): Promise<Issuer> {
  const desk: Desk = {
    tenantId: options.tenantId.toLowerCase(),
    keys: await openSigningKeys(options.keyFile),
    clients: new Map(),
    lifetimeSeconds: options.lifetimeSeconds ?? defaultLifetimeSeconds,
    counters: { issued: 0, refused: 0 },
    url: "",
  };
  for (const client of options.clients ?? []) addClient(desk, client);
  const server = await startHttpsServer({
    tls: options.tls,
    port: options.port,
    bodyBytesMax,
    log: options.log,
    serve: async (request) => await serve(desk, request),
  });
  desk.url = server.url;
  return {
    url: server.url,
    issuer: issuerOf(desk),
    jwksUri: `${server.url}/${desk.tenantId}/discovery/v2.0/keys`,
    addClient: (client) => addClient(desk, client),
    removeClient: (clientId) => void desk.clients.delete(clientId.toLowerCase()),
    mint: async (claims) => await desk.keys.sign({ ...timeClaims(desk), azp: azureCli, ...claims }),
    verify: async (token, audience) => await desk.keys.verify(token, issuerOf(desk), audience),
    rotateKeys: desk.keys.rotate,
    stats: () => ({ ...desk.counters }),
    close: server.close,
  };
}

function addClient(desk: Desk, client: IssuerClient): void {
  if (desk.clients.size >= clientsMax) {
    throw new Error(`Cannot add client "${client.name}": at most ${clientsMax} are kept`);
  }
  desk.clients.set(client.clientId.toLowerCase(), client);
}

function issuerOf(desk: Desk): string {
  return `${desk.url}/${desk.tenantId}/v2.0`;
}

async function serve(desk: Desk, request: LocalRequest): Promise<LocalAnswer> {
  try {
    return await route(desk, request);
  } catch (error) {
    if (!(error instanceof EntraError)) throw error;
    desk.counters.refused += 1;
    return answerOf(error);
  }
}

async function route(desk: Desk, request: LocalRequest): Promise<LocalAnswer> {
  const [, tenant = "", ...rest] = request.url.pathname.split("/");
  const path = rest.join("/").toLowerCase();
  if (path === "discovery/instance") return json(instanceDiscovery(desk.url, desk.tenantId));
  checkTenant(desk, tenant);
  switch (path) {
    case "v2.0/.well-known/openid-configuration":
    case ".well-known/openid-configuration":
      return json(discoveryDocument(desk.url, desk.tenantId, path.startsWith("v2.0")));
    case "discovery/v2.0/keys":
    case "discovery/keys":
      return json({ keys: desk.keys.published() });
    case "oauth2/v2.0/token":
    case "oauth2/token":
      return await token(desk, request);
    default:
      return { status: 404 };
  }
}

function checkTenant(desk: Desk, tenant: string): void {
  if ([desk.tenantId, "common", "organizations"].includes(tenant.toLowerCase())) return;
  throw new EntraError(400, "invalid_request", {
    code: 90002,
    message: `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID.`,
  });
}

async function token(desk: Desk, request: LocalRequest): Promise<LocalAnswer> {
  if (request.method !== "POST") return { status: 405, headers: { allow: "POST" } };
  const form = new URLSearchParams(request.body.toString("utf8"));
  const grant = required(form, "grant_type");
  if (grant !== "client_credentials") {
    throw new EntraError(400, "unsupported_grant_type", {
      code: 70003,
      message: `The app requested an unsupported grant type '${grant}'.`,
    });
  }
  const client = authenticated(desk.clients, clientProof(form, request.headers.authorization));
  const audience = audienceOf(form, request.url.pathname);
  desk.counters.issued += 1;
  return json({
    token_type: "Bearer",
    expires_in: desk.lifetimeSeconds,
    ext_expires_in: desk.lifetimeSeconds,
    access_token: await desk.keys.sign({ ...timeClaims(desk), ...claimsOf(client, audience) }),
  });
}

/** Version 2.0 takes a scope `X/.default`, the older endpoint a resource `X`. */
function audienceOf(form: URLSearchParams, path: string): string {
  if (!/v2\.0/i.test(path)) return required(form, "resource");
  const [scope = "", ...more] = required(form, "scope").split(" ").filter(Boolean);
  if (more.length === 0 && scope.endsWith("/.default") && scope.length > "/.default".length) {
    return scope.slice(0, -"/.default".length);
  }
  throw new EntraError(400, "invalid_scope", {
    code: 1002012,
    message:
      `The provided value for scope ${form.get("scope")} is not valid. Client credential flows ` +
      "must have a scope value with /.default suffixed to the resource identifier.",
  });
}

function timeClaims(desk: Desk): JWTPayload {
  const now = Math.floor(Date.now() / 1000);
  return {
    iss: issuerOf(desk),
    tid: desk.tenantId,
    iat: now,
    nbf: now,
    exp: now + desk.lifetimeSeconds,
    ver: "2.0",
  };
}

/** `appid` is what version 1.0 tokens carry, `azp` version 2.0; whoever checks reads either. */
function claimsOf(client: IssuerClient, audience: string): JWTPayload {
  return {
    aud: audience,
    azp: client.clientId,
    appid: client.clientId,
    azpacr: "1",
    idtyp: "app",
    oid: client.objectId,
    sub: client.objectId,
    app_displayname: client.name,
    ...(client.roles === undefined ? {} : { roles: client.roles }),
    ...(client.groups === undefined ? {} : { groups: client.groups }),
  };
}

function json(body: unknown): LocalAnswer {
  return { status: 200, body: JSON.stringify(body) };
}
