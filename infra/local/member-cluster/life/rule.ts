import type { KubeApi } from "../../../../shared/kube/kube-api.ts";
import type { Document, FleetId, Kind, Write } from "../../../../shared/lib/document.ts";
import type { Json, JsonObject, KubeBody } from "../../../../shared/lib/kube-object.ts";

/** A Kubernetes object's body with the parts that controllers of a real cluster read. */
export interface LiveBody extends KubeBody {
  readonly spec?: JsonObject;
  readonly status?: JsonObject;
}

/** What a rule sees of its cluster. */
export interface ClusterView {
  readonly clusterId: string;
  /** The partition of the cluster's store. */
  readonly fleet: FleetId;
  /** For what Kubernetes' own controllers share with the product. */
  readonly api: () => KubeApi;
  readonly read: (
    kind: string,
    name: string,
    namespace?: string,
  ) => Promise<Document<LiveBody> | undefined>;
  readonly list: (kind: string, namespace?: string) => Promise<readonly Document<LiveBody>[]>;
  /** What cloud-provider-azure does: the frontend of a Service of type LoadBalancer. */
  readonly balancer: Balancer;
  /** Workloads whose pods are down because a test or a person wants them to be. */
  readonly isDown: (namespace: string, name: string) => boolean;
}

export interface Balancer {
  /** The public address of the Service, the same each time. Safe to repeat. */
  readonly ensureFrontend: (service: {
    readonly clusterId: string;
    readonly serviceUid: string;
    /** `namespace/name` */
    readonly serviceName: string;
    readonly ports: readonly JsonObject[];
  }) => string | Promise<string>;
  /** "in-use": something else sends traffic to it, so it cannot go yet. Safe to repeat. */
  readonly removeFrontend: (service: {
    readonly clusterId: string;
    readonly serviceUid: string;
  }) => "in-use" | undefined | Promise<"in-use" | undefined>;
}

/**
 * A bit of life: when an object of a kind changed, then after a while this is written. Rules look
 * at what is, so one that runs twice changes nothing the second time.
 */
export interface Rule {
  readonly kinds: readonly Kind[] | "all";
  /** Which changes of those kinds matter; all when left out. */
  readonly concerns?: (changed: Document<LiveBody>) => boolean;
  /** In Azure's time: the cloud's speed divides it. */
  readonly afterSeconds: number;
  /**
   * `changed` may be a tombstone, and may be older than what `view` shows. "again" asks to look
   * once more after the same while.
   */
  readonly next: (
    changed: Document<LiveBody>,
    view: ClusterView,
  ) => Promise<readonly Write[] | "again">;
}

/** The number at a field of a spec or status. */
export function numberAt(object: JsonObject | undefined, field: string, otherwise: number): number {
  const value = object?.[field];
  return typeof value === "number" ? value : otherwise;
}

/** The labels at a path: `labelsAt(spec, "template", "metadata", "labels")`. */
export function labelsAt(
  object: JsonObject | undefined,
  ...path: readonly string[]
): Readonly<Record<string, string>> {
  let value: Json | undefined = object;
  for (const field of path) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return {};
    value = (value as JsonObject)[field];
  }
  return (value ?? {}) as Readonly<Record<string, string>>;
}
