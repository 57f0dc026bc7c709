import { expect, test } from "vitest";
import { exportSeen } from "../../../infra/member/relay/export-seen.ts";
import { keepExport, keepService, keepSlice } from "../../../infra/member/relay/objects.ts";
import { validToWrite } from "../../../infra/member/relay/write-valid.ts";
import { noon } from "../../builders.ts";

const metadata = { namespace: "demo", name: "web", uid: "u-1", resourceVersion: "5" };
const kept = (annotations: Readonly<Record<string, string>> = {}, more: object = {}) =>
  keepExport({
    metadata: { ...metadata, generation: 2, creationTimestamp: noon, annotations },
    ...more,
  });
const weight = (text: string) => kept({ "networking.fleet.azure.com/weight": text });
const service = keepService({ metadata, spec: { type: "LoadBalancer", ports: [{ port: 80 }] } });

test.each([
  ["1000", 1000, "ServiceIsValid"],
  ["0", 0, "ServiceIsValid"],
  ["1001", 1, "ServiceExportInvalidWeightAnnotation"],
  ["-1", 1, "ServiceExportInvalidWeightAnnotation"],
  ["1.5", 1, "ServiceExportInvalidWeightAnnotation"],
  ["ten", 1, "ServiceExportInvalidWeightAnnotation"],
  ["", 1, "ServiceExportInvalidWeightAnnotation"],
])("a weight of %j is told as %i, %s", (text, want, validity) => {
  expect(exportSeen(weight(text), service, 1)).toMatchObject({ weight: want, validity });
});

test("an export that is being deleted is over", () => {
  const deleting = keepExport({ metadata: { ...metadata, deletionTimestamp: noon } });
  expect(exportSeen(deleting, service, 1)).toBeNull();
});

test("a Service that is being deleted is not found any more", () => {
  const deleting = keepService({ metadata: { ...metadata, deletionTimestamp: noon } });
  expect(exportSeen(kept(), deleting, 1)).toMatchObject({ validity: "ServiceNotFound" });
});

test("a Service is kept with Kubernetes' defaults, and an internal one is known", () => {
  const annotations = { "service.beta.kubernetes.io/azure-load-balancer-internal": "true" };
  expect(keepService({ metadata: { ...metadata, annotations } }).service).toEqual({
    uid: "u-1",
    type: "ClusterIP",
    ports: [],
    ingress: [],
    internal: true,
    sessionAffinity: "None",
  });
  expect(service.service?.ports).toEqual([{ name: "", protocol: "TCP", port: 80 }]);
});

test.each([
  ["IPv4", [{}, { conditions: {} }, { conditions: { ready: false } }], 2],
  ["IPv6", [{}], 0],
  ["IPv4", null, 0],
])("a slice of %s endpoints %j counts %i ready", (addressType, endpoints, want) => {
  expect(keepSlice({ metadata, addressType, endpoints }).readyEndpoints).toBe(want);
});

test("a condition is written when it differs, and its time moves only with its status", () => {
  const judged = (valid: object) => {
    const from = kept({}, { status: { conditions: [{ type: "Valid", ...valid }] } });
    const seen = exportSeen(from, service, 1);
    if (seen === null) throw new Error("There must be an export");
    return { from, seen };
  };
  const later = "2026-11-21T13:00:00.000Z";
  const written = validToWrite(judged({}), noon);
  expect(written).toEqual({
    status: "True",
    reason: "ServiceIsValid",
    message: "service demo/web is valid for export",
    observedGeneration: 2,
    lastTransitionTime: noon,
  });
  expect(validToWrite(judged({ ...written }), later)).toBeUndefined();
  const changed = { ...written, message: "another" };
  expect(validToWrite(judged(changed), later)?.lastTransitionTime).toBe(noon);
  const invalid = { ...written, status: "False" };
  expect(validToWrite(judged(invalid), later)?.lastTransitionTime).toBe(later);
});
