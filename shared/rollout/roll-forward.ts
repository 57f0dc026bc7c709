/**
 * Which bindings move to the newest snapshot now.
 *
 * F1. At most `maxUnavailable` of a placement's clusters are not ready because of a rollout: a
 *     ready cluster is taken only while fewer are. Those that are not ready lose nothing and move
 *     at once, all of them.
 * F2. A snapshot that makes its clusters fail therefore stops after the first few.
 * F3. A cluster that has not answered for `heldSnapshotsMax` snapshots gets no newer one before it
 *     answers: what it may hold stays a short list.
 */
import type { Document } from "../lib/document.ts";
import type { Instant } from "../lib/instant.ts";
import type { RollingUpdate } from "../placement/model.ts";
import { type BindingChange, moveTo } from "./binding-change.ts";
import { isReady } from "./counting.ts";
import type { Binding } from "./model.ts";

export interface ToRollForward {
  readonly snapshot: string;
  /** Some bindings that want an older snapshot, those that are not ready first. */
  readonly stale: readonly Document<Binding>[];
  /** Of the whole placement. */
  readonly bindings: number;
  readonly ready: number;
  readonly rollingUpdate: RollingUpdate | undefined;
  readonly now: Instant;
}

const heldSnapshotsMax = 10;

export function rollForward(toRoll: ToRollForward): readonly BindingChange[] {
  const { snapshot, stale, bindings, ready, rollingUpdate, now } = toRoll;
  const movable = stale.filter(({ body }) => body.rollout.mayHold.length < heldSnapshotsMax);
  const unready = movable.filter(({ body }) => !isReady(body));
  const unavailable = bindings - ready;
  const room = Math.max(0, unavailableMax(rollingUpdate, bindings) - unavailable);
  const taken = movable.filter(({ body }) => isReady(body)).slice(0, room);
  return [...unready, ...taken].map((before) => ({
    key: before.key,
    before,
    after: moveTo(snapshot, before, now),
    wakeAt: now,
  }));
}

/**
 * KubeFleet's default is a quarter of all clusters, rounded up. At least one: a rollout that may
 * take none would never end.
 */
export function unavailableMax(rollingUpdate: RollingUpdate | undefined, bindings: number): number {
  const { maxUnavailable = "25%" } = rollingUpdate ?? {};
  const percent = /^(\d+)%$/.exec(String(maxUnavailable))?.[1];
  const wanted =
    percent === undefined ? Number(maxUnavailable) : Math.ceil((Number(percent) * bindings) / 100);
  return Math.max(1, wanted);
}
