/**
 * The cloud on a laptop: every part that the product meets in Azure, on 127.0.0.1 over TLS, and the
 * product itself on the Functions host. `npm start`, the tests and the benchmarks start the same.
 */
import { randomBytes } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { type Arm, startArm } from "../arm/start-arm.ts";
import { type Azurite, startAzurite } from "../azurite/azurite.ts";
import {
  type SpawnedCosmosEndpoint,
  spawnCosmosEndpoint,
} from "../cosmos/spawn-cosmos-endpoint.ts";
import type { Endpoints } from "../endpoints.ts";
import { type EventGrid, startEventGrid } from "../event-grid/start-event-grid.ts";
import { freePort } from "../free-port.ts";
import { type FunctionsHostProcess, startFunctionsHostProcess } from "../functions-host/process.ts";
import { type Issuer, startIssuer } from "../issuer/start-issuer.ts";
import { type LocalAuthority, localAuthority } from "../tls/local-authority.ts";
import { laptopCatalogue } from "./catalogue.ts";
import { tokenChecks } from "./check-token.ts";
import { createStorage } from "./create-storage.ts";
import { hostEnvironment } from "./host-environment.ts";
import { type Identities, identitiesIn } from "./identities.ts";
import { type Members, startMembers } from "./members.ts";
import { secretsKeyFile } from "./secrets-key-file.ts";
import { subscribeFunctions } from "./subscribe-functions.ts";

export interface CloudOptions {
  /** Where clients find what they need (kubeconfig, ca.crt, endpoints.json), and logs: ".local". */
  readonly folder: string;
  /** Where state is kept for the next start. */
  readonly stateFolder: string;
  /** Of the Functions host; a free one when left out. */
  readonly port?: number;
  /** How much faster than Azure ARM and member clusters are. */
  readonly speed?: number;
  /** Forget earlier state. */
  readonly fresh?: boolean;
  /** Relays that watch the member clusters; true when left out. */
  readonly relays?: boolean;
  /** App settings above the usual ones. */
  readonly environment?: Readonly<Record<string, string>>;
  /** What the host loads; the triggers as they are when left out. */
  readonly entry?: string;
}

