import type { Effects } from "../effects/effects.ts";
import { type Key, keyOf } from "../lib/document.ts";
import { type Controller, controller, type Observed } from "../reconcile/controller.ts";
import { decideMember, type MemberToDecide } from "./decide.ts";
import { clusterIdOf, clusterProfileKind, type Member } from "./model.ts";
import { isUsageDue } from "./resource-usage.ts";

/** A member follows its cluster: it has nothing to start, only something to remember. */
export const memberController = controller<MemberToDecide, never>({
  observe,
  decide: decideMember,
  act: async (action) => action,
} satisfies Controller<MemberToDecide, never>);

async function observe(key: Key, effects: Effects): Promise<Observed<MemberToDecide> | undefined> {
  const { store, clusters, members, clock } = effects;
  const [member, profile] = await Promise.all([
    store.read(key as Key<Member>),
    store.read(keyOf(clusterProfileKind, key.fleet, key.name)),
  ]);
  if (member === undefined) return undefined;

  const leaves = member.body.metadata.deletionTimestamp !== undefined;
  const id = clusterIdOf(member.body.arm.clusterResourceId);
  const [cluster, health] = leaves
    ? [undefined, undefined]
    : await Promise.all([clusters.see(id), members.health(id)]);
  const asksUsage =
    cluster !== undefined &&
    health.kind === "healthy" &&
    isUsageDue(member.body, cluster, clock.now());
  const usage = asksUsage ? await members.usage(id) : undefined;
  return { document: member, seen: { member, profile, cluster, health, usage, now: clock.now() } };
}
