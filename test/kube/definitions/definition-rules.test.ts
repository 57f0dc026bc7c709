import { expect, test } from "vitest";
import { definitionErrors } from "../../../shared/kube/definitions/definition-rules.ts";
import { preparedDefinition } from "../../../shared/kube/definitions/prepared-definition.ts";
import { withValueAt } from "../../../shared/kube/json.ts";
import type { KubeObject } from "../../../shared/kube/served-kind.ts";
import type { Json, JsonObject } from "../../../shared/lib/kube-object.ts";
import { type GadgetParts, gadgetDefinition } from "./definition-fixture.ts";

function told(parts: GadgetParts, before?: GadgetParts): readonly string[] {
  const old = before === undefined ? undefined : preparedDefinition(gadgetDefinition(before));
  const status = old?.["status"];
  const given = gadgetDefinition(parts);
  const definition = preparedDefinition(status === undefined ? given : { ...given, status });
  return definitionErrors(definition, old).map(
    ({ field, reason, message }) => `${field} ${reason} ${message}`,
  );
}

test("a definition that is right has no errors", () => {
  expect(told({})).toEqual([]);
  expect(told({}, {})).toEqual([]);
});

const label =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an " +
  "alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', " +
  "regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";

test.each<[spec: JsonObject, errors: readonly string[]]>([
  [
    { group: "" },
    [
      'metadata.name FieldValueInvalid Invalid value: "gadgets.example.com": must be ' +
        'spec.names.plural+"."+spec.group',
      "spec.group FieldValueRequired Required value",
    ],
  ],
  [{ scope: "" }, ["spec.scope FieldValueRequired Required value"]],
  [
    { scope: "Galaxy" },
    [
      'spec.scope FieldValueNotSupported Unsupported value: "Galaxy": supported values: ' +
        '"Cluster", "Namespaced"',
    ],
  ],
  [
    { names: { plural: "gadgets", kind: "Gadget", singular: "Gadget" } },
    [`spec.names.singular FieldValueInvalid Invalid value: "Gadget": ${label}`],
  ],
  [
    { names: { plural: "gadgets", kind: "Gadget", shortNames: ["ok", "no_t"] } },
    [`spec.names.shortNames[1] FieldValueInvalid Invalid value: "no_t": ${label}`],
  ],
  [
    { names: { plural: "gadgets", kind: "Gad.get" } },
    [
      `spec.names.kind FieldValueInvalid Invalid value: "Gad.get": may have mixed case, but ` +
        `should otherwise match: ${label}`,
      `spec.names.listKind FieldValueInvalid Invalid value: "Gad.getList": may have mixed ` +
        `case, but should otherwise match: ${label}`,
    ],
  ],
  [
    { names: { plural: "gadgets", kind: "Gadget", listKind: "Gadget" } },
    [
      'spec.names.listKind FieldValueInvalid Invalid value: "Gadget": kind and listKind may ' +
        "not be the same",
    ],
  ],
  [
    { preserveUnknownFields: true },
    [
      "spec.preserveUnknownFields FieldValueInvalid Invalid value: true: cannot set to true, set " +
        "x-preserve-unknown-fields to true in spec.versions[*].schema instead",
    ],
  ],
  [
    { conversion: { strategy: "Webhook" } },
    [
      'spec.conversion.strategy FieldValueInvalid Invalid value: "Webhook": conversion ' +
        'webhooks are not called here: must be "None"',
    ],
  ],
])("a definition whose spec has %j is refused", (spec, errors) => {
  const found = told({ spec });
  expect(
    found.filter((each) => !each.startsWith("spec.names.singular") || errors.includes(each)),
  ).toEqual(errors);
});

