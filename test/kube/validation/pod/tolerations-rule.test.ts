import { expect, test } from "vitest";
import { tolerationsRule } from "../../../../shared/kube/validation/pod/tolerations-rule.ts";
import type { Json } from "../../../../shared/lib/kube-object.ts";
import { notALabelValue } from "../sentences.ts";
import { expectNeverThrows, told } from "./told.ts";

const path = "spec.tolerations";

test.each<[name: string, toleration: Json, want: readonly string[]]>([
  [
    "a key that no taint can have",
    { key: "/a", operator: "Exists" },
    [`${path}[0].key: Invalid value: "/a": prefix part must be non-empty`],
  ],
  [
    "no key with the operator that compares",
    { operator: "Equal", value: "a" },
    [
      `${path}[0].operator: Invalid value: "Equal": operator must be Exists when \`key\` is ` +
        'empty, which means "match all values and all keys"',
    ],
  ],
  [
    "nothing in it",
    {},
    [
      `${path}[0].operator: Invalid value: "": operator must be Exists when \`key\` is empty, ` +
        'which means "match all values and all keys"',
    ],
  ],
  [
    "seconds for a taint that evicts nobody",
    { key: "a", operator: "Exists", effect: "NoSchedule", tolerationSeconds: 0 },
    [
      `${path}[0].effect: Invalid value: "NoSchedule": effect must be 'NoExecute' when ` +
        "`tolerationSeconds` is set",
    ],
  ],
  [
    "seconds for all taints",
    { key: "a", operator: "Exists", tolerationSeconds: 300 },
    [
      `${path}[0].effect: Invalid value: "": effect must be 'NoExecute' when ` +
        "`tolerationSeconds` is set",
    ],
  ],
  [
    "a value that no taint can have",
    { key: "a", value: `-${"a".repeat(63)}` },
    [
      `${path}[0].operator: Invalid value: "-${"a".repeat(63)}": must be no more than 63 ` +
        `characters;${notALabelValue}`,
    ],
  ],
  [
    "a value for a key that only has to exist",
    { key: "a", operator: "Exists", value: "b" },
    [
      `${path}[0].operator: Invalid value: "b": value must be empty ` +
        "when `operator` is 'Exists'",
    ],
  ],
  [
    "an operator and an effect that there are not",
    { key: "a", operator: "In", effect: "NoWay" },
    [
      `${path}[0].operator: Unsupported value: "In": supported values: "Equal", "Exists"`,
      `${path}[0].effect: Unsupported value: "NoWay": supported values: "NoSchedule", ` +
        '"PreferNoSchedule", "NoExecute"',
    ],
  ],
])("a toleration may not have %s", (_name, toleration, want) => {
  expect(told(tolerationsRule, [toleration], path)).toEqual(want);
});

const good: Json = [
  { operator: "Exists" },
  { operator: "Exists", effect: "NoExecute", tolerationSeconds: -1 },
  { key: "key1", operator: "Equal", value: "value1", effect: "NoSchedule" },
  { key: "example-key", operator: "Exists", effect: "PreferNoSchedule" },
  { key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute" },
  { key: "kubernetes.azure.com/scalesetpriority", value: "spot" },
  { key: "a", operator: "", value: "", effect: "" },
  { key: "node.kubernetes.io/not-ready", effect: "NoExecute", tolerationSeconds: 6000 },
  { key: "a", effect: "NoSchedule", tolerationSeconds: null },
  { key: "gpus", operator: "Gt", value: "4" },
  { key: "gpus", operator: "Lt", value: "4" },
];

test("tolerations of all sorts are fine", () => {
  expect(told(tolerationsRule, good)).toEqual([]);
  expect(told(tolerationsRule, undefined)).toEqual([]);
});

test("a value of a wrong type is left to others", () => {
  expect(told(tolerationsRule, [{ key: 1, operator: 2, value: 3, effect: 4 }])).toEqual([]);
});

test("any JSON can stand for any part of tolerations", () => {
  expectNeverThrows(tolerationsRule, good);
});
