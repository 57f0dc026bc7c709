/**
 * `npm start`: the cloud on a laptop, with a small fleet. `npm start -- --once` plays the tour.
 */
import { dirname, join, relative } from "node:path";
import { parseArguments, usage } from "./arguments.ts";
import { type Cloud, resourceGroup, startCloud } from "./cloud/start-cloud.ts";
import { createClusters } from "./create-clusters.ts";
import { ensureFleet } from "./ensure-fleet.ts";
import { sampleClusters } from "./sample-clusters.ts";
import { type TourClients, tourClients } from "./tour/clients.ts";
import { playTour } from "./tour/tour.ts";

const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** What still runs this long after Ctrl-C is ended with the process. */
const stopMillisecondsMax = 1_800;

async function main(): Promise<number> {
  const parsed = parseArguments(process.argv.slice(2));
  if (parsed.kind === "wrong") {
    process.stderr.write(`${parsed.message}\n\n${usage}\n`);
    return 2;
  }
  if (parsed.kind === "help") {
    print(usage);
    return 0;
  }
  const { options } = parsed;
  const startedAt = performance.now();
  print("Starting the cloud on this laptop...");
  const cloud = await startCloud(options);
  endWithSignals(cloud);
  const clients = tourClients(cloud.endpoints);
  await ensureFleet(clients);
  print(`Ready after ${seconds(startedAt)} s.`);

  if (options.once) return await tour(cloud, clients, options.members, startedAt);
  await createClusters(clients.aks, await missingClusters(clients, options.members));
  await printAddresses(cloud);
  return await new Promise<number>(() => {});
}

async function tour(
  cloud: Cloud,
  clients: TourClients,
  clusters: number,
  startedAt: number,
): Promise<number> {
  print(`Look along while it plays, with kubectl in another terminal

  export KUBECONFIG=${relative(process.cwd(), cloud.endpoints.kubeconfig)}

or in a browser, which warns of the certificate that this laptop made for itself:

  ${await dashboardUrl(cloud)}`);
  const toured = await playTour({ clients, clusters, print });
  const { delivered } = cloud.eventGrid.stats();
  const { requestUnits } = await cloud.cosmos.statistics();
  await cloud.close();
  const summary = {
    ...toured,
    eventsDelivered: delivered,
    requestUnits: Math.round(requestUnits),
    seconds: Number(seconds(startedAt)),
  };
  print("");
  print(JSON.stringify(summary));
  return toured.tour === "ok" ? 0 : 1;
}

const seconds = (since: number): string => ((performance.now() - since) / 1000).toFixed(1);

async function missingClusters({ aks, endpoints }: TourClients, count: number) {
  const there = new Set<string>();
  for await (const { name } of aks.managedClusters.list()) there.add(name ?? "");
  return sampleClusters(count, endpoints.fleetName).filter(({ name }) => !there.has(name));
}

/** With a token for an hour, which the browser keeps for the tab and never sends in a URL. */
async function dashboardUrl({ endpoints, issuer, identities }: Cloud): Promise<string> {
  const { objectId, name, roles } = identities.person;
  const token = await issuer.mint({
    aud: identities.apiClientId,
    oid: objectId,
    preferred_username: name,
    roles: [...(roles ?? [])],
  });
  return `${endpoints.admin}/dashboard#token=${token}`;
}

async function printAddresses(cloud: Cloud): Promise<void> {
  const { endpoints } = cloud;
  const kubeconfig = relative(process.cwd(), endpoints.kubeconfig);
  print(`
  hub          ${endpoints.hub}
  ARM API      ${endpoints.admin} (fleets), ${endpoints.arm} (simulated Azure)
  kubeconfig   ${kubeconfig}: the contexts "hub" and one for each member cluster
  endpoints    ${join(dirname(kubeconfig), "endpoints.json")}
  resources    subscription ${endpoints.subscriptionId}, resource group ${resourceGroup}

Three commands to try:

  export KUBECONFIG=${kubeconfig}
  kubectl get memberclusters
  kubectl apply -f infra/local/tour/manifests/demo.yaml -f infra/local/tour/manifests/placement.yaml
  kubectl --context aks-eastus-1 get deployments -n demo --watch

Or look at all of it in a browser, which warns of the certificate that this laptop made for itself:

  ${await dashboardUrl(cloud)}

Ctrl-C ends it; state is kept for the next start (--fresh forgets it).`);
}

function endWithSignals(cloud: Cloud): void {
  let isEnding = false;
  const end = () => {
    if (isEnding) return;
    isEnding = true;
    print("\nEnding...");
    setTimeout(() => process.exit(0), stopMillisecondsMax);
    cloud.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on("SIGINT", end);
  process.on("SIGTERM", end);
  process.on("SIGHUP", end);
}

try {
  process.exit(await main());
} catch (error) {
  process.stderr.write(`Cannot go on: ${error instanceof Error ? error.message : String(error)}\n`);
  process.stderr.write("Look at .local/logs for what each part said.\n");
  process.exit(1);
}
