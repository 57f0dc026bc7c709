import { podTemplateRule } from "../pod/pod-template-rule.ts";
import { type ObjectRule, objectRule, struct } from "../rule.ts";

/**
 * What a PodTemplate must be, the object that holds a template and makes nothing of it.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-template-v1/
 */
export const podTemplateRules: ObjectRule = objectRule(struct({ template: podTemplateRule }));
