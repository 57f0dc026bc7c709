import type { TokenCredential } from "@azure/identity";
import type { Members, Work } from "../effects/members.ts";
import type { ClusterId, HealthSeen } from "../fleet/model.ts";
import { textOf } from "../kube/json.ts";
import {
  identifierOf,
  type ManifestSeen,
  type ResourceIdentifier,
  type WorkSeen,
} from "../rollout/model.ts";
import { applyManifest, type MemberApi } from "./members/apply-manifest.ts";
import { clientCache } from "./members/client-cache.ts";
import { concurrently } from "./members/concurrently.ts";
import { discovery } from "./members/discovery.ts";
import { type KubeClient, kubeClient } from "./members/kube-client.ts";
import { parseKubeconfig } from "./members/kubeconfig.ts";
import { seeOpenApi } from "./members/open-api.ts";
import { removeObject } from "./members/remove-object.ts";
import { UnreachableError } from "./members/unreachable-error.ts";
import { seeUsage } from "./members/usage.ts";
import { inWaves } from "./members/waves.ts";

export interface KubernetesMembersOptions {
  readonly credentials: {
    /** YAML. Throws `FleetError` "Unavailable" when there is none. */
    readonly kubeconfigOf: (cluster: ClusterId) => Promise<string>;
  };
  /** Who we are to API servers that take Entra's tokens. */
  readonly credential: TokenCredential;
}

/** So many objects of one work are on their way at once. */
const objectsAtOnceMax = 8;
/** What is not applied by then waits for the next look, so that no look outlives its message. */
const workMillisecondsMax = 100_000;

/**
 * Member clusters, each through its own API server, reached with the kubeconfig that ARM gives. It
 * never throws for what a cluster does or does not answer; `FleetError` "TooManyRequests" when ARM
 * gives no kubeconfig because it was asked too often.
 */
export function kubernetesMembers(options: KubernetesMembersOptions): Members {
  const { credentials, credential } = options;
  const apis = new WeakMap<KubeClient, MemberApi>();
  const clients = clientCache(async (cluster) =>
    kubeClient(parseKubeconfig(await credentials.kubeconfigOf(cluster)), tokenFor),
  );

  async function tokenFor(serverId: string): Promise<string> {
    const token = await credential.getToken(`${serverId}/.default`);
    if (token === null) throw new Error("the credential gives none");
    return token.token;
  }

  function apiOf(client: KubeClient): MemberApi {
    const api = apis.get(client) ?? { client, discovery: discovery(client) };
    apis.set(client, api);
    return api;
  }

  return {
    async apply(cluster, work) {
      return await orUnreachable(() =>
        clients.use(cluster, (client) => applyWork(work, apiOf(client))),
      );
    },
    async health(cluster) {
      return await orUnreachable(() => clients.use(cluster, seeHealth));
    },
    async usage(cluster) {
      return await orUnreachable(() => clients.use(cluster, seeUsage));
    },
    async openApi(cluster, asked) {
      return await orUnreachable(() => clients.use(cluster, (client) => seeOpenApi(client, asked)));
    },
  };
}

async function applyWork({ name, manifests, remove }: Work, api: MemberApi): Promise<WorkSeen> {
  const startedAt = performance.now();
  const isLate = () => performance.now() - startedAt > workMillisecondsMax;
  const seen: ManifestSeen[] = [];
  for (const wave of inWaves(manifests, identifierOf)) {
    const applied = await concurrently(wave, objectsAtOnceMax, async (manifest) =>
      isLate() ? notTried(identifierOf(manifest)) : await applyManifest(manifest, name, api),
    );
    seen.push(...applied);
  }
  const remaining: ResourceIdentifier[] = [];
  for (const wave of inWaves(remove, (each) => each).toReversed()) {
    const gone = await concurrently(wave, objectsAtOnceMax, async (each) =>
      isLate() ? false : await removeObject(each, name, api),
    );
    remaining.push(...wave.filter((_, index) => gone[index] !== true));
  }
  return { kind: "seen", manifests: seen, remaining };
}

function notTried(resource: ResourceIdentifier): ManifestSeen {
  const reason = "ManifestApplyFailed";
  const seconds = workMillisecondsMax / 1000;
  return { kind: "failed", resource, reason, message: `not tried within ${seconds} s` };
}

async function seeHealth(client: KubeClient): Promise<HealthSeen> {
  const [ready, version] = await Promise.all([
    client.ask({ method: "GET", path: "/readyz" }),
    client.ask({ method: "GET", path: "/version" }),
  ]);
  if (ready.status === 403) {
    return {
      kind: "unreachable",
      reason: "the API server does not let us ask whether it is ready",
    };
  }
  if (ready.status !== 200) {
    return { kind: "unhealthy", reason: `the API server is not ready (${ready.status})` };
  }
  const kubernetesVersion = (textOf(version.body["gitVersion"]) ?? "").replace(/^v/, "");
  return { kind: "healthy", kubernetesVersion };
}

/** A cluster that is out of reach is something that is so, not an error. */
async function orUnreachable<Seen>(
  see: () => Promise<Seen>,
): Promise<Seen | { readonly kind: "unreachable"; readonly reason: string }> {
  try {
    return await see();
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error;
    return { kind: "unreachable", reason: error.message };
  }
}
