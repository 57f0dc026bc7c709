import { expect, test } from "vitest";
import type { KubeObject } from "../../../../shared/kube/served-kind.ts";
import { resourceSliceRules as rules } from "../../../../shared/kube/validation/device/resource-slice-rules.ts";
import type { Json, JsonObject } from "../../../../shared/lib/kube-object.ts";
import { errorsOf } from "../errors-of.ts";
import { expectNeverThrows } from "../never-throws.ts";
import { notALabel, notASubdomain } from "../sentences.ts";
import { slice } from "./device-objects.ts";

const having = (...devices: Json[]): KubeObject => slice({ devices });
const knowing = (attributes: JsonObject): KubeObject => having({ name: "gpu-0", attributes });
const ownNodes = (device: JsonObject): KubeObject =>
  slice({ nodeName: null, perDeviceNodeSelection: true, devices: [{ name: "gpu-0", ...device }] });
const terms = (...nodeSelectorTerms: Json[]): JsonObject => ({ nodeSelectorTerms });
const gpuNodes: JsonObject = { matchExpressions: [{ key: "gpu", operator: "Exists" }] };

const device = "spec.devices[0]";
const oneWay =
  "exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required";
const ownWay =
  "exactly one of `nodeName`, `nodeSelector`, or `allNodes` is required when " +
  "`perDeviceNodeSelection` is set to true in the ResourceSlice spec";
const unset = "must be either unset or set to true";
const fixed = "field is immutable";

const bad: [name: string, slice: KubeObject, want: readonly string[]][] = [
  [
    "that says nothing",
    { ...slice(), spec: {} },
    [
      "spec.driver: Required value",
      `spec.driver: Invalid value: "": ${notASubdomain}`,
      "spec.pool.name: Required value",
      "spec.pool.resourceSliceCount: Invalid value: 0: must be greater than zero",
      `spec: Required value: ${oneWay}`,
    ],
  ],
  [
    "of a wrong pool",
    slice({ pool: { name: "a//B", resourceSliceCount: 1, generation: -1 } }),
    [
      `spec.pool.name: Invalid value: "": ${notASubdomain}`,
      `spec.pool.name: Invalid value: "B": ${notASubdomain}`,
      "spec.pool.generation: Invalid value: -1: must be greater than or equal to zero",
    ],
  ],
  [
    "of a long pool",
    slice({ pool: { name: "a/".repeat(127), resourceSliceCount: 1 } }),
    ["spec.pool.name: Too long: may not be more than 253 bytes"],
  ],
  [
    "of a node without a name",
    slice({ nodeName: "" }),
    [
      'spec.nodeName: Invalid value: "": must be either unset or set to a non-empty string',
      `spec: Required value: ${oneWay}`,
    ],
  ],
  [
    "of nodes by no choice",
    slice({ nodeName: null, allNodes: false, perDeviceNodeSelection: false }),
    [
      `spec.allNodes: Invalid value: false: ${unset}`,
      `spec.perDeviceNodeSelection: Invalid value: false: ${unset}`,
      `spec: Required value: ${oneWay}`,
    ],
  ],
  [
    "of nodes by two choices",
    slice({ nodeName: "Node", allNodes: true }),
    [
      `spec.nodeName: Invalid value: "Node": ${notASubdomain}`,
      `spec: Invalid value: "{\`nodeName\`, \`allNodes\`}": ${oneWay}, but multiple fields are set`,
    ],
  ],
  [
    "of nodes by two terms",
    slice({ nodeName: null, nodeSelector: terms(gpuNodes, gpuNodes) }),
    [
      "spec.nodeSelector.nodeSelectorTerms: Invalid value: " +
        `${JSON.stringify([gpuNodes, gpuNodes])}: must have exactly one node selector term`,
    ],
  ],
  [
    "with devices of no name, or one",
    having({}, { name: "a" }, { name: "a" }),
    [
      `${device}.name: Invalid value: "": ${notALabel}`,
      'spec.devices[2].name: Duplicate value: "a"',
    ],
  ],
  [
    "with too many devices",
    having(...Array.from({ length: 129 }, (_, index) => ({ name: `gpu-${index}` }))),
    ["spec.devices: Too many: 129: must have at most 128 items"],
  ],
  [
    "with devices that have nodes of their own",
    having({ name: "gpu-0", allNodes: true }),
    [
      `${device}: Invalid value: null: \`nodeName\`, \`nodeSelector\` and \`allNodes\` can only ` +
        "be set if `perDeviceNodeSelection` is set to true in the ResourceSlice spec",
    ],
  ],
  [
    "with devices that lack nodes of their own",
    ownNodes({ nodeName: "", allNodes: false }),
    [
      `${device}.nodeName: Invalid value: "": must not be empty`,
      `${device}.allNodes: Invalid value: false: ${unset}`,
      `${device}: Required value: ${ownWay}`,
    ],
  ],
  [
    "with devices on nodes by two choices",
    ownNodes({ allNodes: true, nodeSelector: terms() }),
    [
      `${device}.nodeSelector.nodeSelectorTerms: Required value: must have at least one node ` +
        "selector term",
      `${device}: Invalid value: "{\`nodeSelector\`, \`allNodes\`}": ${ownWay}`,
    ],
  ],
  [
    "with attributes of no value, or two",
    knowing({ none: {}, two: { int: 1, bool: false } }),
    [
      `${device}.attributes[none]: Required value: exactly one value must be specified`,
      `${device}.attributes[two]: Invalid value: {"int":1,"bool":false}: exactly one value must ` +
        "be specified",
    ],
  ],
  [
    "with wrong attributes",
    knowing({
      "/a": { int: 1 },
      text: { string: "x".repeat(65) },
      version: { version: "1.0" },
      texts: { strings: ["a", "x".repeat(65)] },
    }),
    [
      `${device}.attributes[/a]: Required value: the domain must not be empty`,
      `${device}.attributes[text].string: Too long: may not be more than 64 bytes`,
      `${device}.attributes[version].version: Invalid value: "1.0": must be a string compatible ` +
        "with semver.org spec 2.0.0",
      `${device}.attributes[texts].strings[1]: Too long: may not be more than 64 bytes`,
    ],
  ],
  [
    "with too many attributes",
    having({
      name: "gpu-0",
      attributes: Object.fromEntries(
        Array.from({ length: 32 }, (_, index) => [`a${index}`, { int: index }]),
      ),
      capacity: { memory: { value: "1Gi" } },
    }),
    [
      `${device}: Invalid value: 33: the total number of attributes and capacities must not ` +
        "exceed 32",
    ],
  ],
];

