import { expect, test } from "vitest";
import type { KubeObject } from "../../../../shared/kube/served-kind.ts";
import { volumeAttributesClassRules } from "../../../../shared/kube/validation/storage/volume-attributes-class-rules.ts";
import type { JsonObject } from "../../../../shared/lib/kube-object.ts";
import { errorsOf } from "../errors-of.ts";
import { expectNeverThrows } from "../never-throws.ts";

function volumeClass(content: JsonObject = {}): KubeObject {
  return {
    apiVersion: "storage.k8s.io/v1",
    kind: "VolumeAttributesClass",
    metadata: { name: "fast" },
    driverName: "disk.csi.azure.com",
    parameters: { iops: "4000" },
    ...content,
  };
}

const rules = volumeAttributesClassRules;

test("a class names its driver and says something", () => {
  expect(errorsOf(rules, volumeClass())).toEqual([]);
  expect(errorsOf(rules, volumeClass({ driverName: "", parameters: {} }))).toEqual([
    "driverName: Required value",
    "parameters: Required value: must contain at least one key/value pair",
  ]);
});

test("a class stays as it was", () => {
  const before = volumeClass();
  expect(errorsOf(rules, before, before)).toEqual([]);
  const changed = volumeClass({ driverName: "files", parameters: { iops: "5000" } });
  expect(errorsOf(rules, changed, before)).toEqual([
    "driverName: Forbidden: updates to driverName are forbidden.",
    "parameters: Forbidden: updates to parameters are forbidden.",
  ]);
});

test("no content of a class throws", () => {
  expectNeverThrows(rules, volumeClass());
});
