import type { IncomingMessage } from "node:http";
import { Agent, request as httpsRequest } from "node:https";
import type { JsonObject } from "../../lib/kube-object.ts";
import type { ClusterAccess } from "./kubeconfig.ts";
import { UnreachableError } from "./unreachable-error.ts";

export interface KubeRequest {
  readonly method: "GET" | "PATCH" | "DELETE";
  /** "/api/v1/namespaces/demo", with its query. */
  readonly path: string;
  readonly body?: JsonObject;
  readonly contentType?: string;
}

/** What an API server answered, refusals included. */
export interface KubeAnswer {
  readonly status: number;
  /** The object, or the `Status` that says why there is none. Empty when it is no JSON object. */
  readonly body: JsonObject;
}

/** The Kubernetes API of one cluster. Throws `UnreachableError`, never for what it answers. */
export interface KubeClient {
  readonly ask: (request: KubeRequest) => Promise<KubeAnswer>;
}

/** An API server that needs longer counts as unreachable. */
const timeoutMilliseconds = 10_000;
/** So many requests to one cluster at once; more wait for their turn. */
const connectionsMax = 8;
/** A list of a hundred objects is the largest thing that is read. */
const answerBytesMax = 16 * 1024 * 1024;
/** A connection that is not used so long is closed. */
const idleMilliseconds = 30_000;

/** Gives an Entra token for an application: "6dae42f8-4368-4678-94ff-3960e28e3630". */
export type TokenSource = (serverId: string) => Promise<string>;

export function kubeClient(access: ClusterAccess, tokens: TokenSource): KubeClient {
  const agent = new Agent({
    keepAlive: true,
    maxSockets: connectionsMax,
    timeout: idleMilliseconds,
    ca: access.ca,
    ...(access.serverName !== undefined && { servername: access.serverName }),
    ...access.certificate,
  });
  return {
    async ask(request) {
      const answer = await send(request, { access, agent, token: await tokenOf(access, tokens) });
      if (answer.status !== 401) return answer;
      throw new UnreachableError("the API server does not accept our identity (401)", true);
    },
  };
}

async function tokenOf({ token }: ClusterAccess, tokens: TokenSource): Promise<string | undefined> {
  if (token === undefined) return undefined;
  if (token.kind === "given") return token.value;
  try {
    return await tokens(token.serverId);
  } catch (error) {
    throw new UnreachableError(`no token for the API server: ${messageOf(error)}`, false, error);
  }
}

interface Connection {
  readonly access: ClusterAccess;
  readonly agent: Agent;
  readonly token: string | undefined;
}

async function send(
  { method, path, body, contentType = "application/json" }: KubeRequest,
  { access, agent, token }: Connection,
): Promise<KubeAnswer> {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const { server } = access;
  const base = server.pathname.replace(/\/$/, "");
  const signal = AbortSignal.timeout(timeoutMilliseconds);
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const request = httpsRequest(new URL(base + path, server), {
    method,
    agent,
    signal,
    headers: {
      accept: "application/json",
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(text !== undefined && {
        "content-type": contentType,
        "content-length": Buffer.byteLength(text),
      }),
    },
  });
  request.on("response", resolve).on("error", reject).end(text);
  try {
    const response = await promise;
    return { status: response.statusCode ?? 0, body: parsed(await textOf(response)) };
  } catch (error) {
    if (error instanceof UnreachableError) throw error;
    throw new UnreachableError(reasonOf(error, signal), true, error);
  }
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > answerBytesMax) {
      response.destroy();
      throw new UnreachableError(`its answer has more than ${answerBytesMax} bytes`, false);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function parsed(text: string): JsonObject {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === "object" && value !== null ? (value as JsonObject) : {};
  } catch {
    return {};
  }
}

function reasonOf(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) {
    return `the API server did not answer in ${timeoutMilliseconds / 1000} s`;
  }
  return `the API server cannot be reached: ${messageOf(error)}`;
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
