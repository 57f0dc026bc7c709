import { fields, type Rule } from "../rule.ts";
import { nodeAffinityRule } from "./node-affinity-rule.ts";
import { podAffinityRule } from "./pod-affinity-rule.ts";

/**
 * Where a pod wants to be: "spec.affinity".
 *
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/
 */
export const affinityRule: Rule = fields({
  nodeAffinity: nodeAffinityRule,
  podAffinity: podAffinityRule,
  podAntiAffinity: podAffinityRule,
});