test("a group of Kubernetes' own is for what is approved", () => {
  const group = "gadgets.k8s.io";
  const definition = gadgetDefinition({ spec: { group } });
  const named = { ...definition, metadata: { name: `gadgets.${group}` } } as KubeObject;
  const errors = definitionErrors(preparedDefinition(named));
  expect(errors.map(({ field }) => field)).toEqual([
    "metadata.annotations[api-approved.kubernetes.io]",
  ]);
  const annotations = { "api-approved.kubernetes.io": "https://github.com/kubernetes/a/pull/1" };
  const approved = { ...named, metadata: { ...named.metadata, annotations } };
  expect(definitionErrors(preparedDefinition(approved))).toEqual([]);
});

const open = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
const versionOf = (name: string, more: JsonObject = {}): JsonObject => ({
  name,
  served: true,
  storage: false,
  schema: { openAPIV3Schema: open },
  ...more,
});

test.each<[what: string, versions: readonly JsonObject[], error: string]>([
  [
    "two storage versions",
    [versionOf("v1", { storage: true }), versionOf("v2", { storage: true })],
    "must have exactly one version marked as storage version",
  ],
  [
    "no storage version",
    [versionOf("v1")],
    "must have exactly one version marked as storage version",
  ],
  [
    "a version twice",
    [versionOf("v1", { storage: true }), versionOf("v1")],
    "must contain unique version names",
  ],
  [
    "a wrong version",
    [versionOf("V1", { storage: true })],
    'spec.versions[0].name FieldValueInvalid Invalid value: "V1"',
  ],
  [
    "no schema",
    [{ name: "v1", served: true, storage: true }],
    "spec.versions[0].schema.openAPIV3Schema FieldValueRequired Required value: schemas are " +
      "required",
  ],
  [
    "a warning without deprecation",
    [versionOf("v1", { storage: true, deprecationWarning: "x" })],
    "can only be set for deprecated versions",
  ],
])("a definition with %s is refused", (_what, versions, error) => {
  const errors = told({ spec: { versions } });
  expect(errors).toHaveLength(1);
  expect(errors[0]).toContain(error);
});

const root = "spec.validation.openAPIV3Schema";
const size = `${root}.properties[spec].properties[size]`;

