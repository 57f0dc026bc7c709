import { expect, test } from "vitest";
import type { KubeObject } from "../../../../shared/kube/served-kind.ts";
import { deviceClassRules as rules } from "../../../../shared/kube/validation/device/device-class-rules.ts";
import type { Json } from "../../../../shared/lib/kube-object.ts";
import { errorsOf } from "../errors-of.ts";
import { expectNeverThrows } from "../never-throws.ts";

const choosing = (...expressions: Json[]): KubeObject => ({
  apiVersion: "resource.k8s.io/v1",
  kind: "DeviceClass",
  metadata: { name: "gpu" },
  spec: { selectors: expressions.map((expression) => ({ cel: { expression } })) },
});

const good = [
  "true",
  'device.driver == "dra.example.com"',
  '"dra.example.com" in device.attributes',
  'device.attributes["dra.example.com"].name',
  'device.attributes["dra.example.com"]["name"]',
  'cel.bind(dra, device.attributes["dra.example.com"], dra.name)',
  'device.attributes["dra.example.com"].name > 0',
  'device.attributes["no-such-domain"].noSuchAttr.isGreaterThan(quantity("0"))',
  'device.capacity["dra.example.com"].memory == quantity("64Gi")',
  'device.capacity["dra.example.com"].memory.compareTo(quantity("1Gi")) >= 0',
  'device.attributes["dra.example.com"].version.isGreaterThan(semver("0.0.1"))',
  'device.attributes["dra.example.com"].names.exists(x, x > 0)',
  'device.attributes["dra.example.com"].names.includes("fish")',
  'device.attributes["a"].name.matches("^a") && device.attributes["a"].?b.orValue(1) == 1',
  'has(device.attributes["a"].b) && device.allowMultipleAllocations == true',
];

test("what chooses devices is taken", () => {
  expect(errorsOf(rules, choosing(...good))).toEqual([]);
});

const first = "spec.selectors[0].cel.expression";
const failed = (text: string, [column, because]: readonly [number, string]) =>
  `${first}: Invalid value: ${JSON.stringify(text)}: compilation failed: ERROR: <input>:1:` +
  `${column}: ${because}\n | ${text}\n | ${".".repeat(column - 1)}^`;

test.each<[expression: string, column: number, because: string]>([
  ["?!", 1, "Syntax error: Unexpected token: QUESTION"],
  ["", 1, "Syntax error: Unexpected token: EOF"],
  ["object.a == 1", 1, "undeclared reference to 'object' (in container '')"],
  ["device.name == 'a'", 7, "undefined field 'name'"],
  [
    "device.capacity['a'].memory > 5",
    29,
    "found no matching overload for '_>_' applied to '(kubernetes.Quantity, int)'",
  ],
])("what is no choice is refused: %s", (expression, column, because) => {
  expect(errorsOf(rules, choosing(expression))).toEqual([failed(expression, [column, because])]);
});

test("a choice is true or false", () => {
  expect(errorsOf(rules, choosing("1", "device.driver"))).toEqual([
    `${first}: Invalid value: "1": must evaluate to bool or the unknown type, not int`,
    'spec.selectors[1].cel.expression: Invalid value: "device.driver": must evaluate to bool or ' +
      "the unknown type, not string",
  ]);
});

test("the rules of choices never throw", () => {
  expectNeverThrows(rules, choosing(...good));
});
