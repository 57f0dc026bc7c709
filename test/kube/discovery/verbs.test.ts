import { expect, test } from "vitest";
import { builtInKinds } from "../../../shared/kube/built-in/built-in-kinds.ts";
import { discoveredResources } from "../../../shared/kube/discovery/api-resources.ts";
import { groupVersionsOf, kindsOf } from "../../../shared/kube/kinds.ts";

const kinds = kindsOf(builtInKinds());

const all = groupVersionsOf(kinds).flatMap(({ group, versions }) =>
  versions.flatMap((version) =>
    discoveredResources(kinds, group, version).map((resource) => ({ ...resource, in: group })),
  ),
);

/** Those of kube-apiserver 1.34 that a hub has: pods run nowhere, and nobody proxies to them. */
const subresources: Readonly<Record<string, string>> = {
  "":
    "namespaces/finalize namespaces/status nodes/status persistentvolumeclaims/status " +
    "persistentvolumes/status pods/status replicationcontrollers/scale " +
    "replicationcontrollers/status resourcequotas/status services/status",
  "admissionregistration.k8s.io": "validatingadmissionpolicies/status",
  "apiextensions.k8s.io": "customresourcedefinitions/status",
  "apiregistration.k8s.io": "apiservices/status",
  apps:
    "daemonsets/status deployments/scale deployments/status replicasets/scale " +
    "replicasets/status statefulsets/scale statefulsets/status",
  autoscaling: "horizontalpodautoscalers/status",
  batch: "cronjobs/status jobs/status",
  "certificates.k8s.io": "certificatesigningrequests/approval certificatesigningrequests/status",
  "flowcontrol.apiserver.k8s.io": "flowschemas/status prioritylevelconfigurations/status",
  "networking.k8s.io": "ingresses/status servicecidrs/status",
  policy: "poddisruptionbudgets/status",
  "resource.k8s.io": "resourceclaims/status",
  "storage.k8s.io": "volumeattachments/status",
};

test("the subresources of Kubernetes' kinds are discovered, by their names", () => {
  const told: Record<string, Set<string>> = {};
  for (const { in: group, plural, subresource } of all) {
    if (subresource === undefined) continue;
    told[group] = (told[group] ?? new Set()).add(`${plural}/${subresource}`);
  }
  const texts = Object.entries(told).map(([group, names]) => [group, [...names].sort().join(" ")]);
  expect(Object.fromEntries(texts)).toEqual(subresources);
});

test("subresources are read, patched and updated; a namespace is only updated to its end", () => {
  const odd = all
    .filter(({ subresource, verbs }) => subresource && verbs.join(" ") !== "get patch update")
    .map(({ plural, subresource, verbs }) => `${plural}/${subresource}: ${verbs.join(" ")}`);
  expect(odd).toEqual(["namespaces/finalize: update"]);
});

test("all namespaces at once are deleted by nobody, objects of all other kinds are", () => {
  const every = "create delete deletecollection get list patch update watch";
  const odd = all
    .filter(({ subresource, verbs }) => subresource === undefined && verbs.join(" ") !== every)
    .map(({ plural, verbs }) => `${plural}: ${verbs.join(" ")}`);
  expect(odd).toEqual(["namespaces: create delete get list patch update watch"]);
});
