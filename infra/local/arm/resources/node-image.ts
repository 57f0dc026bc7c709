import { badRequest } from "../arm-error.ts";
import { historyOf, type Pool, type RecentlyUsed } from "./cluster-model.ts";

const latest = "latest";

/**
 * A PUT of the cluster may repeat the image that a pool has, or say `latest`; another one is not
 * taken. That is why a client that read the cluster before an image upgrade must not echo it.
 */
export function checkEchoedImage(pool: Pool, image: string | undefined): void {
  if (image === undefined || image === latest || image === pool.properties.nodeImageVersion) return;
  throw imageRefused(pool, image);
}

/** The pair of versions that a pool goes back to, when it names one that it had lately. */
export function rollbackOf(
  pool: Pool,
  wanted: { readonly version: string; readonly image: string | undefined },
): RecentlyUsed | undefined {
  const { nodeImageVersion, orchestratorVersion } = pool.properties;
  if (wanted.image === undefined || wanted.image === latest) return undefined;
  if (wanted.image === nodeImageVersion && wanted.version === orchestratorVersion) return undefined;
  return historyOf(pool).recentlyUsed.find(
    (used) => used.nodeImageVersion === wanted.image && used.orchestratorVersion === wanted.version,
  );
}

export function imageRefused(pool: Pool, image: string) {
  return badRequest(
    "InvalidParameter",
    `NodeImageVersion is not accepted: "${image}" must be the current version ` +
      `"${pool.properties.nodeImageVersion}", 'latest' or a recently used version of the pool.`,
    "nodeImageVersion",
  );
}