test.each(bad)("a slice %s is refused", (_, object, want) => {
  expect(errorsOf(rules, object)).toEqual(want);
});

test("a slice stays with its driver, its pool and its node", () => {
  const now = slice({
    driver: "b.example.com",
    nodeName: "node-2",
    pool: { name: "b", resourceSliceCount: 2, generation: 7 },
  });
  expect(errorsOf(rules, now, slice())).toEqual([
    `spec.pool.name: Invalid value: "b": ${fixed}`,
    `spec.driver: Invalid value: "b.example.com": ${fixed}`,
    `spec.nodeName: Invalid value: "node-2": ${fixed}`,
  ]);
});

const everything = having(
  {
    name: "gpu-0",
    attributes: {
      model: { string: "A100" },
      "gpu.example.com/index": { int: 0 },
      healthy: { bool: false },
      driver_version: { version: "1.0.0-rc.1+build.5" },
      links: { strings: ["a", "b"] },
    },
    capacity: { memory: { value: "40Gi" }, "gpu.example.com/cores": { value: 108 } },
    consumesCounters: [{ counterSet: "gpu-0", counters: { memory: { value: "40Gi" } } }],
    taints: [{ key: "example.com/sick", effect: "NoExecute" }],
  },
  { name: "gpu-1", basic: {}, somethingNew: true },
);

test.each([
  ["of the least that there is", slice()],
  ["of all that there is", everything],
  ["of nodes by their labels", slice({ nodeName: null, nodeSelector: terms(gpuNodes) })],
  ["of all nodes", slice({ nodeName: null, allNodes: true })],
  ["of devices with nodes of their own", ownNodes({ nodeName: "node-1" })],
  ["of a pool of pools", slice({ pool: { name: "a/b.c", resourceSliceCount: 3, generation: 1 } })],
  ["with an attribute of a newer version", knowing({ a: { quantity: "1Gi" } })],
])("a slice %s is taken", (_, object) => {
  expect(errorsOf(rules, object)).toEqual([]);
  expect(errorsOf(rules, object, object)).toEqual([]);
});

test("a slice gets more devices, and its pool more slices", () => {
  const pool = { name: "node-1", resourceSliceCount: 2, generation: 2 };
  expect(errorsOf(rules, slice({ pool, devices: [{ name: "gpu-0" }] }), slice())).toEqual([]);
});

test("the rules of slices never throw", () => {
  expectNeverThrows(rules, everything, ownNodes({ nodeSelector: terms(gpuNodes) }));
  expectNeverThrows(rules, slice({ nodeName: null, nodeSelector: terms(gpuNodes) }));
});
