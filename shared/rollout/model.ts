/** How a workload gets to its clusters: snapshots of what is placed, bindings to where. */
import type { JsonObject } from "../lib/kube-object.ts";

/** Names one object of a workload, as placement statuses do. */
export interface ResourceIdentifier {
  /** "" for core. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

/** A whole Kubernetes object as it is applied: no status, no server-set metadata. */
export interface Manifest extends JsonObject {
  readonly apiVersion: string;
  readonly kind: string;
}
