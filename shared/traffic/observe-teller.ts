import type { Caller } from "../effects/callers.ts";
import type { Effects } from "../effects/effects.ts";
import {
  clusterIdOf,
  clusterRef,
  type Member,
  memberKind,
  relayIdentityOf,
} from "../fleet/model.ts";
import type { Document } from "../lib/document.ts";
import { FleetError } from "../lib/fleet-error.ts";
import type { MemberEvent } from "./model.ts";

/** A relay's clock may run ahead by so much; an epoch beyond it would lock out all later ones. */
const epochAheadMillisecondsMax = 24 * 3600 * 1000;

/**
 * The members that an event is believed to come from: those of the cluster that it names, if its
 * token was issued to the member's identity: `MemberCluster.spec.identity`, else its nodes' own.
 * Event Grid says who may publish to a topic, not who published an event; the token does.
 *
 * None, and a warning in the log, when the event is not to be believed. Throws "Unavailable" when
 * the token could not be checked: Event Grid delivers the event again.
 */
export async function observeTeller(
  event: MemberEvent,
  effects: Effects,
): Promise<readonly Document<Member>[]> {
  const refuse = (why: string): readonly Document<Member>[] => {
    effects.log.warn(`Refused an event of a relay: ${why}`, { cluster: event.cluster });
    return [];
  };
  const tooEarly = (why: string): readonly Document<Member>[] => {
    effects.log.info(`Left out an event of a relay: ${why}`, { cluster: event.cluster });
    return [];
  };
  if (event.epoch > Date.parse(effects.clock.now()) + epochAheadMillisecondsMax) {
    return refuse(`epoch ${event.epoch} lies in the future`);
  }
  const caller = await callerOf(event.token, effects);
  if (typeof caller === "string") return refuse(caller);

  const cluster = clusterIdOf(event.cluster);
  const members = await effects.store.find(memberKind, clusterRef(cluster));
  if (members.length === 0) return tooEarly("its cluster is no member of a fleet");
  const trusting = members.filter(
    ({ body }) => relayIdentityOf(body)?.toLowerCase() === caller.objectId.toLowerCase(),
  );
  if (trusting.length > 0) return trusting;
  if (members.every(({ body }) => relayIdentityOf(body) === undefined)) {
    return tooEarly("its member has no identity yet: the relay tells all again in five minutes");
  }
  return refuse(`the identity "${caller.objectId}" is not the member's`);
}

/** Who the token was issued to, or why it is not to be believed. */
async function callerOf(token: string, { callers }: Effects): Promise<Caller | string> {
  try {
    return await callers.identify(`Bearer ${token}`);
  } catch (error) {
    if (error instanceof FleetError && error.code === "Unauthenticated") return error.message;
    throw error;
  }
}
