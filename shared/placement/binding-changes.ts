import type { Document } from "../lib/document.ts";
import type { Instant } from "../lib/instant.ts";
import { type BindingChange, bind, unschedule } from "../rollout/binding-change.ts";
import { type Binding, bindingKey } from "../rollout/model.ts";
import type { Placement } from "./model.ts";
import type { Chosen, Schedule } from "./schedule.ts";

/** KubeFleet's default of `unavailablePeriodSeconds`. */
const settleSecondsDefault = 60;

export interface Choice {
  readonly placement: Document<Placement>;
  readonly chosen: Schedule;
  /** All bindings of the placement. */
  readonly bindings: readonly Document<Binding>[];
  readonly snapshot: string;
  readonly now: Instant;
}

/** What carries out a choice: clusters are given up before others are taken. */
export function bindingChanges(choice: Choice): readonly BindingChange[] {
  const { placement, chosen, bindings, now } = choice;
  const { fleet, name } = placement.key;
  const byCluster = new Map(bindings.map((each) => [each.body.spec.targetCluster, each]));
  const taken = new Set(chosen.add.map(({ cluster }) => cluster.member));
  const gone = new Set(chosen.forget);
  const given = new Set(chosen.remove);
  return [
    ...bindings
      .filter(({ body }) => gone.has(body) && !taken.has(body.spec.targetCluster))
      .map((before): BindingChange => ({ key: before.key, before })),
    ...bindings
      .filter(({ body }) => given.has(body))
      .map((before) => ({ key: before.key, before, after: unschedule(before), wakeAt: now })),
    ...chosen.add.map((each) => ({
      key: bindingKey(fleet, name, each.cluster.member),
      ...bound(choice, each, byCluster.get(each.cluster.member)),
    })),
  ];
}

/** A cluster that was chosen: all new clusters get the newest snapshot at once. */
export function bound(
  { placement, snapshot, now }: Pick<Choice, "placement" | "snapshot" | "now">,
  { cluster, decision }: Chosen,
  before: Document<Binding> | undefined,
): Required<Omit<BindingChange, "key">> {
  const { rollingUpdate } = placement.body.spec.strategy ?? {};
  const settleSeconds = rollingUpdate?.unavailablePeriodSeconds ?? settleSecondsDefault;
  const toBind = { placement: placement.key.name, cluster, decision, snapshot, settleSeconds, now };
  return { before, after: bind(toBind, before), wakeAt: now };
}
