import { arrayOf, objectOf } from "../../kube/json.ts";
import type { KubeAnswer, KubeClient } from "./kube-client.ts";
import { UnreachableError } from "./unreachable-error.ts";

/** Where the objects of one kind are in one cluster's API. */
export interface ApiResource {
  /** "/apis/apps/v1" */
  readonly base: string;
  /** "deployments" */
  readonly plural: string;
  readonly namespaced: boolean;
}

export interface Discovery {
  /** Undefined when the cluster does not serve the kind, for example before its definition. */
  readonly find: (apiVersion: string, kind: string) => Promise<ApiResource | undefined>;
}

/** What a cluster serves changes with its version and its definitions only. */
const keptMilliseconds = 10 * 60 * 1000;
/** A kind that was not there is looked for again after this. */
const absentMilliseconds = 1_000;

interface Kept {
  readonly resources: Promise<ReadonlyMap<string, ApiResource>>;
  readonly atMilliseconds: number;
}

export function discovery(client: KubeClient): Discovery {
  const kept = new Map<string, Kept>();

  function resourcesOf(apiVersion: string, maxAge: number): Kept["resources"] {
    const now = performance.now();
    const known = kept.get(apiVersion);
    if (known !== undefined && now - known.atMilliseconds < maxAge) return known.resources;
    const resources = readResources(client, apiVersion);
    kept.set(apiVersion, { resources, atMilliseconds: now });
    resources.catch(() => kept.delete(apiVersion));
    return resources;
  }

  return {
    async find(apiVersion, kind) {
      const known = (await resourcesOf(apiVersion, keptMilliseconds)).get(kind);
      return known ?? (await resourcesOf(apiVersion, absentMilliseconds)).get(kind);
    },
  };
}

async function readResources(
  client: KubeClient,
  apiVersion: string,
): Promise<ReadonlyMap<string, ApiResource>> {
  const base = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const answer = await client.ask({ method: "GET", path: base });
  if (answer.status === 404) return new Map();
  if (answer.status !== 200) throw refusal(answer);
  const resources = arrayOf(answer.body["resources"]).map(objectOf);
  return new Map(
    resources
      .filter(({ name }) => typeof name === "string" && !name.includes("/"))
      .map(({ name, kind, namespaced }) => [
        String(kind),
        { base, plural: String(name), namespaced: namespaced === true },
      ]),
  );
}

/** Who may not even see what is served is not let in at all. */
function refusal({ status, body }: KubeAnswer): UnreachableError {
  const { message } = body;
  const said = typeof message === "string" ? `: ${message}` : "";
  return new UnreachableError(
    `the API server refuses to say what it serves (${status})${said}`,
    false,
  );
}

/** "/apis/apps/v1/namespaces/demo/deployments/web" */
export function objectPath(
  { base, plural, namespaced }: ApiResource,
  { namespace, name }: { readonly namespace?: string | undefined; readonly name: string },
): string {
  const scope = namespaced ? `/namespaces/${encodeURIComponent(namespace ?? "default")}` : "";
  return `${base}${scope}/${plural}/${encodeURIComponent(name)}`;
}
