/**
 * The one place that joins the product to Azure. Everyone else takes `Effects` as an argument.
 * Made at the first call, so that a cold start that only serves the dashboard opens nothing else.
 */

import { CosmosClient } from "@azure/cosmos";
import { AzureKeyCredential, EventGridPublisherClient } from "@azure/eventgrid";
import { DefaultAzureCredential, type TokenCredential } from "@azure/identity";
import { type QueueClient, QueueServiceClient } from "@azure/storage-queue";
import type { AdminFace } from "./admin/served-resource.ts";
import { adminFace } from "./admin-face.ts";
import { armBalancers } from "./azure/arm-balancers.ts";
import { armClusters } from "./azure/arm-clusters.ts";
import { cosmosStore } from "./azure/cosmos-store.ts";
import { entraCallers } from "./azure/entra-callers.ts";
import { eventGridNotices } from "./azure/event-grid-notices.ts";
import { fileKeyWrap } from "./azure/file-key-wrap.ts";
import { fleetLogConnectionPolicy } from "./azure/fleet-log/containers.ts";
import { keyVaultWrap } from "./azure/key-vault-wrap.ts";
import { kubernetesMembers } from "./azure/kubernetes-members.ts";
import { queueWakes } from "./azure/queue-wakes.ts";
import { dataKeys } from "./azure/seal/data-keys.ts";
import { seals } from "./azure/seal/seals.ts";
import { sealedStore } from "./azure/sealed-store.ts";
import { systemClock } from "./azure/system-clock.ts";
import { textLog } from "./azure/text-log.ts";
import { type Config, readConfig } from "./config.ts";
import type { Clock } from "./effects/clock.ts";
import type { Effects } from "./effects/effects.ts";
import type { KeyWrap } from "./effects/key-wrap.ts";
import type { Store } from "./effects/store.ts";

let made: Effects | undefined;
let read: Config | undefined;

export function effects(): Effects {
  made ??= compose(config());
  return made;
}

export function face(): AdminFace {
  return adminFace(config());
}

function config(): Config {
  read ??= readConfig(process.env);
  return read;
}

function compose(settings: Config): Effects {
  const credential = new DefaultAzureCredential({
    // A laptop's issuer is not in Entra's list of clouds.
    disableInstanceDiscovery: process.env["AZURE_AUTHORITY_HOST"] !== undefined,
  });
  const clock = systemClock;
  const arm = { credential, endpoint: settings.ARM_ENDPOINT, scopes: [settings.ARM_SCOPE] };
  const clusters = armClusters(arm);
  return {
    store: sealed(cosmosStore({ container: documents(settings, credential), clock }), {
      wrap: keyWrap(settings, credential),
      clock,
    }),
    wakes: queueWakes(wakesQueue(settings, credential), clock),
    clusters,
    members: kubernetesMembers({ credentials: clusters, credential }),
    balancers: armBalancers(arm),
    callers: entraCallers({
      authorityHost: settings.AZURE_AUTHORITY_HOST,
      tenantId: settings.AZURE_TENANT_ID,
      audiences: [settings.API_CLIENT_ID, `api://${settings.API_CLIENT_ID}`],
    }),
    notices: eventGridNotices(topic(settings, credential)),
    clock,
    log: textLog,
  };
}

/** Data keys are documents of the fleet log themselves, so they are kept under the seals. */
function sealed(store: Store, options: { readonly wrap: KeyWrap; readonly clock: Clock }): Store {
  return sealedStore(store, seals(dataKeys({ store, ...options })));
}

function keyWrap(settings: Config, credential: TokenCredential): KeyWrap {
  const { KEY_VAULT_KEY_URL: keyUrl, SECRETS_KEY_FILE: file = "" } = settings;
  return keyUrl === undefined ? fileKeyWrap(file) : keyVaultWrap({ keyUrl, credential });
}

function documents(settings: Config, credential: TokenCredential) {
  const { COSMOS__accountEndpoint: endpoint, COSMOS__accountKey: key } = settings;
  const client = new CosmosClient({
    endpoint,
    connectionPolicy: fleetLogConnectionPolicy,
    ...(key === undefined ? { aadCredentials: credential } : { key }),
  });
  return client.database(settings.COSMOS_DATABASE).container("documents");
}

function wakesQueue(settings: Config, credential: TokenCredential): QueueClient {
  const { QUEUES: connection, QUEUES__queueServiceUri: uri } = settings;
  const service =
    connection === undefined
      ? new QueueServiceClient(uri ?? "", credential)
      : QueueServiceClient.fromConnectionString(connection);
  return service.getQueueClient("wakes");
}

function topic(settings: Config, credential: TokenCredential) {
  const { EVENT_GRID_TOPIC_ENDPOINT: endpoint, EVENT_GRID_TOPIC_KEY: key } = settings;
  return key === undefined
    ? new EventGridPublisherClient(endpoint, "CloudEvent", credential)
    : new EventGridPublisherClient(endpoint, "CloudEvent", new AzureKeyCredential(key));
}
