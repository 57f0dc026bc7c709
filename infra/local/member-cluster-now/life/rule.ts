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
  readonly read: (
    kind: string,
    name: string,
    namespace?: string,
  ) => Promise<Document<LiveBody> | undefined>;
  /** Namespaced kinds that the cluster serves besides the built-in ones. */
  readonly customKinds: readonly Kind[];
  readonly list: (kind: string, namespace?: string) => Promise<readonly Document<LiveBody>[]>;
  /** What cloud-provider-azure does: the frontend of a Service of type LoadBalancer. */
  readonly balancer: Balancer;
}

export interface Balancer {
  readonly ensureFrontend: (service: {
    readonly clusterId: string;
    readonly serviceUid: string;
    readonly serviceName: string;
    readonly ports: readonly JsonObject[];
  }) => string;
  readonly removeFrontend: (service: {
    readonly clusterId: string;
    readonly serviceUid: string;
  }) => void;
}

/**
 * A bit of life: when an object of a kind changed, then after a while this is written. Rules look
 * at what is, so one that runs twice changes nothing the second time.
 */
export interface Rule {
  readonly kinds: readonly Kind[];
  /** In Azure's time: the cloud's speed divides it. */
  readonly afterSeconds: number;
  /** `changed` may be a tombstone, and may be older than what `view` shows. */
  readonly next: (changed: Document<LiveBody>, view: ClusterView) => Promise<readonly Write[]>;
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
