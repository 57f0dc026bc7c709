import { expect, test } from "vitest";
import { deviceClassRules as rules } from "../../../../shared/kube/validation/device/device-class-rules.ts";
import type { JsonObject } from "../../../../shared/lib/kube-object.ts";
import { errorsOf } from "../errors-of.ts";
import { expectNeverThrows } from "../never-throws.ts";
import { notASubdomain } from "../sentences.ts";
import { deviceObject } from "./device-objects.ts";

const deviceClass = (spec: JsonObject) => deviceObject("DeviceClass", spec);
const many = (item: JsonObject) => Array.from({ length: 33 }, () => item);
const selector: JsonObject = { cel: { expression: 'device.driver == "gpu.example.com"' } };
const config: JsonObject = { opaque: { driver: "gpu.example.com", parameters: { kind: "A" } } };

const bad: [name: string, spec: JsonObject, want: readonly string[]][] = [
  ["that selects by nothing", { selectors: [{}] }, ["spec.selectors[0].cel: Required value"]],
  [
    "that selects by too much",
    { selectors: many(selector), config: many(config) },
    ["selectors", "config"].map((name) => `spec.${name}: Too many: 33: must have at most 32 items`),
  ],
  [
    "for a wrong driver",
    { config: [{}, { opaque: { driver: "a b" } }] },
    [
      "spec.config[0].opaque: Required value",
      `spec.config[1].opaque.driver: Invalid value: "a b": ${notASubdomain}`,
      "spec.config[1].opaque.parameters: Required value",
    ],
  ],
  ...["cpu", "kubernetes.io/gpu", "requests.a/b", "", "a b/c"].map(
    (name): [string, JsonObject, string[]] => [
      `for the resource ${JSON.stringify(name)}`,
      { extendedResourceName: name },
      [
        `spec.extendedResourceName: Invalid value: ${JSON.stringify(name)}: must be a valid ` +
          "extended resource name",
      ],
    ],
  ),
];

test.each(bad)("a class %s is refused", (_, spec, want) => {
  expect(errorsOf(rules, deviceClass(spec))).toEqual(want);
});

const everything: JsonObject = {
  selectors: [selector],
  config: [config],
  extendedResourceName: "example.com/gpu",
};

test.each([
  ["of nothing", {}],
  ["of all that there is", everything],
  ["with a field of a newer version", { somethingNew: true }],
])("a class %s is taken, and changed", (_, spec) => {
  expect(errorsOf(rules, deviceClass(spec))).toEqual([]);
  expect(errorsOf(rules, deviceClass(spec), deviceClass(everything))).toEqual([]);
});

test("the rules of classes never throw", () => {
  expectNeverThrows(rules, deviceClass(everything));
});
