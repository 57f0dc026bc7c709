import type { Plugin } from "./plugin.ts";
import { clusterAffinity } from "./plugins/cluster-affinity.ts";
import { clusterEligibility } from "./plugins/cluster-eligibility.ts";
import { taintToleration } from "./plugins/taint-toleration.ts";

/** The scheduler's rules in KubeFleet's order: the first reason that a cluster gives is shown. */
export const profile: readonly Plugin[] = [clusterAffinity, clusterEligibility, taintToleration];
