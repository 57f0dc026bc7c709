/** The relay of one member cluster, as its Deployment runs it, set by the environment. */
import { AzureKeyCredential } from "@azure/eventgrid";
import { DefaultAzureCredential } from "@azure/identity";
import { KubeConfig } from "@kubernetes/client-node";
import { z } from "zod";
import type { RelayLog } from "./log.ts";
import { startRelay } from "./start-relay.ts";

const settings = z.object({
  /** The ARM id of the cluster. */
  CLUSTER_ID: z.string().regex(/^\/subscriptions\/.+\/managedClusters\/[^/]+$/i),
  TOPIC_ENDPOINT: z.url(),
  /** Left out in Azure, where the relay's workload identity may publish. */
  TOPIC_KEY: z.string().optional(),
  /** "api://<the product's application id>/.default" */
  API_SCOPE: z.string().endsWith("/.default"),
  /** Where the relay's Lease is. */
  POD_NAMESPACE: z.string().default("hubless-system"),
  /** A kubeconfig file; left out inside a cluster. */
  KUBECONFIG: z.string().optional(),
});

function readSettings(): z.infer<typeof settings> {
  const parsed = settings.safeParse(process.env);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  process.stderr.write(`Cannot start: settings are missing or wrong: ${wrong.join("; ")}\n`);
  process.exit(1);
}

function write(level: string, message: string, details?: Readonly<Record<string, unknown>>): void {
  const line = { time: new Date().toISOString(), level, message, ...details };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

const log: RelayLog = {
  info: (message, details) => write("info", message, details),
  warn: (message, details) => write("warn", message, details),
};

const config = readSettings();
const kubeConfig = new KubeConfig();
if (config.KUBECONFIG === undefined) kubeConfig.loadFromCluster();
else kubeConfig.loadFromFile(config.KUBECONFIG);
const credential = new DefaultAzureCredential();

const relay = await startRelay({
  kubeConfig,
  clusterId: config.CLUSTER_ID,
  topic: {
    endpoint: config.TOPIC_ENDPOINT,
    credential:
      config.TOPIC_KEY === undefined ? credential : new AzureKeyCredential(config.TOPIC_KEY),
  },
  identity: { credential, scope: config.API_SCOPE },
  namespace: config.POD_NAMESPACE,
  log,
});

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, () => {
    void relay.stop().then(() => process.exit(0));
  });
}
