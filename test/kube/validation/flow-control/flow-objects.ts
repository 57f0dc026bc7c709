/** Objects of the flow control of requests, to be spoilt by tests. */
import type { KubeObject } from "../../../../shared/kube/served-kind.ts";
import type { JsonObject } from "../../../../shared/lib/kube-object.ts";

export const rule: JsonObject = {
  subjects: [{ kind: "Group", group: { name: "system:authenticated" } }],
  nonResourceRules: [{ verbs: ["*"], nonResourceURLs: ["*"] }],
};

/** The least that a schema must say, with `spec` over it. */
export function flowSchema(spec: JsonObject = {}, name = "health"): KubeObject {
  const least = { priorityLevelConfiguration: { name: "exempt" }, rules: [rule] };
  return flow("FlowSchema", name, { ...least, ...spec });
}

export function level(spec: JsonObject, name = "workload"): KubeObject {
  return flow("PriorityLevelConfiguration", name, spec);
}

function flow(kind: string, name: string, spec: JsonObject): KubeObject {
  return { apiVersion: "flowcontrol.apiserver.k8s.io/v1", kind, metadata: { name }, spec };
}
