import type { JsonObject } from "../../lib/kube-object.ts";
import { parseAccept } from "../http/media-type.ts";
import type { GroupVersions, Kinds } from "../kinds.ts";
import { type DiscoveredResource, discoveredResources } from "./api-resources.ts";

export type AggregatedVersion = "v2" | "v2beta1";

/** The version of aggregated discovery that a client takes; undefined for the older form. */
export function aggregatedVersion(accept: string | null): AggregatedVersion | undefined {
  for (const { type, parameters } of parseAccept(accept)) {
    const { as, g: group, v: version } = parameters;
    if (type !== "application/json") continue;
    if (as === undefined) return undefined;
    if (as !== "APIGroupDiscoveryList" || group !== "apidiscovery.k8s.io") continue;
    if (version === "v2" || version === "v2beta1") return version;
  }
  return undefined;
}

export function aggregatedType(version: AggregatedVersion): string {
  return `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`;
}

/**
 * Everything that is served, in one answer.
 *
 * @see https://kubernetes.io/docs/concepts/overview/kubernetes-api/#aggregated-discovery
 */
export function aggregatedDiscovery(
  kinds: Kinds,
  groups: readonly GroupVersions[],
  version: AggregatedVersion,
): JsonObject {
  return {
    kind: "APIGroupDiscoveryList",
    apiVersion: `apidiscovery.k8s.io/${version}`,
    metadata: {},
    items: groups.map(({ group, versions }) => ({
      metadata: { name: group, creationTimestamp: null },
      versions: versions.map((each) => ({
        version: each,
        resources: aggregatedResources(discoveredResources(kinds, group, each), group, each),
        freshness: "Current",
      })),
    })),
  };
}

function aggregatedResources(
  resources: readonly DiscoveredResource[],
  group: string,
  version: string,
): readonly JsonObject[] {
  return resources
    .filter(({ subresource }) => subresource === undefined)
    .map((resource) => ({
      resource: resource.plural,
      responseKind: { group, version, kind: resource.kind },
      scope: resource.namespaced ? "Namespaced" : "Cluster",
      singularResource: resource.singular,
      verbs: resource.verbs,
      ...(resource.shortNames.length > 0 && { shortNames: resource.shortNames }),
      ...(resource.categories.length > 0 && { categories: resource.categories }),
      subresources: resources
        .filter(
          ({ plural, subresource }) => plural === resource.plural && subresource !== undefined,
        )
        .map((below) => ({
          subresource: below.subresource,
          responseKind: {
            group: below.group ?? group,
            version: below.version ?? version,
            kind: below.kind,
          },
          verbs: below.verbs,
        })),
    }));
}
