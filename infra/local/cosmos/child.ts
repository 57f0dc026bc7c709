/**
 * Runs a Cosmos DB endpoint as a process of its own.
 *
 * The first line of standard input holds the options in JSON, so that no key shows in the list of
 * processes; the first line of standard output answers with the URL, the key and the admin token,
 * or with an error. The endpoint closes when standard input ends, which it does when the process
 * that started it dies.
 */
import { createInterface } from "node:readline";
import type { ChildAnswer, ChildOptions } from "./spawn-cosmos-endpoint.ts";
import { type CosmosEndpoint, startCosmosEndpoint } from "./start-cosmos-endpoint.ts";
import { tokenVerifier } from "./token-verifier.ts";

let endpoint: CosmosEndpoint | undefined;

async function start(line: string): Promise<ChildAnswer> {
  try {
    const { trust, ...options } = JSON.parse(line) as ChildOptions;
    endpoint = await startCosmosEndpoint({
      ...options,
      verifyToken: trust === undefined ? undefined : tokenVerifier(trust),
      onDefect: (error) => process.stderr.write(`Cosmos DB endpoint: ${describe(error)}\n`),
    });
    const { url, key, adminToken } = endpoint;
    return { kind: "started", url, key, adminToken };
  } catch (error) {
    return { kind: "failed", message: error instanceof Error ? error.message : String(error) };
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

// A terminal's Ctrl-C reaches this process too; whoever started it says when it is done.
process.on("SIGINT", () => {});

let first = true;
for await (const line of createInterface({ input: process.stdin })) {
  if (!first) continue;
  first = false;
  const answer = await start(line);
  process.stdout.write(`${JSON.stringify(answer)}\n`);
  if (answer.kind === "failed") break;
}
await endpoint?.close();
process.exit(endpoint === undefined ? 1 : 0);
