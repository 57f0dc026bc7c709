import type { Manifest, ResourceIdentifier } from "./model.ts";

/** Names the object of a manifest. */
export function identifierOf({ apiVersion, kind, metadata }: Manifest): ResourceIdentifier {
  const { name, namespace } = (metadata ?? {}) as { name?: string; namespace?: string };
  const slash = apiVersion.indexOf("/");
  return {
    group: slash < 0 ? "" : apiVersion.slice(0, slash),
    version: apiVersion.slice(slash + 1),
    kind,
    ...(namespace !== undefined && { namespace }),
    name: name ?? "",
  };
}

/** Equal for one object, in whatever version it is written. */
export function identifierText({ group, kind, namespace = "", name }: ResourceIdentifier): string {
  return `${group}/${kind}/${namespace}/${name}`;
}
