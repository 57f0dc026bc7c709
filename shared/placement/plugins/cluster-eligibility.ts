import type { Plugin } from "../plugin.ts";

/** Whether a member can take work at all; why it cannot is decided where members are. */
export const clusterEligibility: Plugin = {
  name: "ClusterEligibility",
  filter: (_policy, { ineligible }) => ineligible,
};
