import { type Container, CosmosClient } from "@azure/cosmos";
import { onTestFinished } from "vitest";
import {
  type CosmosEndpoint,
  startCosmosEndpoint,
} from "../../../infra/local/cosmos/start-cosmos-endpoint.ts";
import { type CosmosStoreOptions, cosmosStore } from "../../../shared/azure/cosmos-store.ts";
import {
  documentsContainer,
  ensureContainers,
  fleetLogConnectionPolicy,
} from "../../../shared/azure/fleet-log/containers.ts";
import type { Store } from "../../../shared/effects/store.ts";
import { type TestClock, testClock } from "../../effects/store/subject.ts";

const database = "hubless";

/** A Cosmos endpoint of its own, and as many processes' stores on it as are asked for. */
export interface LocalCosmos {
  readonly endpoint: CosmosEndpoint;
  readonly clock: TestClock;
  /** A store as a process of its own would have it: another client, another writer. */
  store(options?: Partial<CosmosStoreOptions>): Store;
  /** Through a client of its own; `url` leads to the endpoint some other way. */
  container(url?: string): Container;
}

/** For one file: whoever opens it closes its endpoint. */
export async function openCosmos(): Promise<LocalCosmos> {
  const endpoint = await startCosmosEndpoint();
  const clock = testClock();
  const client = (url = endpoint.url) =>
    new CosmosClient({
      endpoint: url,
      key: endpoint.key,
      connectionPolicy: { ...fleetLogConnectionPolicy, enableEndpointDiscovery: false },
    });
  await ensureContainers(client(), database);
  const container = (url?: string) => client(url).database(database).container(documentsContainer);
  return {
    endpoint,
    clock,
    container,
    store: (options = {}) => cosmosStore({ container: container(), clock, ...options }),
  };
}

/** For one test, which closes it when it ends. */
export async function testCosmos(): Promise<LocalCosmos> {
  const cosmos = await openCosmos();
  onTestFinished(async () => await cosmos.endpoint.close());
  return cosmos;
}
