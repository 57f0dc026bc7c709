import { matchesSelector } from "../match-labels.ts";
import type { Plugin } from "../plugin.ts";

/**
 * Clusters must match one of the required terms, if there are any, and are better by the weight of
 * each preferred term that they match.
 */
export const clusterAffinity: Plugin = {
  name: "ClusterAffinity",
  filter: ({ affinity }, { labels }) => {
    const required = affinity?.clusterAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
    const terms = required?.clusterSelectorTerms ?? [];
    if (terms.length === 0) return undefined;
    return terms.some(({ labelSelector }) => matchesSelector(labelSelector, labels))
      ? undefined
      : "cluster does not match with any of the required cluster affinity terms";
  },
  score: ({ affinity }, { labels }) => {
    const preferred = affinity?.clusterAffinity?.preferredDuringSchedulingIgnoredDuringExecution;
    return (preferred ?? [])
      .filter(({ preference }) => matchesSelector(preference.labelSelector, labels))
      .reduce((sum, { weight }) => sum + weight, 0);
  },
};
