import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { type AdminAction, adminPath, type Control } from "./admin.ts";
import type { CosmosEndpoint, CosmosEndpointOptions } from "./start-cosmos-endpoint.ts";
import type { Statistics } from "./statistics.ts";
import type { TrustedIssuer } from "./token-verifier.ts";

/** The options of a child: what can be told in JSON. */
export interface ChildOptions
  extends Omit<CosmosEndpointOptions, "tls" | "verifyToken" | "nowMs" | "onDefect"> {
  /** `caFile` vouches for the endpoint, to control it, and for `trust`, to fetch its keys. */
  readonly tls?: { readonly certFile: string; readonly keyFile: string; readonly caFile: string };
  /** Lets callers in with this issuer's tokens. */
  readonly trust?: TrustedIssuer;
}

/** What a child says once, on its first line. */
export type ChildAnswer =
  | {
      readonly kind: "started";
      readonly url: string;
      readonly key: string;
      readonly adminToken: string;
    }
  | { readonly kind: "failed"; readonly message: string };

/** An endpoint in another process, for what one process cannot show: its death. */
export interface SpawnedCosmosEndpoint extends CosmosEndpoint {
  /** Ends the process at once, as a crash does. */
  kill(): Promise<void>;
}

/**
 * Starts a Cosmos DB endpoint in a child process, which ends with this one.
 *
 * @throws Error with the child's message when it cannot start.
 */
export async function spawnCosmosEndpoint(options: ChildOptions): Promise<SpawnedCosmosEndpoint> {
  const program = fileURLToPath(new URL("child.ts", import.meta.url));
  const caFile = options.tls?.caFile;
  const ca = caFile === undefined ? undefined : await readFile(caFile, "utf8");
  const child = spawn(process.execPath, [program], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, ...(caFile === undefined ? {} : { NODE_EXTRA_CA_CERTS: caFile }) },
  });
  // A child that died already cannot be told anything; its exit says why.
  child.stdin.on("error", () => {});
  child.stdin.write(`${JSON.stringify(options)}\n`);
  const answer = await firstLine(child);
  if (answer.kind === "failed") {
    throw new Error(`Cannot start Cosmos DB endpoint: ${answer.message}`);
  }
  const { url, key, adminToken } = answer;
  const stop = async (end: () => void) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    end();
    await exited;
  };
  return {
    ...remoteControl({ url, adminToken, ca }),
    url,
    key,
    adminToken,
    close: async () => await stop(() => child.stdin.end()),
    kill: async () => await stop(() => child.kill("SIGKILL")),
  };
}

async function firstLine(child: ChildProcess): Promise<ChildAnswer> {
  if (child.stdout !== null) {
    for await (const line of createInterface({ input: child.stdout })) {
      return JSON.parse(line) as ChildAnswer;
    }
  }
  return { kind: "failed", message: "its process ended before it said a word" };
}

interface Remote {
  readonly url: string;
  readonly adminToken: string;
  readonly ca: string | undefined;
}

function remoteControl(remote: Remote): Control {
  return {
    addFault: async (fault) => void (await ask(remote, { action: "add-fault", fault })),
    clearFaults: async () => void (await ask(remote, { action: "clear-faults" })),
    setManners: async (manners) => void (await ask(remote, { action: "set-manners", manners })),
    statistics: async () => (await ask(remote, { action: "statistics" })) as Statistics,
    resetStatistics: async () => void (await ask(remote, { action: "reset-statistics" })),
  };
}

/** @throws Error with the endpoint's message when it refuses. */
async function ask({ url, adminToken, ca }: Remote, action: AdminAction): Promise<unknown> {
  const target = new URL(`${adminPath}control`, url);
  const isTls = target.protocol === "https:";
  const request = (isTls ? httpsRequest : httpRequest)(target, {
    method: "POST",
    headers: { authorization: `Bearer ${adminToken}` },
    ...(ca === undefined ? {} : { ca }),
  });
  request.end(JSON.stringify(action));
  const [response] = (await once(request, "response")) as [
    NodeJS.ReadableStream & { statusCode: number },
  ];
  let text = "";
  for await (const chunk of response) text += String(chunk);
  const body: unknown = JSON.parse(text);
  if (response.statusCode === 200) return body;
  throw new Error((body as { readonly message: string }).message);
}
