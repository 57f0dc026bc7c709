import {
  type Container,
  CosmosClient,
  type CosmosClientOptions,
  type ItemDefinition,
  PartitionKeyKind,
  type Resource,
} from "@azure/cosmos";
import { onTestFinished } from "vitest";
import type { ContainerBody } from "../../../../infra/local/cosmos/definitions.ts";
import {
  type CosmosEndpoint,
  type CosmosEndpointOptions,
  startCosmosEndpoint,
} from "../../../../infra/local/cosmos/start-cosmos-endpoint.ts";

/** The container of the fleet log, as the templates define it. */
export const documents = {
  id: "documents",
  partitionKey: { paths: ["/fleet"], kind: PartitionKeyKind.Hash, version: 2 },
  defaultTtl: -1,
  indexingPolicy: {
    includedPaths: [
      { path: "/kind/?" },
      { path: "/namespace/?" },
      { path: "/name/?" },
      { path: "/revision/?" },
      { path: "/wakeAt/?" },
      { path: "/refs/[]/?" },
      { path: "/nested/deep/?" },
    ],
    excludedPaths: [{ path: "/*" }],
    compositeIndexes: [
      [
        { path: "/namespace", order: "ascending" },
        { path: "/name", order: "ascending" },
      ],
      [
        { path: "/kind", order: "ascending" },
        { path: "/revision", order: "descending" },
      ],
    ],
  },
} satisfies ContainerBody;

const leases = {
  id: "leases",
  partitionKey: { paths: ["/id"], kind: PartitionKeyKind.Hash, version: 2 },
} satisfies ContainerBody;

export interface Opened {
  readonly endpoint: CosmosEndpoint;
  readonly client: CosmosClient;
  readonly documents: Container;
  readonly leases: Container;
}

/** An endpoint in this process with a client, both gone when the test is over. */
export async function open(options: CosmosEndpointOptions = {}): Promise<Opened> {
  const defects: unknown[] = [];
  const endpoint = await startCosmosEndpoint({
    databases: { fleets: [documents, leases] },
    onDefect: (error) => defects.push(error),
    ...options,
  });
  const client = clientOf(endpoint);
  onTestFinished(async () => {
    client.dispose();
    await endpoint.close();
    if (defects.length > 0) throw new Error("The endpoint has a defect", { cause: defects[0] });
  });
  const database = client.database("fleets");
  return {
    endpoint,
    client,
    documents: database.container("documents"),
    leases: database.container("leases"),
  };
}

export function clientOf(
  { url, key }: { readonly url: string; readonly key: string },
  more: Partial<CosmosClientOptions> = {},
): CosmosClient {
  return new CosmosClient({ endpoint: url, key, ...more });
}

/** A document as the product writes it, with what the test cares about on top. */
export function document(id: string, more: Readonly<Record<string, unknown>> = {}): ItemDefinition {
  return { id, fleet: "f", kind: "members", name: id, revision: 1, body: { text: "x" }, ...more };
}

/** An item with its system properties. */
export type Stored = ItemDefinition & Resource;

/** The item as it is now, or undefined. */
export async function read(container: Container, id: string): Promise<Stored | undefined> {
  return (await container.item(id, "f").read<ItemDefinition>()).resource;
}

/** The status of what an SDK call throws or answers. */
export async function statusOf(call: Promise<{ readonly statusCode: number }>): Promise<number> {
  return await call.then(
    (response) => response.statusCode,
    (error: { readonly code: number }) => error.code,
  );
}

/** What a call throws. */
export async function errorOf(call: Promise<unknown>): Promise<CosmosFailure> {
  return await call.then(
    () => {
      throw new Error("Cannot take the error of a call that succeeded");
    },
    (error: CosmosFailure) => error,
  );
}

export interface CosmosFailure extends Error {
  readonly code?: number | string;
  readonly substatus?: number;
  readonly retryAfterInMs?: number;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly cause?: CosmosFailure;
}
