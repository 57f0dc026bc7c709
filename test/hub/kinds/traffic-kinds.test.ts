import { expect, test } from "vitest";
import { multiClusterService } from "../../../shared/hub/kinds/multi-cluster-service.ts";
import { serviceExport } from "../../../shared/hub/kinds/service-export.ts";
import { serviceImport } from "../../../shared/hub/kinds/service-import.ts";
import { ruleErrors } from "../../../shared/kube/cel/rule-errors.ts";
import type { ServedKind } from "../../../shared/kube/served-kind.ts";
import { balancerFinalizer, multiClusterServiceKind } from "../../../shared/traffic/model.ts";
import { ids, mcs } from "../../traffic/exports.ts";

test.each<[kind: ServedKind, path: string, short: string, versions: string]>([
  [serviceExport, "serviceexports", "svcexport", "v1beta1 v1alpha1"],
  [serviceImport, "serviceimports", "svcimport", "v1alpha1"],
  [multiClusterService, "multiclusterservices", "mcs", "v1alpha1"],
])("%o is served under the names that its manifests use", (kind, path, short, versions) => {
  expect(kind.group).toBe("networking.fleet.azure.com");
  expect(kind.documents).toBe(`networking.fleet.azure.com/${path}`);
  expect(kind.shortNames).toEqual([short]);
  expect(kind.categories).toEqual(["fleet-networking"]);
  expect(kind.namespaced && kind.hasStatus).toBe(true);
  expect(kind.versions.map(({ name }) => name).join(" ")).toBe(versions);
});

test.each([
  ["of 63 characters is taken", 63, []],
  ["of 64 characters is refused", 64, ["metadata.name max length is 63"]],
])("a name %s", (_name, length, messages) => {
  const value = { metadata: { name: "a".repeat(length) } };
  for (const { schema } of [...multiClusterService.versions, ...serviceExport.versions]) {
    const errors = ruleErrors(schema ?? {}, { value, warnings: [] });
    expect(errors.map(({ message }) => message.split(": ").at(-1))).toEqual(messages);
  }
});

test("clients read imports, and write exports and services", () => {
  expect(serviceImport.readOnly).toBe(true);
  expect(serviceExport.readOnly ?? multiClusterService.readOnly).toBeUndefined();
});

test("a MultiClusterService is held for clean-up, hides what we made, and is found by it", () => {
  expect(multiClusterService.finalizers).toEqual([balancerFinalizer]);
  expect(multiClusterService.hidden).toEqual(["balancer"]);
  expect(multiClusterService.documents).toBe(multiClusterServiceKind);
  const { body } = mcs({ balancer: { ...ids, location: "westeurope", members: ["aks-1"] } });
  expect(multiClusterService.refsOf?.(mcs().body, "web", "demo")).toEqual(["export:demo/web"]);
  expect(multiClusterService.refsOf?.(body, "web", "demo")).toEqual([
    "export:demo/web",
    `azure:${ids.loadBalancerId.toLowerCase()}`,
    `azure:${ids.publicIpId.toLowerCase()}`,
    "member:aks-1",
  ]);
});
