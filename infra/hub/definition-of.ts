import type { OpenApiSchema, ServedKind, ServedVersion } from "../../shared/kube/served-kind.ts";

/**
 * The CustomResourceDefinition of a kind that the hub serves, for who needs it as a manifest:
 * editors and linters, and clusters in which a kind is used too.
 */
export function definitionOf(kind: ServedKind): object {
  const { group, plural, singular, shortNames, categories, namespaced, versions } = kind;
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      names: {
        kind: kind.kind,
        listKind: `${kind.kind}List`,
        plural,
        singular,
        ...(shortNames !== undefined && { shortNames }),
        ...(categories !== undefined && { categories }),
      },
      scope: namespaced ? "Namespaced" : "Cluster",
      versions: versions.map((version, index) => versionOf(version, kind, index === 0)),
    },
  };
}

function versionOf(version: ServedVersion, { hasStatus }: ServedKind, storage: boolean): object {
  // A cell that no path can say is the hub's own: a cluster would not know how to show it.
  const columns = (version.columns ?? []).filter((column) => "jsonPath" in column);
  return {
    name: version.name,
    served: true,
    storage,
    ...(hasStatus && { subresources: { status: {} } }),
    ...(columns.length > 0 && { additionalPrinterColumns: columns }),
    schema: { openAPIV3Schema: wholeSchema(version) },
  };
}

/** Definitions describe the whole object, the fields that all objects have included. */
function wholeSchema({ schema = { type: "object" } }: ServedVersion): OpenApiSchema {
  return {
    ...schema,
    properties: {
      apiVersion: { type: "string" },
      kind: { type: "string" },
      metadata: { type: "object" },
      ...schema.properties,
    },
  };
}