export interface Cloud {
  readonly endpoints: Endpoints;
  readonly identities: Identities;
  readonly tls: LocalAuthority;
  readonly issuer: Issuer;
  readonly cosmos: SpawnedCosmosEndpoint;
  readonly queues: Azurite;
  readonly eventGrid: EventGrid;
  readonly arm: Arm;
  readonly members: Members;
  readonly host: () => FunctionsHostProcess;
  /** Kills the Functions host at once, as a crash would, and starts it again. */
  readonly crashHost: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export const resourceGroup = "rg-fleet";
export const fleetName = "fleet-1";
const memberTopic = "hubless";

/** A minute of Azure's passes in less than a second. */
const speedDefault = 150;

export async function startCloud(options: CloudOptions): Promise<Cloud> {
  const { folder, stateFolder } = options;
  if (options.fresh === true) await rm(stateFolder, { recursive: true, force: true });
  await rm(join(folder, "logs"), { recursive: true, force: true });
  await mkdir(join(folder, "logs"), { recursive: true });
  await mkdir(stateFolder, { recursive: true });
  const started: { close(): Promise<void> }[] = [];
  const keep = <Part extends { close(): Promise<void> }>(part: Part): Part => {
    started.push(part);
    return part;
  };
  try {
    return await startParts(options, keep, async () => await closeAll(started));
  } catch (error) {
    await closeAll(started);
    throw error;
  }
}

type Keep = <Part extends { close(): Promise<void> }>(part: Part) => Part;

/** What the product meets in Azure, without the product. */
type Azure = Omit<Cloud, "endpoints" | "host" | "crashHost" | "close">;

async function startParts(
  options: CloudOptions,
  keep: Keep,
  close: () => Promise<void>,
): Promise<Cloud> {
  const azure = await startAzure(options, keep);
  await createStorage(azure);
  const port = options.port ?? (await freePort());
  const startHost = async () => await startProduct(options, azure, port);
  let host = await startHost();
  keep({ close: async () => await host.stop() });
  const endpoints = endpointsOf(options.folder, azure, host.url);
  // Only now is it sure that no other cloud runs here, whose clients use these files.
  await writeFile(endpoints.caFile, await readFile(azure.tls.caFile));
  await subscribeFunctions(azure.eventGrid, host, memberTopic);
  const { arm, identities } = azure;
  await azure.members.connect({ arm, endpoints, identities, relays: options.relays ?? true });
  await writeEndpoints(options.folder, endpoints);
  return {
    ...azure,
    endpoints,
    host: () => host,
    crashHost: async () => {
      await host.kill();
      host = await startHost();
    },
    close,
  };
}

async function startAzure(options: CloudOptions, keep: Keep): Promise<Azure> {
  const { folder, stateFolder, speed = speedDefault } = options;
  const inState = (name: string) => join(stateFolder, name);
  const tls = await localAuthority(inState("tls"));
  setDefaultCACertificates([...getCACertificates("default"), await readFile(tls.caFile, "utf8")]);

  const identities = await identitiesIn(stateFolder);
  const { tenantId, subscriptionId, product, person } = identities;
  const clients = [product, person];
  const logFile = join(folder, "logs", "azurite.log");
  const [issuer, queues] = await Promise.all([
    startIssuer({ tls, tenantId, clients, keyFile: inState("issuer-keys.json") }).then(keep),
    startAzurite({ tls, folder: inState("azurite"), logFile }).then(keep),
  ]);
  const cosmos = keep(await spawnCosmosEndpoint({ tls, file: inState("cosmos.sqlite") }));
  const checks = tokenChecks(issuer);
  const eventGrid = keep(
    await startEventGrid({
      tls,
      topics: [{ name: memberTopic, inputSchema: "CloudEvents" }],
      key: randomBytes(32).toString("base64"),
      deadLetterFolder: inState("dead-letters"),
    }),
  );
  const members = keep(await startMembers({ stateFolder, tls, issuer, checks, speed }));
  const arm = keep(
    await startArm({
      tls,
      verify: checks.armCaller,
      kubeconfig: members.kubeconfig,
      emit: (event) => eventGrid.publishSystemEvent(event),
      speed,
      stateFile: inState("arm.sqlite"),
      pollSeconds: 1,
      missingGroups: "create",
      catalogue: laptopCatalogue,
    }),
  );
  arm.createResourceGroup({ subscriptionId, name: resourceGroup, location: "westeurope" });
  return { identities, tls, issuer, cosmos, queues, eventGrid, arm, members };
}

async function startProduct(
  { folder, stateFolder, environment, entry }: CloudOptions,
  azure: Azure,
  port: number,
): Promise<FunctionsHostProcess> {
  const { tls, identities, cosmos, queues } = azure;
  const endpoints = endpointsOf(folder, azure, `https://127.0.0.1:${port}`);
  const secretsFile = await secretsKeyFile(stateFolder);
  const keys = { cosmosKey: cosmos.key, queues: queues.connectionString, secretsFile };
  return await startFunctionsHostProcess({
    appFolder: join(import.meta.dirname, "..", "..", ".."),
    port,
    tls,
    caFile: tls.caFile,
    stateFolder: join(stateFolder, "functions-host"),
    logFile: join(folder, "logs", "functions-host.log"),
    environment: { ...hostEnvironment(endpoints, identities, keys), ...environment },
    ...(entry !== undefined && { entry }),
  });
}

/** Comes last: who finds it may use all that it names. */
async function writeEndpoints(folder: string, endpoints: Endpoints): Promise<void> {
  const text = `${JSON.stringify(endpoints, undefined, 2)}\n`;
  await writeFile(join(folder, "endpoints.json"), text, { mode: 0o600 });
}

function endpointsOf(folder: string, azure: Azure, hostUrl: string): Endpoints {
  const { tenantId, subscriptionId, person, apiClientId } = azure.identities;
  const fleet =
    `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}` +
    `/providers/Microsoft.ContainerService/fleets/${fleetName}`;
  return {
    hub: `${hostUrl}${fleet}/hub`,
    admin: hostUrl,
    arm: azure.arm.url,
    eventGrid: azure.eventGrid.topicEndpoint(memberTopic),
    cosmos: azure.cosmos.url,
    queues: azure.queues.url,
    issuer: azure.issuer.url,
    eventGridKey: azure.eventGrid.key,
    caFile: join(folder, "ca.crt"),
    kubeconfig: join(folder, "kubeconfig"),
    tenantId,
    clientId: person.clientId,
    clientSecret: person.clientSecret,
    scope: `api://${apiClientId}/.default`,
    subscriptionId,
    resourceGroup,
    fleetName,
  };
}

/** The product ends first, then what it uses; one that cannot end does not keep the others. */
async function closeAll(parts: { close(): Promise<void> }[]): Promise<void> {
  const [last, ...others] = parts.splice(0).toReversed();
  await last?.close().catch(() => {});
  await Promise.allSettled(others.map(async (part) => await part.close()));
}
