import { expect, test } from "vitest";
import type { KubeObject } from "../../../../shared/kube/served-kind.ts";
import {
  resourceClaimRules,
  resourceClaimTemplateRules,
} from "../../../../shared/kube/validation/device/resource-claim-rules.ts";
import type { Json, JsonObject } from "../../../../shared/lib/kube-object.ts";
import { errorsOf } from "../errors-of.ts";
import { expectNeverThrows } from "../never-throws.ts";
import { notALabel, notALabelValue, notAName, notASubdomain } from "../sentences.ts";
import { claimOf, deviceObject, request, templateOf } from "./device-objects.ts";

const asking = (fields: JsonObject): JsonObject => ({ requests: [request(fields)] });
const constrained = (...constraints: Json[]): JsonObject => ({ ...asking({}), constraints });
const configured = (...config: Json[]): JsonObject => ({ ...asking({}), config });
const opaque: JsonObject = {
  driver: "gpu.example.com",
  parameters: { apiVersion: "gpu.example.com/v1", kind: "GpuConfig", sharing: "TimeSlicing" },
};

const oneWay = "exactly one of `exactly` or `firstAvailable` is required";
const first = "requests[0]";
const noRequest =
  "must be the name of a request in the claim or the name of a request and a subrequest " +
  "separated by '/'";
const notAnIdentifier =
  "a valid C identifier must start with alphabetic character or '_', followed by a string of " +
  "alphanumeric characters or '_' (e.g. 'my_name',  or 'MY_NAME',  or 'MyName', regex used for " +
  "validation is '[A-Za-z_][A-Za-z0-9_]*')";

const many = (count: number, item: (index: number) => Json): Json[] =>
  Array.from({ length: count }, (_, index) => item(index));

