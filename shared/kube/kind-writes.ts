import type { KubeObject } from "./served-kind.ts";

/** Who makes an object: a `KubeCaller`. */
export interface Creator {
  readonly name: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/**
 * What a write of a wanted object makes of the live one, whose metadata it leaves alone. `now` is a
 * Kubernetes time. Pure; throws a `StatusError` for what it may not change.
 */
export type ChangeBelow = (wanted: KubeObject, live: KubeObject, now: string) => KubeObject;