/** Where the schema of `spec.size` stands, something else. */
test.each<[schema: Json, error: string]>([
  [
    {},
    `${size}.type FieldValueRequired Required value: must not be empty for specified object fields`,
  ],
  [{ type: "array" }, `${size}.items FieldValueRequired Required value: must be specified`],
  [
    { type: "array", items: {} },
    `${size}.items.type FieldValueRequired Required value: must not be empty for specified ` +
      `array items`,
  ],
  [
    { type: "text" },
    `${size}.type FieldValueNotSupported Unsupported value: "text": supported values: ` +
      `"array", "boolean", "integer", "number", "object", "string"`,
  ],
  [
    { type: "null" },
    `${size}.type FieldValueForbidden Forbidden: type cannot be set to null, use nullable as ` +
      `an alternative`,
  ],
  [
    { type: "object", additionalProperties: false },
    `${size}.additionalProperties FieldValueForbidden Forbidden: additionalProperties cannot ` +
      `be set to false`,
  ],
  [
    {
      type: "object",
      properties: { a: { type: "string" } },
      additionalProperties: { type: "string" },
    },
    `${size}.additionalProperties FieldValueForbidden Forbidden: additionalProperties and ` +
      `properties are mutual exclusive`,
  ],
  [
    { type: "array", items: { type: "string" }, uniqueItems: true },
    `${size}.uniqueItems FieldValueForbidden Forbidden: uniqueItems cannot be set to true ` +
      `since the runtime complexity becomes quadratic`,
  ],
  [
    { type: "object", "x-kubernetes-preserve-unknown-fields": false },
    `${size}.x-kubernetes-preserve-unknown-fields FieldValueInvalid Invalid value: false: ` +
      `must be true or undefined`,
  ],
  [
    { type: "object", $ref: "#/a" },
    `${size}.$ref FieldValueForbidden Forbidden: $ref is not supported`,
  ],
  [
    { type: "string", pattern: "(?=a)" },
    `${size}.pattern FieldValueInvalid Invalid value: "(?=a)": must be a valid regular ` +
      `expression, but isn't: error parsing regexp: invalid or unsupported Perl syntax: \`(?=\``,
  ],
  [
    { type: "string", "x-kubernetes-list-type": "set" },
    `${size}.type FieldValueInvalid Invalid value: "string": must be array if ` +
      `x-kubernetes-list-type is specified`,
  ],
  [
    { type: "array", items: { type: "string" }, "x-kubernetes-list-type": "odd" },
    `${size}.x-kubernetes-list-type FieldValueNotSupported Unsupported value: "odd": ` +
      `supported values: "atomic", "set", "map"`,
  ],
  [
    { type: "array", items: { type: "string" }, "x-kubernetes-list-map-keys": ["a"] },
    `${size}.x-kubernetes-list-type FieldValueRequired Required value: must be map if ` +
      `x-kubernetes-list-map-keys is non-empty`,
  ],
  [
    { type: "array", items: { type: "object" }, "x-kubernetes-list-type": "map" },
    `${size}.x-kubernetes-list-map-keys FieldValueRequired Required value: must not be empty ` +
      `if x-kubernetes-list-type is map`,
  ],
  [
    {
      type: "array",
      items: { type: "object", properties: { a: { type: "string" } } },
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["a"],
    },
    `${size}.items.properties[a].default FieldValueRequired Required value: this property is ` +
      `in x-kubernetes-list-map-keys, so it must have a default or be a required property`,
  ],
  [
    {
      type: "array",
      items: { type: "object" },
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["a"],
    },
    `${size}.x-kubernetes-list-map-keys FieldValueInvalid Invalid value: ["a"]: entries must ` +
      `all be names of item properties`,
  ],
  [
    { type: "array", items: { type: "object" }, "x-kubernetes-list-type": "set" },
    `${size}.items.x-kubernetes-map-type FieldValueRequired Required value: must be atomic ` +
      `as item of a list with x-kubernetes-list-type=set`,
  ],
  [
    { type: "string", "x-kubernetes-map-type": "atomic" },
    `${size}.type FieldValueInvalid Invalid value: "string": must be object if ` +
      `x-kubernetes-map-type is specified`,
  ],
  [
    { type: "integer", default: "one" },
    `${size}.default FieldValueTypeInvalid Invalid value: "string":  in body must be of type ` +
      `integer: "string"`,
  ],
  [
    { type: "object", default: { odd: 1 } },
    `${size}.default FieldValueInvalid Invalid value: {"odd":1}: must not have unknown fields`,
  ],
  [
    { type: "object", "x-kubernetes-embedded-resource": true },
    `${size}.properties FieldValueRequired Required value: must not be empty if ` +
      `x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields`,
  ],
  [
    { type: "integer", anyOf: [{ type: "integer" }] },
    `${size}.anyOf[0].type FieldValueForbidden Forbidden: must be empty to be structural`,
  ],
  [
    { type: "object", allOf: [{ properties: { a: { minimum: 1 } } }] },
    `${size}.properties[a] FieldValueRequired Required value: because it is defined in ` +
      `${size}.allOf[0].properties[a]`,
  ],
  [
    { type: "integer", "x-kubernetes-validations": [{ rule: "self >" }] },
    `${size}.x-kubernetes-validations[0].rule FieldValueInvalid Invalid value: "self >": ` +
      `compilation failed: ERROR: <input>:1:7: Syntax error`,
  ],
])("a schema of a field that is %j is refused", (schema, error) => {
  const errors = told({ size: schema });
  expect(errors).toHaveLength(1);
  expect(errors[0]).toContain(error);
});

test("a field of two types may say so in a combination", () => {
  const anyOf = [{ type: "integer" }, { type: "string" }];
  expect(told({ size: { anyOf, "x-kubernetes-int-or-string": true } })).toEqual([]);
  const allOf = [{ anyOf }, { not: { enum: [0] } }];
  expect(told({ size: { allOf, "x-kubernetes-int-or-string": true } })).toEqual([]);
});

