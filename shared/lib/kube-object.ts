import { type Instant, kubeTime } from "./instant.ts";

/** JSON, as Kubernetes objects and ARM bodies carry it. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json | undefined;
}

/**
 * The metadata that a stored Kubernetes object keeps in its body. The rest of `metadata` is the
 * document's: name, namespace, uid, resourceVersion (its revision), generation, creationTimestamp.
 */
export interface ObjectMeta {
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly ownerReferences?: readonly JsonObject[];
  readonly managedFields?: readonly JsonObject[];
  readonly deletionTimestamp?: Instant;
  readonly deletionGracePeriodSeconds?: number;
  readonly generateName?: string;
}

/** A stored Kubernetes object: all but what the document says itself (key, uid, versions). */
export interface KubeBody {
  readonly metadata: ObjectMeta;
}

/** A Kubernetes condition, as `kubectl wait --for=condition=…` reads it. */
export interface Condition {
  readonly type: string;
  readonly status: "True" | "False" | "Unknown";
  readonly observedGeneration?: number;
  /** "2026-08-01T09:00:00Z" */
  readonly lastTransitionTime: string;
  readonly reason: string;
  readonly message: string;
}

/**
 * The conditions with one of them replaced. Its transition time moves only with its status, so an
 * equal condition changes nothing.
 */
export function withCondition(
  conditions: readonly Condition[],
  next: Omit<Condition, "lastTransitionTime">,
  now: Instant,
): readonly Condition[] {
  const before = conditions.find(({ type }) => type === next.type);
  const lastTransitionTime =
    before?.status === next.status ? before.lastTransitionTime : kubeTime(now);
  const after: Condition = { ...next, lastTransitionTime };
  return before === undefined
    ? [...conditions, after]
    : conditions.map((each) => (each.type === next.type ? after : each));
}
