import type { JsonObject } from "../../lib/kube-object.ts";

/**
 * The schemas of one group version, as a cluster's OpenAPI v3 document has them in
 * `components.schemas`: by upstream's names, with references between them.
 */
export interface SchemaSet {
  /** Changes whenever a schema does; equal for equal schemas. */
  readonly hash: string;
  /** The schema of each kind: "Deployment" is "io.k8s.api.apps.v1.Deployment". */
  readonly kinds: Readonly<Record<string, string>>;
  /**
   * The schemas by name. They are large and parsed anew at each call: keep what is made of them,
   * not them. Empty when they cannot be read.
   */
  readonly read: () => JsonObject;
}

/**
 * What was learnt of built-in kinds, by the path of their group version: "api/v1", "apis/apps/v1".
 * It never changes: who learns more makes a new one, so what is derived of it can be kept.
 */
export type LearntSchemas = ReadonlyMap<string, SchemaSet>;

/** "api/v1", "apis/apps/v1": how OpenAPI v3's index names a group version. */
export function groupVersionPath(group: string, version: string): string {
  return group === "" ? `api/${version}` : `apis/${group}/${version}`;
}
