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

async function startParts(
  options: CloudOptions,
  keep: Keep,
  close: () => Promise<void>,
): Promise<Cloud> {
  const { folder, stateFolder, speed = speedDefault } = options;
  const tls = await localAuthority(join(stateFolder, "tls"));
  const caFile = join(folder, "ca.crt");
  setDefaultCACertificates([...getCACertificates("default"), await readFile(tls.caFile, "utf8")]);

  const identities = await identitiesIn(stateFolder);
  const { tenantId, subscriptionId, product, person, apiClientId } = identities;
  const clients = [product, person];
  const keyFile = join(stateFolder, "issuer-keys.json");
  const [issuer, queues] = await Promise.all([
    startIssuer({ tls, tenantId, clients, keyFile }).then(keep),
    startAzurite({
      tls,
      folder: join(stateFolder, "azurite"),
      logFile: join(folder, "logs", "azurite.log"),
    }).then(keep),
  ]);
  const cosmos = keep(await spawnCosmosEndpoint({ tls, file: join(stateFolder, "cosmos.sqlite") }));
  const checks = tokenChecks(issuer);
  const eventGrid = keep(
    await startEventGrid({
      tls,
      topics: [{ name: memberTopic, inputSchema: "CloudEvents" }],
      key: randomBytes(32).toString("base64"),
      deadLetterFolder: join(stateFolder, "dead-letters"),
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
      stateFile: join(stateFolder, "arm.sqlite"),
      pollSeconds: 1,
      missingGroups: "create",
      catalogue: laptopCatalogue,
    }),
  );
  arm.createResourceGroup({ subscriptionId, name: resourceGroup, location: "westeurope" });

  const fleetPath =
    `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}` +
    `/providers/Microsoft.ContainerService/fleets/${fleetName}`;
  const endpointsAt = (hostUrl: string): Endpoints => ({
    hub: `${hostUrl}${fleetPath}/hub`,
    admin: hostUrl,
    arm: arm.url,
    eventGrid: eventGrid.topicEndpoint(memberTopic),
    cosmos: cosmos.url,
    queues: queues.url,
    issuer: issuer.url,
    eventGridKey: eventGrid.key,
    caFile,
    kubeconfig: join(folder, "kubeconfig"),
    tenantId,
    clientId: person.clientId,
    clientSecret: person.clientSecret,
    scope: `api://${apiClientId}/.default`,
    subscriptionId,
    resourceGroup,
    fleetName,
  });

  await createStorage({ cosmos, queues });
  const startHost = async (port: number) =>
    await startFunctionsHostProcess({
      appFolder: join(import.meta.dirname, "..", "..", ".."),
      port,
      tls,
      caFile: tls.caFile,
      stateFolder: join(stateFolder, "functions-host"),
      logFile: join(folder, "logs", "functions-host.log"),
      environment: {
        ...hostEnvironment(endpointsAt(`https://127.0.0.1:${port}`), identities, {
          cosmosKey: cosmos.key,
          queues: queues.connectionString,
        }),
        ...options.environment,
      },
    });
  const port = options.port ?? (await freePort());
  let host = await startHost(port);
  keep({ close: async () => await host.stop() });
  const endpoints = endpointsAt(host.url);
  // Only now is it sure that no other cloud runs here, whose clients use these files.
  await writeFile(caFile, await readFile(tls.caFile));
  await subscribeFunctions(eventGrid, host, memberTopic);
  await members.connect({ arm, endpoints, identities, relays: options.relays ?? true });
  await writeFile(join(folder, "endpoints.json"), `${JSON.stringify(endpoints, undefined, 2)}\n`);

  return {
    endpoints,
    identities,
    tls,
    issuer,
    cosmos,
    queues,
    eventGrid,
    arm,
    members,
    host: () => host,
    crashHost: async () => {
      await host.kill();
      host = await startHost(port);
    },
    close,
  };
}

/** The product ends first, then what it uses; one that cannot end does not keep the others. */
async function closeAll(parts: { close(): Promise<void> }[]): Promise<void> {
  const [last, ...others] = parts.splice(0).toReversed();
  await last?.close().catch(() => {});
  await Promise.allSettled(others.map(async (part) => await part.close()));
}
