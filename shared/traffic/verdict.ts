import type { Document } from "../lib/document.ts";
import { shortHash } from "../lib/hash.ts";
import { hasPassed, type Instant } from "../lib/instant.ts";
import type { Condition } from "../lib/kube-object.ts";
import type { Exporter } from "./backends.ts";
import type {
  BalancerIds,
  BalancerRefusal,
  BalancerSeen,
  GlobalBalancer,
  MultiClusterService,
  PublicIpWanted,
  ServiceImport,
} from "./model.ts";

/** All that a look at a MultiClusterService sees. */
export interface ServiceToDecide {
  readonly document: Document<MultiClusterService>;
  readonly import: ServiceImport | undefined;
  /** All members that export the service. */
  readonly exporters: readonly Exporter[];
  readonly balancer: BalancerSeen;
  /** Where its load balancer is, or would be. */
  readonly ids: BalancerIds;
  readonly location: string;
  readonly now: Instant;
}

export type BalancerAction =
  | { readonly kind: "ensure-public-ip"; readonly id: string; readonly wanted: PublicIpWanted }
  | {
      readonly kind: "ensure-load-balancer";
      readonly id: string;
      readonly wanted: GlobalBalancer;
      /** Left out: there is none yet. */
      readonly etag?: string;
    }
  | { readonly kind: "remove"; readonly id: string; readonly etag: string };

/** The condition `Programmed` of a MultiClusterService. */
export interface Programmed {
  readonly status: Condition["status"];
  readonly reason:
    | "Programmed"
    | "Pending"
    | "Throttled"
    | "Refused"
    | "NameTaken"
    | "NoBackends"
    | "InvalidPorts"
    | "InternalUnsupported";
  readonly message: string;
}

/** What follows from one look, before it is written down. */
export interface Verdict {
  readonly programmed: Programmed;
  readonly actions: readonly BalancerAction[];
  /** Azure is not yet as wanted: look again. */
  readonly isPending: boolean;
  /** Left out: a refusal that was saved is over. */
  readonly refusal?: BalancerRefusal;
}

/** Nothing to do until something changes. */
export const settled = (programmed: Programmed): Verdict => ({
  programmed,
  actions: [],
  isPending: false,
});

export const waiting = (message: string): Verdict => ({
  programmed: { status: "Unknown", reason: "Pending", message },
  actions: [],
  isPending: true,
});

/** Asks Azure for an action, unless it refused the same a short while ago. */
export function ask({ document, now }: ServiceToDecide, action: BalancerAction): Verdict {
  const refusal = document.body.balancer?.refusal;
  const isRefused =
    refusal !== undefined && (refusal.of === undefined || refusal.of === hashOf(action));
  if (!isRefused) return { ...waiting("Azure is asked for the load balancer"), actions: [action] };

  const { reason, message, until } = refusal;
  return {
    programmed: { status: reason === "Throttled" ? "Unknown" : "False", reason, message },
    actions: hasPassed(until, now) ? [action] : [],
    isPending: true,
    refusal,
  };
}

/** What an action asks for, whatever version of the resource it was based on. */
export function hashOf(action: BalancerAction): string {
  const { etag: _, ...asked } = { etag: undefined, ...action };
  return shortHash(JSON.stringify(asked), 16);
}
