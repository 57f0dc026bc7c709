/** Objects of the admission of requests, to be spoilt by tests. */
import type { KubeObject } from "../../../../shared/kube/served-kind.ts";
import type { Json, JsonObject } from "../../../../shared/lib/kube-object.ts";

type Fields = Readonly<Record<string, Json>>;

export const deployments: JsonObject = {
  apiGroups: ["apps"],
  apiVersions: ["v1"],
  operations: ["CREATE", "UPDATE"],
  resources: ["deployments"],
};

/** The least that a policy must say, with `spec` over it; null takes away. */
export function policy(spec: Fields = {}, name = "replicas.example.com"): KubeObject {
  const all: Fields = {
    matchConstraints: { resourceRules: [deployments] },
    validations: [{ expression: "object.spec.replicas <= 5" }],
    ...spec,
  };
  return admission("ValidatingAdmissionPolicy", name, all);
}

/** The least that a binding must say, with `spec` over it; null takes away. */
export function binding(spec: Fields = {}): KubeObject {
  const all: Fields = {
    policyName: "replicas.example.com",
    validationActions: ["Deny"],
    ...spec,
  };
  return admission("ValidatingAdmissionPolicyBinding", "replicas-in-test", all);
}

function admission(kind: string, name: string, spec: Fields): KubeObject {
  const given = Object.entries(spec).filter(([, value]) => value !== null);
  return {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind,
    metadata: { name },
    spec: Object.fromEntries(given),
  };
}
