/**
 * Decides what we keep beside what a relay told of one export: where its address leads, and when
 * the snapshot has served.
 *
 * S1. A snapshot of a member that left is deleted.
 * S2. A withdrawn export is remembered for longer than Event Grid may deliver an older event.
 * S3. The frontend belongs to the Service and the address that the snapshot has now.
 * S4. Deciding again, with nothing new to see, writes nothing.
 */
import type { Document } from "../lib/document.ts";
import { isEqual } from "../lib/equal.ts";
import { hasPassed, type Instant, plusSeconds } from "../lib/instant.ts";
import type { Plan } from "../reconcile/plan.ts";
import type { ExportSnapshot, Frontend, FrontendOf } from "./model.ts";
import { nextLook } from "./pace.ts";

export interface SnapshotToDecide {
  readonly snapshot: Document<ExportSnapshot>;
  readonly memberExists: boolean;
  /** The frontend that has the address; undefined when nobody looked or none has it. */
  readonly frontendId: string | undefined;
  readonly now: Instant;
}

/** Event Grid gives up on an event after 24 hours, its default and its maximum. */
const rememberWithdrawnSeconds = 25 * 3600;

export function decideSnapshot(seen: SnapshotToDecide): Plan {
  const { snapshot, memberExists, now } = seen;
  if (!memberExists) return forget(snapshot, "Its member left the fleet");

  if (snapshot.body.export === null) {
    const until = plusSeconds(snapshot.body.receivedAt, rememberWithdrawnSeconds);
    if (hasPassed(until, now)) return forget(snapshot, "It was withdrawn a day ago");
    return { ...save(snapshot, undefined), wakeAt: until, because: "Export is withdrawn" };
  }
  const wanted = publicAddress(snapshot.body);
  if (wanted === undefined) {
    return { ...save(snapshot, undefined), because: "Export has no public address" };
  }
  const frontend = frontendNow(seen, wanted);
  return frontend.kind === "found"
    ? { ...save(snapshot, frontend), because: `Address ${wanted.address} has a frontend` }
    : {
        ...save(snapshot, frontend),
        wakeAt: nextLook(frontend.since, now),
        because: `Address ${wanted.address} has no frontend yet`,
      };
}

/**
 * The Service and its public address; undefined for an export that has none. A Service may have an
 * address per IP family: a Global load balancer's backends are IPv4.
 */
export function publicAddress({ export: seen }: ExportSnapshot): FrontendOf | undefined {
  const service = seen?.service;
  if (service === undefined || service.type !== "LoadBalancer" || service.internal) {
    return undefined;
  }
  const address = service.ingress.find((each) => !each.includes(":"));
  return address === undefined ? undefined : { serviceUid: service.uid, address };
}

/** Whether the snapshot already knows the frontend of the address. */
export const knowsFrontend = ({ frontend }: ExportSnapshot, wanted: FrontendOf): boolean =>
  frontend?.kind === "found" && isSame(frontend, wanted);

function frontendNow({ snapshot, frontendId, now }: SnapshotToDecide, of: FrontendOf): Frontend {
  const before = snapshot.body.frontend;
  if (frontendId !== undefined) return { ...of, kind: "found", id: frontendId };
  if (before !== undefined && isSame(before, of)) return before;
  return { ...of, kind: "missing", since: now };
}

const isSame = (one: FrontendOf, other: FrontendOf): boolean =>
  one.serviceUid === other.serviceUid && one.address === other.address;

function save(
  document: Document<ExportSnapshot>,
  frontend: Frontend | undefined,
): Pick<Plan, "writes" | "actions"> {
  if (isEqual(document.body.frontend, frontend)) return { writes: [], actions: [] };
  const { frontend: _, ...rest } = document.body;
  const body = { ...rest, ...(frontend !== undefined && { frontend }) };
  return { writes: [{ kind: "replace", document, body }], actions: [] };
}

const forget = (document: Document<ExportSnapshot>, because: string): Plan => ({
  writes: [{ kind: "delete", document }],
  actions: [],
  because,
});
