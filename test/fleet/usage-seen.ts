import type { UsageSeen } from "../../shared/fleet/model.ts";

/** What a cluster of three nodes says. */
export function usageSeen(nodeCount = 3, available = "4196m"): UsageSeen {
  return {
    kind: "seen",
    nodeCount,
    capacity: { cpu: "12", memory: "49123152Ki" },
    allocatable: { cpu: "11580m", memory: "42386256Ki" },
    available: { cpu: available, memory: "17827580Ki" },
  };
}

export const usageUnreachable: UsageSeen = {
  kind: "unreachable",
  reason: "the API server does not tell its nodes (403): forbidden",
};
