import { expect, test } from "vitest";
import { ruleErrors } from "../../../shared/kube/cel/rule-errors.ts";
import type { OpenApiSchema, ValidationRule } from "../../../shared/kube/served-kind.ts";
import type { Json } from "../../../shared/lib/kube-object.ts";
import { compileErrors, objectSchema, told } from "./cel-fixture.ts";

const text: OpenApiSchema = { type: "string" };

function rulesOf(
  schema: OpenApiSchema,
  ...rules: readonly (Partial<ValidationRule> & { rule: string })[]
): OpenApiSchema {
  return objectSchema({ ...schema, "x-kubernetes-validations": rules });
}

const pair: OpenApiSchema = {
  type: "object",
  properties: { a: { type: "integer" }, b: { type: "integer" } },
};

test.each<[more: Partial<ValidationRule>, message: string]>([
  [{}, 'spec FieldValueInvalid Invalid value: "object": failed rule: self.a < self.b'],
  [{ message: " a below b " }, 'spec FieldValueInvalid Invalid value: "object": a below b'],
  [
    { message: "m", messageExpression: "'a is ' + string(self.a)" },
    'spec FieldValueInvalid Invalid value: "object": a is 2',
  ],
  // A message that cannot be made gives way to the rule's own.
  [
    { message: "m", messageExpression: "string(1 / (self.a - 2))" },
    'spec FieldValueInvalid Invalid value: "object": m',
  ],
  [
    { message: "m", messageExpression: "'two\\nlines'" },
    'spec FieldValueInvalid Invalid value: "object": m',
  ],
  [{ reason: "FieldValueForbidden", message: "m" }, "spec FieldValueForbidden Forbidden: m"],
  [{ reason: "FieldValueRequired", message: "m" }, "spec FieldValueRequired Required value: m"],
  [{ reason: "FieldValueDuplicate" }, 'spec FieldValueDuplicate Duplicate value: "object"'],
  [{ fieldPath: ".a", message: "m" }, 'spec.a FieldValueInvalid Invalid value: "object": m'],
])("a failed rule with %j is told: %s", (more, message) => {
  const schema = rulesOf(pair, { rule: "self.a < self.b", ...more });
  expect(compileErrors(schema)).toEqual([]);
  expect(told(schema, { a: 2, b: 1 })).toEqual([message]);
  expect(told(schema, { a: 1, b: 2 })).toEqual([]);
});

const at = "properties[spec].x-kubernetes-validations[0]";

test.each<[rule: Partial<ValidationRule> & { rule: string }, message: string | RegExp]>([
  [
    { rule: "true", fieldPath: ".c" },
    `${at}.fieldPath Invalid value: ".c": fieldPath must be a valid path: does not refer to ` +
      `a valid field`,
  ],
  [
    { rule: "true", fieldPath: "a" },
    `${at}.fieldPath Invalid value: "a": fieldPath must be a valid path: expected [ or . but ` +
      `got: a`,
  ],
  [
    { rule: "true", optionalOldSelf: true },
    `${at}.optionalOldSelf Invalid value: true: may not be set if oldSelf is not used in rule`,
  ],
  [
    { rule: "true", messageExpression: "self.a" },
    `${at}.messageExpression Invalid value: "self.a": messageExpression must evaluate to a string`,
  ],
  [
    { rule: "true\n|| false" },
    `${at}.message Required value: message must be specified if rule contains line breaks`,
  ],
  [
    { rule: "true", message: "two\nlines" },
    `${at}.message Invalid value: "two\\nlines": message must not contain line breaks`,
  ],
  [
    { rule: "true", reason: "Odd" as never },
    `${at}.reason Unsupported value: "Odd": supported values: "FieldValueDuplicate", ` +
      '"FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"',
  ],
])("a rule %j is refused", (rule, message) => {
  expect(compileErrors(rulesOf(pair, rule))).toEqual([message]);
});

test("the root knows the name of the object, and nothing else of its metadata", () => {
  const schema = objectSchema(pair, [
    { rule: "size(self.metadata.name) < 64", message: "metadata.name max length is 63" },
  ]);
  const check = (name: string): readonly string[] =>
    ruleErrors(schema, { value: { metadata: { name }, spec: {} }, warnings: [] }).map(
      ({ field, message }) => `${field}: ${message}`,
    );
  expect(check("a")).toEqual([]);
  expect(check("a".repeat(64))).toEqual([
    '<nil>: Invalid value: "object": metadata.name max length is 63',
  ]);
  const labels = objectSchema(pair, [{ rule: "self.metadata.labels.size() > 0" }]);
  expect(compileErrors(labels)[0]).toContain("undefined field 'labels'");
});

test("a transition rule runs on updates only, with what was there before", () => {
  const schema = rulesOf(text, { rule: "self == oldSelf", message: "immutable" });
  expect(told(schema, "a")).toEqual([]);
  expect(told(schema, "a", "a")).toEqual([]);
  expect(told(schema, "b", "a")).toEqual([
    'spec FieldValueInvalid Invalid value: "string": immutable',
  ]);
});

