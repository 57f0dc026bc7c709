import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ContainerServiceClient } from "@azure/arm-containerservice";
import { NetworkManagementClient } from "@azure/arm-network";
import type { TokenCredential } from "@azure/identity";
import { expect, onTestFinished } from "vitest";
import type { EventGridEvent } from "../../../../infra/local/arm/events.ts";
import { type Arm, type ArmOptions, startArm } from "../../../../infra/local/arm/start-arm.ts";
import { localAuthority } from "../../../../infra/local/tls/local-authority.ts";

export const subscriptionId = "11111111-2222-3333-4444-555555555555";
export const group = "rg-fleet";
export const caller = {
  objectId: "9f0c0000-0000-0000-0000-000000000001",
  appId: "0f1e2d3c-0000-0000-0000-000000000001",
  tenantId: "99999999-8888-7777-6666-555555555555",
};

export const clusterPath = (name: string) =>
  `/subscriptions/${subscriptionId}/resourceGroups/${group}/providers/Microsoft.ContainerService/` +
  `managedClusters/${name}`;

export const networkPath = (type: string, name: string) =>
  `/subscriptions/${subscriptionId}/resourceGroups/${group}/providers/Microsoft.Network/` +
  `${type}/${name}`;

const credential: TokenCredential = {
  getToken: async () => ({ token: "good", expiresOnTimestamp: Date.now() + 3_600_000 }),
};

/** Fast enough that a test does not wait, and slow enough that it can look in between. */
export const instantly = 100_000;

let authority:
  | Promise<{ files: Awaited<ReturnType<typeof localAuthority>>; ca: string }>
  | undefined;

async function certificates() {
  const files = await localAuthority(join(await mkdtemp(join(tmpdir(), "hubless-arm-")), "tls"));
  return { files, ca: await readFile(files.caFile, "utf8") };
}

export interface LocalArm {
  readonly arm: Arm;
  readonly events: EventGridEvent[];
  readonly containers: ContainerServiceClient;
  readonly network: NetworkManagementClient;
  /** The unmodified client, polling fast, with a bearer token of one's own. */
  readonly call: (
    method: string,
    path: string,
    options?: { body?: unknown; headers?: Record<string, string>; token?: string },
  ) => Promise<{ status: number; headers: Headers; body: Record<string, unknown> }>;
}

/** A simulated cloud with an empty resource group, closed when the test ends. */
export async function localArm(options: Partial<ArmOptions> = {}): Promise<LocalArm> {
  authority ??= certificates();
  const { files, ca } = await authority;
  const events: EventGridEvent[] = [];
  const arm = await startArm({
    tls: files,
    verify: async (token) => (token === "good" ? caller : undefined),
    emit: (event) => void events.push(event),
    speed: instantly,
    ...options,
  });
  onTestFinished(arm.close);
  arm.createResourceGroup({ subscriptionId, name: group, location: "westeurope" });
  const clientOptions = {
    endpoint: arm.url,
    tlsOptions: { ca },
    retryOptions: { maxRetries: 0 },
    credentials: { scopes: ["https://management.azure.com/.default"] },
  };
  return {
    arm,
    events,
    containers: new ContainerServiceClient(credential, subscriptionId, clientOptions),
    network: new NetworkManagementClient(credential, subscriptionId, clientOptions),
    call: async (method, path, { body, headers = {}, token = "good" } = {}) =>
      await call(ca, `${arm.url}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, ...headers },
        ...(body === undefined
          ? {}
          : { body: typeof body === "string" ? body : JSON.stringify(body) }),
      }),
  };
}

async function call(
  ca: string,
  url: string,
  init: { method: string; headers: Record<string, string>; body?: string },
) {
  const { request } = await import("node:https");
  return await new Promise<Awaited<ReturnType<LocalArm["call"]>>>((resolve, reject) => {
    const sent = request(
      url,
      { ca, method: init.method, headers: init.headers, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => {
          const text = Buffer.concat(chunks).toString("utf8");
          resolve({
            status: response.statusCode ?? 0,
            headers: new Headers(response.headers as Record<string, string>),
            body: (text === "" ? {} : JSON.parse(text)) as Record<string, unknown>,
          });
        });
      },
    );
    sent.on("error", reject);
    sent.end(init.body);
  });
}

export interface SeedPool {
  readonly name: string;
  readonly count?: number;
  readonly mode?: string;
  readonly orchestratorVersion?: string;
}

/** A cluster that is there, with one pool of three nodes unless told otherwise. */
export function seed(
  { arm }: LocalArm,
  name: string,
  more: {
    version?: string;
    pools?: readonly SeedPool[];
    tags?: Record<string, string>;
    [property: string]: unknown;
  } = {},
): string {
  const {
    version = "1.33.5",
    pools = [{ name: "system", count: 3, mode: "System" }],
    tags,
    ...rest
  } = more;
  return arm.seedCluster({
    subscriptionId,
    resourceGroup: group,
    name,
    location: "westeurope",
    ...(tags === undefined ? {} : { tags }),
    properties: { kubernetesVersion: version, agentPoolProfiles: pools, ...rest },
  });
}

/** Looks until it holds; fails with what `look` said last after five seconds. */
export async function eventually(look: () => unknown | Promise<unknown>): Promise<void> {
  await expect.poll(look, { timeout: 5_000, interval: 10 }).toBeTruthy();
}

/** What a refused call says, as the SDK reads it. */
export async function refusal(work: PromiseLike<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    const { statusCode, code, message } = error as {
      statusCode?: number;
      code?: string;
      message: string;
    };
    return `${statusCode} ${code}: ${message}`;
  }
  throw new Error("Cannot tell how it was refused: it was not");
}
