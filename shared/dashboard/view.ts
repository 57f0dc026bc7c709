import { type Fleet, groupOf, type Member } from "../fleet/model.ts";
import type { Document } from "../lib/document.ts";

/** What the dashboard shows of one member. */
export interface MemberView {
  readonly name: string;
  readonly group: string;
  readonly location: string;
  readonly version: string;
  readonly state: string;
  readonly health: "healthy" | "unhealthy" | "unknown";
  readonly message: string;
}

export interface FleetView {
  readonly id: string;
  readonly name: string;
  readonly members: readonly MemberView[];
  /** How many members run each version, newest first. */
  readonly versions: readonly { readonly version: string; readonly members: number }[];
}

export function fleetView(fleet: Document<Fleet>, members: readonly Document<Member>[]): FleetView {
  const views = members.map(memberView);
  const counts = new Map<string, number>();
  for (const { version } of views) counts.set(version, (counts.get(version) ?? 0) + 1);
  return {
    id: fleet.body.armId,
    name: fleet.key.name,
    members: views,
    versions: [...counts]
      .map(([version, count]) => ({ version, members: count }))
      .toSorted((a, b) => b.version.localeCompare(a.version, "en", { numeric: true })),
  };
}

function memberView({ key, body }: Document<Member>): MemberView {
  const healthy = body.status.conditions.find(({ type }) => type === "Healthy");
  return {
    name: key.name,
    group: groupOf(body) ?? "",
    location: body.status.cluster?.location ?? "",
    version: body.status.cluster?.kubernetesVersion ?? "",
    state: body.status.cluster?.provisioningState ?? "",
    health: healthy === undefined ? "unknown" : healthy.status === "True" ? "healthy" : "unhealthy",
    message: healthy?.message ?? "",
  };
}
