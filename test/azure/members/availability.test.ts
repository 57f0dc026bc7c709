import { expect, test } from "vitest";
import { availabilityOf } from "../../../shared/azure/members/availability.ts";
import type { JsonObject } from "../../../shared/lib/kube-object.ts";

const observed = { metadata: { generation: 3 } };
const seen = { observedGeneration: 3 };

const cases: readonly (readonly [
  what: string,
  kind: string,
  object: JsonObject,
  want: "available" | "not-yet" | "not-trackable",
])[] = [
  ["a namespace is there", "/Namespace", {}, "available"],
  ["a role is there", "rbac.authorization.k8s.io/Role", {}, "available"],
  ["a job cannot tell", "batch/Job", {}, "not-trackable"],
  ["a custom resource cannot tell", "example.com/Widget", {}, "not-trackable"],
  [
    "a deployment has all replicas",
    "apps/Deployment",
    {
      ...observed,
      spec: { replicas: 2 },
      status: { ...seen, availableReplicas: 2, updatedReplicas: 2 },
    },
    "available",
  ],
  [
    "a deployment without a number wants one",
    "apps/Deployment",
    { ...observed, status: { ...seen, availableReplicas: 1, updatedReplicas: 1 } },
    "available",
  ],
  [
    "a deployment scaled to zero wants none",
    "apps/Deployment",
    { ...observed, spec: { replicas: 0 }, status: seen },
    "available",
  ],
  [
    "a deployment still has old replicas",
    "apps/Deployment",
    {
      ...observed,
      spec: { replicas: 2 },
      status: { ...seen, availableReplicas: 2, updatedReplicas: 1 },
    },
    "not-yet",
  ],
  [
    "a deployment's status is of an older generation",
    "apps/Deployment",
    { ...observed, status: { observedGeneration: 2, availableReplicas: 1, updatedReplicas: 1 } },
    "not-yet",
  ],
  ["a deployment has no status", "apps/Deployment", observed, "not-yet"],
  [
    "a stateful set is updated",
    "apps/StatefulSet",
    {
      ...observed,
      spec: { replicas: 1 },
      status: {
        ...seen,
        availableReplicas: 1,
        currentReplicas: 1,
        updatedReplicas: 1,
        currentRevision: "a",
        updateRevision: "a",
      },
    },
    "available",
  ],
  [
    "a stateful set is between revisions",
    "apps/StatefulSet",
    {
      ...observed,
      spec: { replicas: 1 },
      status: { ...seen, availableReplicas: 1, currentRevision: "a", updateRevision: "b" },
    },
    "not-yet",
  ],
  [
    "a daemon set runs everywhere",
    "apps/DaemonSet",
    {
      ...observed,
      status: {
        ...seen,
        desiredNumberScheduled: 3,
        numberAvailable: 3,
        currentNumberScheduled: 3,
        updatedNumberScheduled: 3,
      },
    },
    "available",
  ],
  [
    "a daemon set misses a node",
    "apps/DaemonSet",
    { ...observed, status: { ...seen, desiredNumberScheduled: 3, numberAvailable: 2 } },
    "not-yet",
  ],
  ["a service has an address", "/Service", { spec: { clusterIP: "10.0.0.1" } }, "available"],
  [
    "a headless service has none to wait for",
    "/Service",
    { spec: { clusterIP: "None" } },
    "available",
  ],
  ["a service has no address", "/Service", { spec: {} }, "not-yet"],
  [
    "a load balancer has no address",
    "/Service",
    { spec: { type: "LoadBalancer", clusterIP: "10.0.0.1" } },
    "not-yet",
  ],
  [
    "a load balancer has an address",
    "/Service",
    { spec: { type: "LoadBalancer" }, status: { loadBalancer: { ingress: [{ ip: "1.2.3.4" }] } } },
    "available",
  ],
  ["an external name cannot tell", "/Service", { spec: { type: "ExternalName" } }, "not-trackable"],
  [
    "a definition is established",
    "apiextensions.k8s.io/CustomResourceDefinition",
    {
      status: {
        conditions: [
          { type: "Established", status: "True" },
          { type: "NamesAccepted", status: "True" },
        ],
      },
    },
    "available",
  ],
  [
    "a definition's names are taken",
    "apiextensions.k8s.io/CustomResourceDefinition",
    { status: { conditions: [{ type: "NamesAccepted", status: "False" }] } },
    "not-yet",
  ],
  [
    "a disruption budget allows what it says",
    "policy/PodDisruptionBudget",
    {
      ...observed,
      status: {
        ...seen,
        disruptionsAllowed: 1,
        conditions: [{ type: "DisruptionAllowed", status: "True" }],
      },
    },
    "available",
  ],
  [
    "a disruption budget contradicts itself",
    "policy/PodDisruptionBudget",
    { ...observed, status: { ...seen, disruptionsAllowed: 1, conditions: [] } },
    "not-yet",
  ],
];

test.each(cases)("%s: %s", (_what, kind, object, want) => {
  const [group = "", name = ""] = kind.split("/");
  expect(availabilityOf(group, name, object).availability).toBe(want);
});
