import type { CosmosClient } from "@azure/cosmos";
import type { QueueServiceClient } from "@azure/storage-queue";
import { type AppSettings, type ConnectionSettings, findConnection } from "./binding-settings.ts";

/** The clients behind the connections of a host, one per connection. */
export interface Connections {
  queues(connection: string): Promise<QueueServiceClient>;
  cosmos(connection: string): Promise<CosmosClient>;
  close(): void;
}

/**
 * Opens clients from app settings. SDKs are loaded when a first function needs them.
 *
 * - Queues: a connection string, or `NAME__queueServiceUri` with a SAS in it, with an identity, or
 *   with `NAME__accountKey` beside it, which Azure does not offer but Azurite needs.
 * - Cosmos DB: a connection string, or `NAME__accountEndpoint` with `NAME__accountKey` or an
 *   identity.
 */
export function createConnections(settings: AppSettings): Connections {
  const queueClients = new Map<string, Promise<QueueServiceClient>>();
  const cosmosClients = new Map<string, Promise<CosmosClient>>();
  const opened: CosmosClient[] = [];
  return {
    queues: async (name) =>
      await remembered(queueClients, name, async () => {
        return await openQueues(name, findConnection(name, settings));
      }),
    cosmos: async (name) =>
      await remembered(cosmosClients, name, async () => {
        const client = await openCosmos(name, findConnection(name, settings));
        opened.push(client);
        return client;
      }),
    close: () => {
      for (const client of opened) client.dispose();
    },
  };
}

async function remembered<Client>(
  clients: Map<string, Promise<Client>>,
  name: string,
  open: () => Promise<Client>,
): Promise<Client> {
  const known = clients.get(name) ?? open();
  clients.set(name, known);
  return await known;
}

/** The listener looks again by itself; the SDK's own retries only help over a lost answer. */
const retryOptions = { maxTries: 2, retryDelayInMs: 100, maxRetryDelayInMs: 500 };

/** What Azurite is called in a connection string for short. */
const developmentStorage = "UseDevelopmentStorage=true";

async function openQueues(name: string, found: ConnectionSettings): Promise<QueueServiceClient> {
  const { AnonymousCredential, QueueServiceClient, StorageSharedKeyCredential } = await import(
    "@azure/storage-queue"
  );
  if (found.kind === "connection-string") {
    if (found.connectionString !== developmentStorage) {
      return QueueServiceClient.fromConnectionString(found.connectionString, { retryOptions });
    }
    throw new Error(`Cannot connect "${name}": must name its storage, not ${developmentStorage}`);
  }
  const uri = partOf(found.parts, name, "queueServiceUri");
  const { accountKey } = found.parts;
  if (accountKey !== undefined) {
    const credential = new StorageSharedKeyCredential(storageAccountOf(uri), accountKey);
    return new QueueServiceClient(uri, credential, { retryOptions });
  }
  const credential = new URL(uri).searchParams.has("sig")
    ? new AnonymousCredential()
    : await identity(found.parts);
  return new QueueServiceClient(uri, credential, { retryOptions });
}

/** `https://NAME.queue.core.windows.net`, or the path of an emulator: `http://host:port/NAME`. */
function storageAccountOf(uri: string): string {
  const { pathname, hostname } = new URL(uri);
  return pathname.split("/")[1] || (hostname.split(".")[0] ?? hostname);
}

async function openCosmos(name: string, found: ConnectionSettings): Promise<CosmosClient> {
  const { CosmosClient } = await import("@azure/cosmos");
  if (found.kind === "connection-string") return new CosmosClient(found.connectionString);
  const endpoint = partOf(found.parts, name, "accountEndpoint");
  const { accountKey } = found.parts;
  if (accountKey !== undefined) return new CosmosClient({ endpoint, key: accountKey });
  return new CosmosClient({ endpoint, aadCredentials: await identity(found.parts) });
}

/**
 * `clientId` picks a user-assigned identity. AZURE_AUTHORITY_HOST, which the SDK reads itself, may
 * name an issuer that Entra's list of clouds does not know.
 */
async function identity({ clientId }: Readonly<Record<string, string>>) {
  const { DefaultAzureCredential } = await import("@azure/identity");
  return new DefaultAzureCredential({
    disableInstanceDiscovery: process.env["AZURE_AUTHORITY_HOST"] !== undefined,
    ...(clientId === undefined ? {} : { managedIdentityClientId: clientId }),
  });
}

function partOf(parts: Readonly<Record<string, string>>, name: string, part: string): string {
  const value = parts[part];
  if (value !== undefined && URL.canParse(value)) return value;
  throw new Error(`Cannot connect "${name}": app setting "${name}__${part}" must be a URL`);
}
