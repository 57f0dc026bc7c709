/** Rules as fleets' own definitions have them: what they demand is in words in each table. */
import { expect, test } from "vitest";
import type { OpenApiSchema } from "../../../shared/kube/served-kind.ts";
import type { Json } from "../../../shared/lib/kube-object.ts";
import { compileErrors, objectSchema, told } from "./cel-fixture.ts";

const text: OpenApiSchema = { type: "string" };

const selector: OpenApiSchema = {
  type: "object",
  properties: {
    group: text,
    kind: text,
    name: text,
    labelSelector: {
      type: "object",
      properties: { matchLabels: { type: "object", additionalProperties: text } },
    },
    selectionScope: { ...text, default: "NamespaceWithResources" },
  },
  "x-kubernetes-validations": [
    {
      rule: "!(has(self.name) && self.name != '' && has(self.labelSelector))",
      message: "name xor labels",
    },
  ],
};

const toleration: OpenApiSchema = {
  type: "object",
  properties: { key: text, operator: { ...text, default: "Equal" }, value: text, effect: text },
  "x-kubernetes-validations": [
    {
      rule:
        "!(has(self.operator) && self.operator == 'Exists' && has(self.value) && " +
        "size(self.value) > 0)",
      message: "no value with Exists",
    },
    {
      rule: "(has(self.key) && self.key != '') || self.operator == 'Exists'",
      message: "an empty key needs Exists",
    },
  ],
};

const placement: OpenApiSchema = {
  type: "object",
  properties: {
    resourceSelectors: { type: "array", minItems: 1, maxItems: 100, items: selector },
    policy: {
      type: "object",
      properties: {
        placementType: {
          ...text,
          "x-kubernetes-validations": [
            { rule: "self == oldSelf", message: "placement type is immutable" },
          ],
        },
        tolerations: {
          type: "array",
          items: toleration,
          "x-kubernetes-validations": [
            { rule: "oldSelf.all(t, t in self)", message: "tolerations can only be added" },
          ],
        },
      },
    },
    strategy: {
      type: "object",
      properties: { type: text },
      "x-kubernetes-validations": [
        {
          rule: "!(has(oldSelf.type) && oldSelf.type == 'External' && self.type != 'External')",
          message: "external is one-way",
        },
      ],
    },
    maxUnavailable: {
      "x-kubernetes-int-or-string": true,
      "x-kubernetes-validations": [
        {
          rule: "type(self) == int ? self >= 0 : self.matches('^(100|[0-9]{1,2})%$')",
          message: "a count or a percentage",
        },
      ],
    },
    waitTime: {
      ...text,
      "x-kubernetes-validations": [
        {
          rule: "duration(self) >= duration('0s') && duration(self) <= duration('24h')",
          message: "at most a day",
        },
      ],
    },
  },
  "x-kubernetes-validations": [
    {
      rule: "!(has(oldSelf.policy) && !has(self.policy))",
      message: "policy cannot be removed once set",
    },
    {
      rule:
        "self.resourceSelectors.filter(x, x.kind == 'Namespace' && x.selectionScope == " +
        "'NamespaceWithResourceSelectors').size() <= 1",
      message: "one such selector",
    },
    {
      rule:
        "self.resourceSelectors.exists(x, x.selectionScope == " +
        "'NamespaceWithResourceSelectors') ? self.resourceSelectors.filter(x, x.kind == " +
        "'Namespace').size() == 1 : true",
      message: "then it is the only Namespace",
    },
  ],
};

const schema = objectSchema(placement, [
  { rule: "size(self.metadata.name) < 64", message: "metadata.name max length is 63" },
]);

const namespace = (name: string, selectionScope = "NamespaceWithResources"): Json => ({
  group: "",
  kind: "Namespace",
  name,
  selectionScope,
});

const fine = { resourceSelectors: [namespace("a")] };

test("all rules compile", () => {
  expect(compileErrors(schema)).toEqual([]);
});

test.each<[what: string, spec: Json, before: Json | undefined, message: string | undefined]>([
  ["a plain placement", fine, undefined, undefined],
  [
    "a name and labels",
    { resourceSelectors: [{ kind: "A", name: "a", labelSelector: {}, selectionScope: "x" }] },
    undefined,
    "name xor labels",
  ],
  [
    "two selectors of resources in a namespace",
    {
      resourceSelectors: [
        namespace("a", "NamespaceWithResourceSelectors"),
        namespace("b", "NamespaceWithResourceSelectors"),
      ],
    },
    undefined,
    "one such selector",
  ],
  ["a policy that is set later", { ...fine, policy: { placementType: "PickN" } }, fine, undefined],
  [
    "a policy that is removed",
    fine,
    { ...fine, policy: { placementType: "PickN" } },
    "policy cannot be removed once set",
  ],
  [
    "another type of placement",
    { ...fine, policy: { placementType: "PickAll" } },
    { ...fine, policy: { placementType: "PickN" } },
    "placement type is immutable",
  ],
  [
    "one more toleration",
    {
      ...fine,
      policy: {
        tolerations: [
          { key: "a", operator: "Exists" },
          { key: "b", operator: "Exists" },
        ],
      },
    },
    { ...fine, policy: { tolerations: [{ key: "b", operator: "Exists" }] } },
    undefined,
  ],
  [
    "another toleration",
    { ...fine, policy: { tolerations: [{ key: "a", operator: "Exists" }] } },
    { ...fine, policy: { tolerations: [{ key: "b", operator: "Exists" }] } },
    "tolerations can only be added",
  ],
  [
    "a toleration of all with a value",
    { ...fine, policy: { tolerations: [{ key: "a", operator: "Exists", value: "v" }] } },
    undefined,
    "no value with Exists",
  ],
  [
    "back from an external strategy",
    { ...fine, strategy: { type: "RollingUpdate" } },
    { ...fine, strategy: { type: "External" } },
    "external is one-way",
  ],
  ["a percentage", { ...fine, maxUnavailable: "25%" }, undefined, undefined],
  ["a count", { ...fine, maxUnavailable: 3 }, undefined, undefined],
  [
    "a percentage above all",
    { ...fine, maxUnavailable: "250%" },
    undefined,
    "a count or a percentage",
  ],
  ["an hour", { ...fine, waitTime: "1h" }, undefined, undefined],
  ["two days", { ...fine, waitTime: "48h" }, undefined, "at most a day"],
])("%s is taken or refused", (_what, spec, before, message) => {
  const errors = told(schema, spec, before);
  if (message === undefined) expect(errors).toEqual([]);
  else expect(errors.join()).toContain(message);
});