const bad: [name: string, devices: JsonObject, want: readonly string[]][] = [
  [
    "a request that says nothing",
    { requests: [{}] },
    [`${first}.name: Invalid value: "": ${notALabel}`, `${first}: Required value: ${oneWay}`],
  ],
  [
    "a request that says it in two ways",
    { requests: [{ ...request(), firstAvailable: [{ name: "a", deviceClassName: "a" }] }] },
    [`${first}: Invalid value: null: ${oneWay}, but multiple fields are set`],
  ],
  [
    "a request of no class",
    asking({ deviceClassName: "" }),
    [`${first}.exactly.deviceClassName: Required value`],
  ],
  [
    "a request of a wrong class",
    asking({ deviceClassName: "GPU" }),
    [`${first}.exactly.deviceClassName: Invalid value: "GPU": ${notASubdomain}`],
  ],
  [
    "requests of one name",
    { requests: [request(), request({ count: -1 })] },
    [
      "requests[1].exactly.count: Invalid value: -1: must be greater than zero",
      'requests[1].name: Duplicate value: "gpu"',
    ],
  ],
  [
    "too many requests",
    { requests: many(33, (index) => request({}, `r${index}`)) },
    ["requests: Too many: 33: must have at most 32 items"],
  ],
  [
    "a count of all",
    asking({ allocationMode: "All", count: 2 }),
    [
      `${first}.exactly.count: Invalid value: 2: must not be specified when allocationMode is ` +
        "'All'",
    ],
  ],
  [
    "an unknown mode",
    asking({ allocationMode: "Some" }),
    [
      `${first}.exactly.allocationMode: Unsupported value: "Some": supported values: "All", ` +
        '"ExactCount"',
    ],
  ],
  [
    "selectors without an expression",
    asking({ selectors: [{}] }),
    [`${first}.exactly.selectors[0].cel: Required value`],
  ],
  [
    "long selectors",
    asking({ selectors: [{ cel: { expression: "x".repeat(10_241) } }] }),
    [`${first}.exactly.selectors[0].cel.expression: Too long: may not be more than 10240 bytes`],
  ],
  [
    "too many selectors",
    asking({ selectors: many(33, () => ({ cel: { expression: "true" } })) }),
    [`${first}.exactly.selectors: Too many: 33: must have at most 32 items`],
  ],
  [
    "alternatives that say nothing, twice",
    { requests: [{ name: "gpu", firstAvailable: [{ name: "a" }, { name: "a" }] }] },
    [
      `${first}.firstAvailable[0].deviceClassName: Required value`,
      `${first}.firstAvailable[1].deviceClassName: Required value`,
      `${first}.firstAvailable[1].name: Duplicate value: "a"`,
    ],
  ],
  [
    "too many alternatives",
    {
      requests: [
        {
          name: "gpu",
          firstAvailable: many(9, (index) => ({ name: `a${index}`, deviceClassName: "a" })),
        },
      ],
    },
    [`${first}.firstAvailable: Too many: 9: must have at most 8 items`],
  ],
  [
    "constraints about nothing, of unknown requests",
    constrained({ requests: ["gpu", "gpu", "cpu", "a/b/c", "gpu/A"] }),
    [
      'constraints[0].requests[1]: Duplicate value: "gpu"',
      `constraints[0].requests[2]: Invalid value: "cpu": ${noRequest}`,
      `constraints[0].requests[3]: Invalid value: "a/b/c": ${noRequest}`,
      `constraints[0].requests[4]: Invalid value: "A": ${notALabel}`,
      `constraints[0].requests[4]: Invalid value: "gpu/A": ${noRequest}`,
      "constraints[0].matchAttribute: Required value",
    ],
  ],
  [
    "constraints of attributes with wrong names",
    constrained(
      ...["numa", "/numa", "example.com/", "Example_/1a", `a.b/${"x".repeat(33)}`].map(
        (matchAttribute) => ({ matchAttribute }),
      ),
    ),
    [
      'constraints[0].matchAttribute: Invalid value: "numa": must include a domain',
      "constraints[1].matchAttribute: Required value: the domain must not be empty",
      "constraints[2].matchAttribute: Required value: the name must not be empty",
      `constraints[3].matchAttribute: Invalid value: "Example_": ${notASubdomain}`,
      `constraints[3].matchAttribute: Invalid value: "1a": ${notAnIdentifier}`,
      "constraints[4].matchAttribute: Too long: may not be more than 32 bytes",
    ],
  ],
  [
    "configuration of nothing",
    configured({ requests: ["other"] }),
    [
      `config[0].requests[0]: Invalid value: "other": ${noRequest}`,
      "config[0].opaque: Required value",
    ],
  ],
  [
    "configuration for nobody",
    configured({ opaque: {} }),
    [
      "config[0].opaque.driver: Required value",
      `config[0].opaque.driver: Invalid value: "": ${notASubdomain}`,
      "config[0].opaque.parameters: Required value",
    ],
  ],
  [
    "long configuration",
    configured({ opaque: { ...opaque, parameters: { a: "x".repeat(10_240) } } }),
    ["config[0].opaque.parameters: Too long: may not be more than 10240 bytes"],
  ],
];

test.each(bad)("%s of a claim are refused, and of a template", (_, devices, want) => {
  const told = (path: string) => want.map((error) => `${path}.devices.${error}`);
  expect(errorsOf(resourceClaimRules, claimOf(devices))).toEqual(told("spec"));
  expect(errorsOf(resourceClaimTemplateRules, templateOf(devices))).toEqual(told("spec.spec"));
});

test("labels of the claims that are made from a template are labels", () => {
  const metadata = { labels: { a: "b c" }, annotations: { "a b": "" } };
  expect(errorsOf(resourceClaimTemplateRules, templateOf({}, metadata))).toEqual([
    `spec.metadata.annotations: Invalid value: "a b": ${notAName}`,
    `spec.metadata.labels: Invalid value: "b c": ${notALabelValue}`,
  ]);
});

