import { counted } from "../lib/counted.ts";
import { isEqual } from "../lib/equal.ts";
import { hasPassed, type Instant } from "../lib/instant.ts";
import { type Condition, withCondition } from "../lib/kube-object.ts";
import type { Plan } from "../reconcile/plan.ts";
import {
  type BalancerRecord,
  balancerFinalizer,
  type MultiClusterService,
  multiClusterServiceRefs,
} from "./model.ts";
import { nextLook } from "./pace.ts";
import type { BalancerAction, ServiceToDecide, Verdict } from "./verdict.ts";

/** A longer message of a condition is cut. */
const messageCharactersMax = 1024;

type ConditionNow = Omit<Condition, "lastTransitionTime">;

/** Writes a verdict down: its conditions, its address, and what the next look must know. */
export function savePlan(seen: ServiceToDecide, verdict: Verdict): Plan<BalancerAction> {
  const { document, now } = seen;
  const { body } = document;
  const { balancer: before, ...rest } = body;
  const record = recordOf(seen, before, verdict);
  const next: MultiClusterService = {
    ...rest,
    ...(record !== undefined && { balancer: record, metadata: withFinalizer(body.metadata) }),
    status: statusOf(seen, verdict),
  };
  const refs = multiClusterServiceRefs(next, document.key.namespace ?? "");
  const since = record?.pendingSince;
  return {
    writes: isEqual(body, next) ? [] : [{ kind: "replace", document, body: next, refs }],
    actions: verdict.actions,
    ...(since !== undefined && { wakeAt: lookAt(verdict, since, now) }),
    because: verdict.programmed.message,
  };
}

/** A refusal says when to ask again; what is on its way is looked at in growing steps. */
function lookAt({ refusal }: Verdict, pendingSince: Instant, now: Instant): Instant {
  return refusal !== undefined && !hasPassed(refusal.until, now)
    ? refusal.until
    : nextLook(pendingSince, now);
}

/** Kept from the first time that something is asked of Azure. */
function recordOf(
  { ids, location, exporters, now }: ServiceToDecide,
  before: BalancerRecord | undefined,
  { isPending, refusal }: Verdict,
): BalancerRecord | undefined {
  if (before === undefined && !isPending) return undefined;
  return {
    ...ids,
    location,
    members: exporters.map(({ snapshot }) => snapshot.member).toSorted(),
    ...(isPending && { pendingSince: before?.pendingSince ?? now }),
    ...(refusal !== undefined && { refusal }),
  };
}

function withFinalizer(metadata: MultiClusterService["metadata"]): MultiClusterService["metadata"] {
  const finalizers = metadata.finalizers ?? [];
  return finalizers.includes(balancerFinalizer) || metadata.deletionTimestamp !== undefined
    ? metadata
    : { ...metadata, finalizers: [...finalizers, balancerFinalizer] };
}

function statusOf(seen: ServiceToDecide, verdict: Verdict): MultiClusterService["status"] & object {
  const { document, now } = seen;
  const observedGeneration = document.generation;
  const message = verdict.programmed.message.slice(0, messageCharactersMax);
  const next: readonly ConditionNow[] = [
    { ...validOf(seen), observedGeneration },
    { type: "Programmed", ...verdict.programmed, message, observedGeneration },
  ];
  const address = addressOf(seen, verdict);
  return {
    loadBalancer: address === undefined ? {} : { ingress: [{ ip: address }] },
    conditions: next.reduce<readonly Condition[]>(
      (all, each) => withCondition(all, each, now),
      document.body.status?.conditions ?? [],
    ),
  };
}

function validOf({ import: imported, document }: ServiceToDecide): ConditionNow {
  const clusters = imported?.status.clusters.length ?? 0;
  const name = document.body.spec.serviceImport.name;
  return imported === undefined
    ? {
        type: "Valid",
        status: "Unknown",
        reason: "UnknownServiceImport",
        message: `There is no ServiceImport "${name}": no cluster exports such a service`,
      }
    : {
        type: "Valid",
        status: "True",
        reason: "FoundServiceImport",
        message: `ServiceImport "${name}" lists ${counted(clusters, "cluster")}`,
      };
}

/** An address is told once traffic can reach it, and from then on for as long as it exists. */
function addressOf({ document, balancer }: ServiceToDecide, verdict: Verdict): string | undefined {
  const address = balancer.publicIp?.address;
  const told = document.body.status?.loadBalancer?.ingress?.[0]?.ip;
  return verdict.programmed.reason === "Programmed" || told === address ? address : undefined;
}
