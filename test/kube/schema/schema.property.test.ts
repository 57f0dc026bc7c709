/** Hostile schemas and objects: an answer or a refusal, never another error, and never a hang. */
import { expect, test } from "vitest";
import { ruleErrors } from "../../../shared/kube/cel/rule-errors.ts";
import { definitionKind } from "../../../shared/kube/definitions/definition-kind.ts";
import { definitionErrors } from "../../../shared/kube/definitions/definition-rules.ts";
import { preparedDefinition } from "../../../shared/kube/definitions/prepared-definition.ts";
import { withDefaults } from "../../../shared/kube/schema/defaults.ts";
import { prune } from "../../../shared/kube/schema/prune.ts";
import { schemaErrors } from "../../../shared/kube/schema/validate.ts";
import type { FieldError, KubeObject, OpenApiSchema } from "../../../shared/kube/served-kind.ts";
import { StatusError } from "../../../shared/kube/status-error.ts";
import type { Json } from "../../../shared/lib/kube-object.ts";
import { fc } from "../../chance.ts";
import { gadgetDefinition } from "../definitions/definition-fixture.ts";

/** Names that mean something to JavaScript or to expressions. */
const names = fc.constantFrom(
  "a",
  "b",
  "c-d",
  "in",
  "constructor",
  "toString",
  "__proto__",
  "size",
);

const scalar: fc.Arbitrary<OpenApiSchema> = fc.constantFrom<OpenApiSchema>(
  { type: "string", default: "x" },
  { type: "string", pattern: "^(a|aa)+$" },
  { type: "string", format: "date-time" },
  { type: "integer", minimum: 0, default: 1 },
  { type: "integer", "x-kubernetes-validations": [{ rule: "self < 5" }] },
  { type: "number", nullable: true },
  { type: "boolean" },
  { "x-kubernetes-int-or-string": true, "x-kubernetes-validations": [{ rule: "self != 'x'" }] },
  { "x-kubernetes-preserve-unknown-fields": true },
);

const schemas: fc.Arbitrary<OpenApiSchema> = fc.letrec<{ schema: OpenApiSchema }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    scalar,
    fc
      .array(fc.tuple(names, tie("schema")), { maxLength: 4 })
      .map((entries): OpenApiSchema => ({ type: "object", properties: ownFields(entries) })),
    tie("schema").map((items): OpenApiSchema => ({ type: "array", items })),
    tie("schema").map(
      (additionalProperties): OpenApiSchema => ({
        type: "object",
        additionalProperties,
        "x-kubernetes-validations": [{ rule: "self.all(k, k != 'z')" }],
      }),
    ),
  ),
})).schema;

/** Also for `__proto__`, which a literal would set. */
function ownFields(entries: readonly (readonly [string, OpenApiSchema])[]) {
  return Object.fromEntries(entries) as Readonly<Record<string, OpenApiSchema>>;
}

const values: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom<Json>(null, true, 0, 7, 1.5, 1e300, "", "x", "aaaa", "2026-11-21T12:00:00Z"),
    fc.array(tie("value"), { maxLength: 4 }),
    fc
      .array(fc.tuple(names, tie("value")), { maxLength: 4 })
      .map((entries): Json => Object.fromEntries(entries)),
  ),
})).value;

const ofField = (schema: OpenApiSchema): OpenApiSchema => ({
  type: "object",
  properties: { spec: schema },
});

test("pruning and defaults are done once and for all", () => {
  fc.assert(
    fc.property(schemas, values, (schema, value) => {
      const once = withDefaults(prune(value, schema, []), schema);
      const unknown: string[] = [];
      expect(withDefaults(prune(once, schema, unknown), schema)).toEqual(once);
      expect(unknown).toEqual([]);
    }),
  );
});

test("a valid value stays valid, and what is wrong may stay as it is", () => {
  fc.assert(
    fc.property(schemas, values, (schema, value) => {
      const errors = schemaErrors(value, schema);
      if (errors.length === 0) {
        const complete = withDefaults(prune(value, schema, []), schema);
        expect(schemaErrors(complete, schema)).toEqual([]);
      }
      expect(schemaErrors(value, schema, { before: value })).toEqual([]);
    }),
  );
});

test("rules answer for any value, also for one that its schema refuses", () => {
  fc.assert(
    fc.property(schemas, values, values, (schema, spec, old) => {
      const run = { value: { spec }, before: { spec: old }, warnings: [] };
      for (const { field, message } of ruleErrors(ofField(schema), run)) {
        expect(field).toMatch(/^(spec|<nil>)/);
        expect(message).toMatch(/^Invalid value: /);
      }
    }),
  );
});

/** What a definition may come with where a schema is expected. */
const keywords = fc
  .constantFrom(
    "type items properties additionalProperties allOf anyOf oneOf not default pattern enum " +
      "required",
    "x-kubernetes-validations x-kubernetes-list-type x-kubernetes-list-map-keys nullable format",
  )
  .chain((words) => fc.constantFrom(...words.split(" ")));

const hostile: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom<Json>(null, true, 3, "object", "array", "string", "(", "self", "map", "set"),
    fc.array(tie("value"), { maxLength: 3 }),
    fc
      .array(fc.tuple(fc.oneof(keywords, names), tie("value")), { maxLength: 5 })
      .map((entries): Json => Object.fromEntries(entries)),
  ),
})).value;

/** A schema of the wrong types is refused as a whole. */
function errorsOrRefusal(definition: KubeObject): readonly Pick<FieldError, "field" | "message">[] {
  try {
    return definitionErrors(definition);
  } catch (error) {
    if (!(error instanceof StatusError) || error.code !== 400) throw error;
    return [{ field: "", message: error.message }];
  }
}

test("a definition with any schema is taken or refused, and then served or not", () => {
  fc.assert(
    fc.property(hostile, values, (size, value) => {
      const definition = preparedDefinition(gadgetDefinition({ size }));
      const errors = errorsOrRefusal(definition);
      for (const { field, message } of errors) {
        expect(typeof field).toBe("string");
        expect(message.length).toBeGreaterThan(0);
      }
      if (errors.length > 0) return;
      const schema = definitionKind(definition)?.versions[0]?.schema;
      expect(schema).toBeDefined();
      if (schema === undefined) return;
      const spec = withDefaults(prune({ spec: { size: value } }, schema, []), schema);
      expect(Array.isArray(schemaErrors(spec, schema))).toBe(true);
      expect(Array.isArray(ruleErrors(schema, { value: spec, warnings: [] }))).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test("a deep schema and a deep value are as good as flat ones", () => {
  let schema: OpenApiSchema = {
    type: "integer",
    "x-kubernetes-validations": [{ rule: "self > 0" }],
  };
  let value: Json = 0;
  for (let depth = 0; depth < 90; depth++) {
    schema = { type: "object", properties: { a: schema } };
    value = { a: value };
  }
  expect(schemaErrors(value, schema)).toEqual([]);
  expect(ruleErrors(schema, { value, warnings: [] })).toHaveLength(1);
});