test("an old self that is optional lets a transition rule run on creates too", () => {
  const schema = rulesOf(text, {
    rule: "oldSelf.hasValue() ? self == oldSelf.value() : self == 'first'",
    optionalOldSelf: true,
  });
  expect(compileErrors(schema)).toEqual([]);
  expect(told(schema, "first")).toEqual([]);
  expect(told(schema, "second")).toHaveLength(1);
  expect(told(schema, "second", "second")).toEqual([]);
  expect(told(schema, "third", "second")).toHaveLength(1);
});

const itemsOf = (listType: "map" | "atomic" | "set"): OpenApiSchema => ({
  type: "array",
  "x-kubernetes-list-type": listType,
  ...(listType === "map" && { "x-kubernetes-list-map-keys": ["name"] }),
  items: {
    type: "object",
    required: ["name"],
    properties: { name: text, size: { type: "integer" } },
    "x-kubernetes-map-type": "atomic",
    "x-kubernetes-validations": [{ rule: "self.size >= oldSelf.size", message: "shrinks" }],
  },
});

test("items of a list with keys are found again by their keys", () => {
  const schema = objectSchema(itemsOf("map"));
  const before = [
    { name: "a", size: 1 },
    { name: "b", size: 5 },
  ];
  const moved = [
    { name: "b", size: 4 },
    { name: "new", size: 0 },
    { name: "a", size: 1 },
  ];
  expect(told(schema, moved, before)).toEqual([
    'spec[0] FieldValueInvalid Invalid value: "object": shrinks',
  ]);
});

test.each(["atomic", "set"] as const)("items of %s lists have no old selves", (listType) => {
  expect(compileErrors(objectSchema(itemsOf(listType)))).toEqual([
    "properties[spec].items.x-kubernetes-validations[0].rule Invalid value: " +
      '"self.size >= oldSelf.size": oldSelf cannot be used on the uncorrelatable portion of the ' +
      "schema within properties[spec]",
  ]);
});

test("values of a map are named by their keys", () => {
  const schema = objectSchema({
    type: "object",
    additionalProperties: { ...text, "x-kubernetes-validations": [{ rule: "self != 'x'" }] },
  });
  expect(told(schema, { "a.b": "x" })).toEqual([
    "spec[a.b] FieldValueInvalid Invalid value: \"string\": failed rule: self != 'x'",
  ]);
});

test("null is no value that rules are run on, and absent in an object", () => {
  const schema = rulesOf(
    { type: "object", properties: { a: { ...text, nullable: true } } },
    { rule: "!has(self.a)" },
  );
  expect(told(schema, { a: null })).toEqual([]);
  expect(told(schema, null)).toEqual([]);
});

test("what was wrong before an update and did not change is a warning", () => {
  const schema = rulesOf(pair, { rule: "self.a < self.b", message: "a below b" });
  const wrong = { a: 2, b: 1 };
  const warnings: string[] = [];
  const value: Json = { metadata: { labels: { new: "1" } }, spec: wrong };
  const before: Json = { metadata: {}, spec: wrong };
  expect(ruleErrors(schema, { value, before, warnings })).toEqual([]);
  expect(warnings).toEqual(['spec: Invalid value: "object": a below b']);
  expect(told(schema, { a: 3, b: 1 }, wrong)).toHaveLength(1);
});

const doubled = `${"cel.bind(a, a + a, ".repeat(30)}size(a) > 0${")".repeat(30)}`;

test.each<[name: string, rule: string]>([
  ["nested loops", "self.all(a, self.all(b, self.all(c, a + b + c >= 0)))"],
  ["loops that go on after errors", "self.exists(a, self.exists(b, self.exists(c, c < 0)))"],
  ["comparisons of lists", "self.all(a, self == self.map(b, b))"],
  ["texts that double", `cel.bind(a, self.map(x, string(x)).join('aaaaaaaaaaaaaaaa'), ${doubled})`],
  ["patterns", "self.all(a, !self.map(x, string(x)).join('').matches('(0|1)*b'))"],
])("%s are stopped when they cost too much", (_name, rule) => {
  const schema = rulesOf({ type: "array", items: { type: "integer" } }, { rule });
  expect(compileErrors(schema)).toEqual([]);
  const started = performance.now();
  expect(
    told(
      schema,
      Array.from({ length: 3_000 }, (_, index) => index),
    ),
  ).toEqual([
    'spec FieldValueInvalid Invalid value: "array": \'operation cancelled: actual cost limit ' +
      "exceeded': no further validation rules will be run due to call cost exceeds limit for " +
      `rule: ${rule}`,
  ]);
  expect(performance.now() - started).toBeLessThan(5_000);
});

test("the rules of one object share a budget", () => {
  const costly: OpenApiSchema = {
    type: "array",
    items: { type: "integer" },
    "x-kubernetes-validations": [{ rule: "self.all(a, self.all(b, a + b >= 0))" }],
  };
  const schema = objectSchema({ type: "array", items: costly });
  const list = Array.from({ length: 300 }, (_, index) => index);
  const errors = told(
    schema,
    Array.from({ length: 30 }, () => list),
  );
  expect(errors).toHaveLength(1);
  expect(errors[0]).toContain(
    "validation failed due to running out of cost budget, no further validation rules will be run",
  );
});