const everything: JsonObject = {
  requests: [
    request({
      allocationMode: "ExactCount",
      count: 2,
      adminAccess: false,
      selectors: [{ cel: { expression: 'device.driver == "gpu.example.com"' } }],
      tolerations: [{ key: "example.com/maintenance", operator: "Exists", effect: "NoSchedule" }],
      capacity: { requests: { memory: "10Gi" } },
    }),
    request({ allocationMode: "All" }, "nics"),
    {
      name: "either",
      firstAvailable: [
        { name: "large", deviceClassName: "large.example.com", count: 1 },
        { name: "small", deviceClassName: "small.example.com", count: 2, selectors: [] },
      ],
    },
  ],
  constraints: [
    { requests: ["gpu", "nics"], matchAttribute: "resource.kubernetes.io/pcieRoot" },
    { requests: ["either/small"], distinctAttribute: "gpu.example.com/uuid" },
    { matchAttribute: "a/b/c" },
  ],
  config: [{ requests: ["gpu", "either/large", "either"], opaque }, { opaque }],
};

test.each([
  ["of the least that there is", asking({})],
  ["of no devices", {}],
  ["of all that there is", everything],
])("a claim %s is taken, and a template", (_, devices) => {
  const labels = { labels: { app: "a" }, annotations: { "example.com/a": "b" } };
  for (const template of [templateOf(devices, labels), templateOf(devices)]) {
    expect(errorsOf(resourceClaimTemplateRules, template)).toEqual([]);
    expect(errorsOf(resourceClaimTemplateRules, template, template)).toEqual([]);
  }
  expect(errorsOf(resourceClaimRules, claimOf(devices))).toEqual([]);
  expect(errorsOf(resourceClaimRules, claimOf(devices), claimOf(devices))).toEqual([]);
});

const shown: JsonObject = {
  requests: [
    request({
      allocationMode: "ExactCount",
      count: 1,
      selectors: [],
      tolerations: [{ key: "a", operator: "Equal", value: "b" }],
    }),
    { name: "b", firstAvailable: [{ name: "c", deviceClassName: "d", count: 1 }] },
  ],
};
const written: JsonObject = {
  requests: [
    request({ tolerations: [{ key: "a", value: "b" }] }),
    {
      name: "b",
      firstAvailable: [{ name: "c", deviceClassName: "d", allocationMode: "ExactCount" }],
    },
  ],
};

test("what a server writes into a claim is no change of it", () => {
  for (const [now, then] of [
    [shown, written],
    [written, shown],
  ] as const) {
    expect(errorsOf(resourceClaimRules, claimOf(now), claimOf(then))).toEqual([]);
    expect(errorsOf(resourceClaimTemplateRules, templateOf(now), templateOf(then))).toEqual([]);
  }
});

test("a claim stays as it was created", () => {
  const now = claimOf(asking({ count: 2 }));
  expect(errorsOf(resourceClaimRules, now, claimOf(asking({})))).toEqual([
    `spec: Invalid value: ${JSON.stringify(now["spec"])}: field is immutable`,
  ]);
  const labelled: KubeObject = { ...now, metadata: { ...now.metadata, labels: { a: "b" } } };
  expect(errorsOf(resourceClaimRules, labelled, now)).toEqual([]);
});

test("a template stays as it was created", () => {
  const now = templateOf(asking({}), { labels: { app: "b" } });
  const then = templateOf(asking({}), { labels: { app: "a" } });
  expect(errorsOf(resourceClaimTemplateRules, now, then)).toEqual([
    `spec: Invalid value: ${JSON.stringify(now["spec"])}: field is immutable`,
  ]);
});

test("the rules of claims never throw", () => {
  expectNeverThrows(resourceClaimRules, claimOf(everything), claimOf(shown));
  expectNeverThrows(resourceClaimTemplateRules, templateOf(everything, { labels: { a: "b" } }));
  expectNeverThrows(resourceClaimRules, deviceObject("ResourceClaim", {}));
});
