import { labelErrors } from "../../object/label-rules.ts";
import type { Rule } from "../rule.ts";

/**
 * The labels that a pod's node must have: "spec.nodeSelector".
 *
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#nodeselector
 */
export const nodeSelectorRule: Rule = labelErrors;
