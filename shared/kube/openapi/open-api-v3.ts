import { createHash } from "node:crypto";
import type { Json, JsonObject } from "../../lib/kube-object.ts";
import { discoveredGroups } from "../discovery/api-resources.ts";
import type { Kinds } from "../kinds.ts";
import { type ReviewKind, reviewKinds } from "../review/review-kinds.ts";
import { allSchemas, type KindVersion, ownSchemas } from "./kind-schemas.ts";
import { pathsOf, pathsOfReview } from "./open-api-paths.ts";
import { reviewSchemas } from "./reviews/review-schemas.ts";
import { groupVersionPath } from "./schema-set.ts";

/** What a group version serves, and under which path: "/apis/apps/v1". */
export interface OpenApiGroup {
  readonly path: string;
  readonly kinds: readonly KindVersion[];
  /** What is only created, and never kept. */
  readonly reviews: readonly ReviewKind[];
}

/** All group versions that have documents. */
export function openApiGroups(kinds: Kinds): readonly OpenApiGroup[] {
  return discoveredGroups(kinds).flatMap(({ group, versions }) =>
    versions.map((name) => ({
      path: `/${groupVersionPath(group, name)}`,
      kinds: kinds.all
        .filter((kind) => kind.group === group)
        .flatMap((kind) =>
          kind.versions
            .filter((version) => version.name === name)
            .map((version) => ({ kind, version })),
        ),
      reviews: reviewKinds.filter((each) => each.group === group && each.version === name),
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
    components: { schemas: { ...reviewSchemas(group.reviews), ...allSchemas(group.kinds) } },
  };
}

/** Clients keep documents by their hash: count on when documents of the same parts change. */
const formatVersion = 1;

/** The hash of the document, from what it is made of: learnt schemas need not be read for it. */
export function openApiV3Hash(group: OpenApiGroup): string {
  const learnt = group.kinds.flatMap(({ version }) =>
    version.learnt === undefined ? [] : [`${version.learnt.name} ${version.learnt.schemas.hash}`],
  );
  const own = { ...reviewSchemas(group.reviews), ...ownSchemas(group.kinds) };
  return hashOf([formatVersion, pathsOfGroup(group), own, learnt]);
}

function pathsOfGroup({ kinds, reviews, path }: OpenApiGroup): JsonObject {
  const paths = kinds.map((each) => pathsOf(each, path));
  const ofReviews = reviews.map((each) => pathsOfReview(each, path));
  return Object.assign({}, ...paths, ...ofReviews) as JsonObject;
}

export function hashOf(value: Json): string {
  return createHash("sha512").update(JSON.stringify(value)).digest("hex").toUpperCase();
}
