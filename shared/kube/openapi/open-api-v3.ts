import { createHash } from "node:crypto";
import type { Json, JsonObject } from "../../lib/kube-object.ts";
import { groupVersionsOf, type Kinds } from "../kinds.ts";
import { allSchemas, type KindVersion, ownSchemas } from "./kind-schemas.ts";
import { pathsOf } from "./open-api-paths.ts";
import { groupVersionPath } from "./schema-set.ts";

/** What a group version serves, and under which path: "/apis/apps/v1". */
export interface OpenApiGroup {
  readonly path: string;
  readonly kinds: readonly KindVersion[];
}

/** All group versions that have documents. */
export function openApiGroups(kinds: Kinds): readonly OpenApiGroup[] {
  return groupVersionsOf(kinds).flatMap(({ group, versions }) =>
    versions.map((name) => ({
      path: `/${groupVersionPath(group, name)}`,
      kinds: kinds.all
        .filter((kind) => kind.group === group)
        .flatMap((kind) =>
          kind.versions
            .filter((version) => version.name === name)
            .map((version) => ({ kind, version })),
        ),
    })),
  );
}

/**
 * The OpenAPI v3 document of a group version. kubectl reads from it that the server validates
 * fields (the parameter `fieldValidation` of PATCH) and what `explain` shows.
 */
export function openApiV3(group: OpenApiGroup): JsonObject {
  return {
    openapi: "3.0.0",
    info: { title: "Kubernetes", version: "unversioned" },
    paths: pathsOfGroup(group),
    components: { schemas: allSchemas(group.kinds) },
  };
}

/** Clients keep documents by their hash: count on when documents of the same parts change. */
const formatVersion = 1;

/** The hash of the document, from what it is made of: learnt schemas need not be read for it. */
export function openApiV3Hash(group: OpenApiGroup): string {
  const learnt = group.kinds.flatMap(({ version }) =>
    version.learnt === undefined ? [] : [`${version.learnt.name} ${version.learnt.schemas.hash}`],
  );
  return hashOf([formatVersion, pathsOfGroup(group), ownSchemas(group.kinds), learnt]);
}

function pathsOfGroup({ kinds, path }: OpenApiGroup): JsonObject {
  return Object.assign({}, ...kinds.map((each) => pathsOf(each, path))) as JsonObject;
}

export function hashOf(value: Json): string {
  return createHash("sha512").update(JSON.stringify(value)).digest("hex").toUpperCase();
}
