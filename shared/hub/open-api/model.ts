/** What a fleet's hub knows of built-in kinds: learnt from the OpenAPI of one of its members. */
import type { ClusterId } from "../../fleet/model.ts";
import { type FleetId, type Key, keyOf, kind } from "../../lib/document.ts";
import type { Instant } from "../../lib/instant.ts";

/** The member whose OpenAPI the hub follows. */
export interface OpenApiSource {
  readonly member: string;
  readonly cluster: ClusterId;
  /** "1.34.1" */
  readonly kubernetesVersion: string;
}

/** One document for each fleet, of constant size. */
export interface LearntOpenApi {
  /** Left out when the source left and no other member was found: the next one is taken. */
  readonly source?: OpenApiSource;
  /** When all that the source tells was last known, and of which source; left out before. */
  readonly learnt?: OpenApiSource & { readonly at: Instant };
  /** Why the source did not answer, how often in a row, and when last. */
  readonly trouble?: { readonly reason: string; readonly tries: number; readonly at: Instant };
  /** The hashes by which the member tells changes of what is kept: "apis/apps/v1" → "AB12". */
  readonly hashes: Readonly<Record<string, string>>;
}
export const openApiKind = kind<LearntOpenApi>("hubless/openapi");

/** The schemas of one group version, which the document is named after: "apis/apps/v1". */
export interface KeptSchemas {
  /** As the member tells it. */
  readonly hash: string;
  /** "Deployment" → "io.k8s.api.apps.v1.Deployment" */
  readonly kinds: Readonly<Record<string, string>>;
  /** Base64 of the schemas as gzipped JSON; "" for what is too large to be kept. */
  readonly gzip: string;
}
export const keptSchemasKind = kind<KeptSchemas>("hubless/openapischemas");

/**
 * A member that the hub may learn from: nothing is saved under the key, which is named like the
 * member. Each change of a member wakes it.
 */
export const openApiMemberKind = kind<never>("hubless/openapimembers");

export const openApiKey = (fleet: FleetId): Key<LearntOpenApi> =>
  keyOf(openApiKind, fleet, "built-in");

export const keptSchemasKey = (fleet: FleetId, groupVersion: string): Key<KeptSchemas> =>
  keyOf(keptSchemasKind, fleet, groupVersion);

export const openApiMemberKey = (fleet: FleetId, member: string): Key<never> =>
  keyOf(openApiMemberKind, fleet, member);
