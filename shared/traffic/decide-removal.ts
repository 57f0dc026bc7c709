import type { Plan } from "../reconcile/plan.ts";
import { balancerFinalizer } from "./model.ts";
import { balancerTags, hasTags } from "./names.ts";
import { savePlan } from "./report.ts";
import { ask, type BalancerAction, type ServiceToDecide, waiting } from "./verdict.ts";

/**
 * Decides the end of a MultiClusterService: its load balancer goes, then the address, which Azure
 * keeps while a load balancer has it, then our finalizer. What lacks the fleet's tags stays.
 */
export function decideRemoval(seen: ServiceToDecide): Plan<BalancerAction> {
  const { document } = seen;
  if (!(document.body.metadata.finalizers ?? []).includes(balancerFinalizer)) {
    return { writes: [], actions: [], because: "Others hold the deleted MultiClusterService" };
  }
  const next = remaining(seen);
  if (next === undefined) return letGo(seen);
  return next.provisioningState === "Deleting" || next.provisioningState === "Updating"
    ? savePlan(seen, waiting("Azure carries out an earlier change"))
    : savePlan(seen, ask(seen, { kind: "remove", id: next.id, etag: next.etag }));
}

/** What of our own is still there and goes next. */
function remaining({ document, balancer }: ServiceToDecide) {
  const { fleet, namespace = "", name } = document.key;
  const tags = balancerTags(fleet, namespace, name);
  const { loadBalancer, publicIp } = balancer;
  if (loadBalancer && hasTags(loadBalancer.balancer.tags, tags)) return loadBalancer;
  return publicIp && hasTags(publicIp.tags, tags) ? publicIp : undefined;
}

function letGo({ document }: ServiceToDecide): Plan<BalancerAction> {
  const { metadata } = document.body;
  const finalizers = (metadata.finalizers ?? []).filter((each) => each !== balancerFinalizer);
  const because = "Its load balancer and address are gone";
  if (finalizers.length === 0) {
    return { writes: [{ kind: "delete", document }], actions: [], because };
  }
  const body = { ...document.body, metadata: { ...metadata, finalizers } };
  return { writes: [{ kind: "replace", document, body }], actions: [], because };
}