test.each<[path: readonly string[], value: Json, error: string]>([
  [
    ["type"],
    "string",
    `${root}.type FieldValueInvalid Invalid value: "string": must be object at the root`,
  ],
  [
    ["additionalProperties"],
    { type: "string" },
    `${root}.additionalProperties FieldValueForbidden Forbidden: must not be used at the root`,
  ],
  [
    ["properties", "metadata"],
    { type: "object", properties: { labels: { type: "object" } } },
    `${root}.properties[metadata] FieldValueForbidden Forbidden: must not specify anything ` +
      `other than name and generateName, but metadata is implicitly specified`,
  ],
  [
    ["properties", "kind"],
    { type: "integer" },
    `${root}.properties[kind].type FieldValueInvalid Invalid value: "integer": must be string`,
  ],
  [
    ["nullable"],
    true,
    "fields are allowed at the root of the schema if the status subresource is enabled",
  ],
])("a root whose %j is %j is refused", (path, value, error) => {
  const errors = told({ root: (schema) => withValueAt(schema, path, value) });
  expect(errors.join("\n")).toContain(error);
});

test.each<[part: string, value: Json, error: string]>([
  [
    "subresources",
    { scale: { statusReplicasPath: ".status.a" } },
    "spec.subresources.scale.specReplicasPath FieldValueRequired Required value",
  ],
  [
    "subresources",
    { scale: { specReplicasPath: ".a.b", statusReplicasPath: ".status.a" } },
    'spec.subresources.scale.specReplicasPath FieldValueInvalid Invalid value: ".a.b": ' +
      "should be a json path under .spec",
  ],
  [
    "additionalPrinterColumns",
    [{ name: "A", type: "odd", jsonPath: ".a" }],
    'spec.additionalPrinterColumns[0].type FieldValueInvalid Invalid value: "odd": must be ' +
      "one of boolean,date,integer,number,string",
  ],
  [
    "additionalPrinterColumns",
    [{ type: "string", jsonPath: ".a" }],
    "spec.additionalPrinterColumns[0].name FieldValueRequired Required value",
  ],
  [
    "additionalPrinterColumns",
    [{ name: "A", type: "string", jsonPath: "a" }],
    'spec.additionalPrinterColumns[0].jsonPath FieldValueInvalid Invalid value: "a": must be ' +
      "a simple json path starting with .",
  ],
  [
    "selectableFields",
    [{ jsonPath: ".spec.odd" }],
    'spec.selectableFields[0].jsonPath FieldValueInvalid Invalid value: ".spec.odd": is an ' +
      "invalid path: does not refer to a valid field",
  ],
  [
    "selectableFields",
    [{ jsonPath: ".spec.size" }, { jsonPath: ".spec.size" }],
    'spec.selectableFields[1].jsonPath FieldValueDuplicate Duplicate value: ".spec.size"',
  ],
  [
    "selectableFields",
    [{ jsonPath: ".metadata.name" }],
    'spec.selectableFields[0].jsonPath FieldValueInvalid Invalid value: ".metadata.name": ' +
      "must not point to fields in metadata",
  ],
])("a version whose %s are %j is refused", (part, value, error) => {
  expect(told({ version: { [part]: value } })).toEqual([error]);
});

test("what is established cannot become another resource", () => {
  expect(told({ spec: { scope: "Cluster" } }, {})).toEqual([
    'spec.scope FieldValueInvalid Invalid value: "Cluster": field is immutable',
  ]);
});

test("a version that was stored stays until nothing is stored as it", () => {
  const versions = [versionOf("v2", { storage: true })];
  expect(told({ spec: { versions } }, {})).toEqual([
    'status.storedVersions[0] FieldValueInvalid Invalid value: "v1": missing from ' +
      "spec.versions; v1 was previously a storage version, and must remain in spec.versions " +
      "until a storage migration ensures no data remains persisted in v1 and removes v1 from " +
      "status.storedVersions",
  ]);
});
