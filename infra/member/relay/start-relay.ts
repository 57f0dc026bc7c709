import { hostname } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import type { TokenCredential } from "@azure/identity";
import { CustomObjectsApi, type KubeConfig } from "@kubernetes/client-node";
import { beginEpoch } from "./epoch.ts";
import { type RelayLog, textOf } from "./log.ts";
import { type Publisher, publish } from "./publish.ts";
import { snapshots } from "./snapshots.ts";
import { type TopicOptions, topic } from "./topic.ts";
import { watchExports } from "./watch-exports.ts";

export interface RelayOptions {
  readonly kubeConfig: KubeConfig;
  /** The ARM id of the cluster. */
  readonly clusterId: string;
  readonly topic: TopicOptions;
  /** Who tells: the relay's workload identity, and the product's scope, "api://…/.default". */
  readonly identity: { readonly credential: TokenCredential; readonly scope: string };
  /** Where the relay's Lease is; "kube-system" when left out. */
  readonly namespace?: string;
  /** Events about one export do not follow each other faster; 1 second when left out. */
  readonly windowMilliseconds?: number;
  /** How often all is told again; 300 seconds when left out. */
  readonly repeatSeconds?: number;
  readonly log: RelayLog;
}

export interface Relay {
  /** Resolves once the first sight of the cluster was taken. */
  readonly ready: Promise<void>;
  stop(): Promise<void>;
}

/** A cluster that does not let the relay begin is asked again after so long. */
const beginRetryMilliseconds = 3000;

/**
 * Tells the fleet what a member cluster exports: watches its ServiceExports, their Services and
 * endpoints, and publishes a snapshot of each export when it changes. It starts at once and keeps
 * trying, whatever is away: the cluster, the topic or the issuer of its tokens.
 */
export async function startRelay(options: RelayOptions): Promise<Relay> {
  const stopping = new AbortController();
  const told = snapshots(options.windowMilliseconds ?? 1000);
  let publisher: Publisher | undefined;
  const sight = watchExports(
    options.kubeConfig,
    (name) => {
      told.change(name, sight.see(name));
      publisher?.look();
    },
    options.log,
  );

  const ready = (async () => {
    const epoch = await beginEpochSoon(options, stopping.signal);
    await sight.synced;
    if (stopping.signal.aborted) return;
    publisher = publish({
      topic: topic(options.topic),
      speaker: { clusterId: options.clusterId, epoch, token: () => tokenOf(options) },
      snapshots: told,
      listing: sight.names,
      repeatSeconds: options.repeatSeconds ?? 300,
      log: options.log,
    });
    options.log.info("Relay has seen its cluster", { epoch, exports: sight.names().length });
  })();
  ready.catch((error: unknown) => {
    if (!stopping.signal.aborted) options.log.warn(`Relay ended: ${textOf(error)}`);
  });
  return {
    ready,
    async stop() {
      stopping.abort();
      sight.stop();
      await publisher?.stop();
    },
  };
}

async function beginEpochSoon(
  { kubeConfig, namespace = "kube-system", log }: RelayOptions,
  signal: AbortSignal,
): Promise<number> {
  const objects = kubeConfig.makeApiClient(CustomObjectsApi);
  const holder = `${hostname()}-${process.pid}`;
  for (;;) {
    try {
      return await beginEpoch(objects, namespace, holder);
    } catch (error) {
      log.warn(`Cannot begin: ${textOf(error)}`);
      await delay(beginRetryMilliseconds, undefined, { signal });
    }
  }
}

async function tokenOf({ identity }: RelayOptions): Promise<string> {
  const token = await identity.credential.getToken(identity.scope);
  if (token === null) throw new Error("Cannot get a token: the credential gave none");
  return token.token;
}
