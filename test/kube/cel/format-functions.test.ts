import { expect, test } from "vitest";
import { NamedFormat, namedFormats } from "../../../shared/kube/cel/named-format.ts";
import type { OpenApiSchema } from "../../../shared/kube/served-kind.ts";
import type { Json } from "../../../shared/lib/kube-object.ts";
import { compileErrors, objectSchema, told } from "./cel-fixture.ts";

const text: OpenApiSchema = { type: "string" };

const properties: Readonly<Record<string, OpenApiSchema>> = {
  format: text,
  long: text,
  names: { type: "array", items: text },
  either: { "x-kubernetes-int-or-string": true },
};

const spec: Json = { format: "uuid", long: "a".repeat(1_000_000), names: ["a", "b-1"], either: 5 };

function specSchema(rule: string, messageExpression?: string): OpenApiSchema {
  const rules = [{ rule, ...(messageExpression !== undefined && { messageExpression }) }];
  return objectSchema({ type: "object", properties, "x-kubernetes-validations": rules });
}

test.each([
  // All names
  ...namedFormats.flatMap(({ name }) => [
    `format.named('${name}').value() == format.${name}()`,
    `format.${name}() != format.${name === "uri" ? "uuid" : "uri"}()`,
  ]),
  "!format.named('portName').hasValue() && !format.named('').hasValue()",
  "!format.named('constructor').hasValue() && !format.named('DNS1123Label').hasValue()",
  "format.named(self.format).value() == format.uuid()",
  "format.named('uuid') == format.named('uuid') && format.named('uuid') != format.named('uri')",
  "type(format.uri()) == type(format.uuid())",
  // Values of formats go where other values go
  "self.names.all(name, !format.dns1123Label().validate(name).hasValue())",
  "format.uuid() in [format.uri(), format.uuid()]",
  "dyn(format.uuid()).validate('x').hasValue()",
  "format.named('none').orValue(format.uri()).validate('/a').orValue([]) == []",
  // Others of the same name
  "'%s-%d'.format(['a', 1]) == 'a-1' && self.format.format([]) == 'uuid'",
  "has(self.format) && self.format == 'uuid' && self.?format.hasValue()",
  "self.names.exists(format, format == 'a') && cel.bind(format, 1, format + 1 == 2)",
])("holds: %s", (rule) => {
  const schema = specSchema(rule);
  expect(compileErrors(schema)).toEqual([]);
  expect(told(schema, spec)).toEqual([]);
});

const uuid = "123e4567-e89b-12d3-a456-426614174000";

test.each([
  ["dns1123Label", ["a", "my-label-name", "0", "a".repeat(63)]],
  ["dns1123Subdomain", ["apiextensions.k8s.io", "a".repeat(253)]],
  ["dns1035Label", ["my-label-name", "a1"]],
  ["qualifiedName", ["apiextensions.k8s.io/v1beta1", "my.name", "MyName"]],
  ["dns1123LabelPrefix", ["my-label-prefix-", "a", "a--", `${"a".repeat(63)}-`]],
  ["dns1123SubdomainPrefix", ["mysubdomain.prefix.-", "a.b-"]],
  ["dns1035LabelPrefix", ["my-label-prefix-", "a-"]],
  ["labelValue", ["my-cool-label-Value", "", "a".repeat(63)]],
  ["uuid", [uuid, uuid.toUpperCase(), uuid.replaceAll("-", "")]],
  ["byte", ["aGVsbG8=", "aGk=", "AA=="]],
  ["date", ["2021-01-01", "2024-02-29"]],
  ["datetime", ["2021-01-01T00:00:00Z", "2021-01-01T00:00:00.5+01:00"]],
  [
    "uri",
    [
      "http://example.com",
      "https://me:secret@example.com:80/a%20b?c=%zz",
      "http://[::1]:80/",
      "http://[fe80::1%25en%300]/",
      "http://ex%C3%A4mple.com",
      "mailto:a@example.com",
      "HTTP://x:",
      "//a/b",
      "/a b",
      "/#",
      "*",
    ],
  ],
])("a %s can be each of %j", (name, texts) => {
  for (const each of texts) expect(toldOf(name, each, [])).toEqual([]);
});

const labelSentence =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and " +
  "must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used " +
  "for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const subdomainSentence =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or " +
  "'.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used " +
  "for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const label1035Sentence =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an " +
  "alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', " +
  "regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
const nameSentence =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end " +
  "with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for " +
  "validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const labelValueSentence =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', " +
  "and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or " +
  "'12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

test.each([
  ["dns1123Label", "contains a space", [labelSentence]],
  ["dns1123Label", "", [labelSentence]],
  ["dns1123Label", "my-label-", [labelSentence]],
  ["dns1123Subdomain", "contains a space", [subdomainSentence]],
  ["dns1123Subdomain", "a..b", [subdomainSentence]],
  ["dns1035Label", "contains a space", [label1035Sentence]],
  ["dns1035Label", "1a", [label1035Sentence]],
  ["qualifiedName", "contains a space", [nameSentence]],
  [
    "qualifiedName",
    "/",
    ["prefix part must be non-empty", "name part must be non-empty", nameSentence],
  ],
  ["dns1123LabelPrefix", "contains a space-", [labelSentence]],
  ["dns1123LabelPrefix", "-", [labelSentence]],
  ["dns1123LabelPrefix", "aä-", [labelSentence]],
  ["dns1123SubdomainPrefix", "contains a space-", [subdomainSentence]],
  ["dns1035LabelPrefix", "contains a space-", [label1035Sentence]],
  ["dns1035LabelPrefix", "1a-", [label1035Sentence]],
  ["labelValue", "my-cool-label-Value!!\n\n!!!", [labelValueSentence]],
  ["uuid", "", ["does not match the UUID format"]],
  ["uuid", `${uuid}0`, ["does not match the UUID format"]],
  ["byte", "aGVsbG8", ["invalid base64"]],
  ["byte", "", ["invalid base64"]],
  ["date", "2020-01-32", ["invalid date"]],
  ["date", "2021-02-29", ["invalid date"]],
  ["datetime", "2020-01-32T00:00:00Z", ["invalid datetime"]],
  ["datetime", "2020-01-01", ["invalid datetime"]],
])("a %s cannot be %j", (name, wrong, errors) => {
  expect(toldOf(name, wrong, errors)).toEqual([]);
});

test.each([
  ["", "empty url"],
  ["example.com", "invalid URI for request"],
  ["a b", "invalid URI for request"],
  ["?a", "invalid URI for request"],
  [":80", "missing protocol scheme"],
  ["/a\nb", "net/url: invalid control character in URL"],
  ["/a\u007f", "net/url: invalid control character in URL"],
  ["/%zz", 'invalid URL escape "%zz"'],
  ["/a%4", 'invalid URL escape "%4"'],
  ["http://example.com/%", 'invalid URL escape "%"'],
  ["http://a b/", 'invalid character " " in host name'],
  ["http://a#b", 'invalid character "#" in host name'],
  ["http://%41/", 'invalid URL escape "%41"'],
  ["http://[::1/", "missing ']' in host"],
  ["http://[::1]x/", 'invalid port "x" after host'],
  ["http://a:b/", 'invalid port ":b" after host'],
  ["http://a:1:b/", 'invalid port ":b" after host'],
  ["http://[fe80::1%25%40]/", 'invalid URL escape "%40"'],
  ["http://[fe80::1%25en{]/", 'invalid character "{" in host name'],
  ["http://a b@c/", "net/url: invalid userinfo"],
  ["http://a%zz@c/", 'invalid URL escape "%zz"'],
])("a uri cannot be %j: %s", (wrong, because) => {
  expect(toldOf("uri", wrong, [`parse ${JSON.stringify(wrong)}: ${because}`])).toEqual([]);
});

/** What a rule is told that expects the text to have just these errors: nothing. */
function toldOf(name: string, checked: string, errors: readonly string[]): readonly string[] {
  const found = `format.${name}().validate(${JSON.stringify(checked)})`;
  const rule = `${found}.orValue([]) == ${JSON.stringify(errors)}`;
  const schema = specSchema(`${rule} && ${found}.hasValue() == ${errors.length > 0}`);
  expect(compileErrors(schema)).toEqual([]);
  return told(schema, spec);
}

test("a message tells what is wrong with a text", () => {
  const errors = "format.dns1123Label().validate('A')";
  const schema = specSchema(`!${errors}.hasValue()`, `${errors}.orValue([]).join('; ')`);
  expect(told(schema, spec)).toEqual([
    `spec FieldValueInvalid Invalid value: "object": ${labelSentence}`,
  ]);
});

test("a long text has more than one error", () => {
  const rule =
    `format.dns1123Label().validate(self.long + '-').value() == ` +
    `["must be no more than 63 characters", ${JSON.stringify(labelSentence)}]`;
  expect(told(specSchema(rule), spec)).toEqual([]);
});

test.each(namedFormats)("reading a long text spends from the budget: $name", ({ name }) => {
  const many = "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]";
  const rule =
    `${many}.all(a, ${many}.all(b, ${many}.all(c, ` +
    `format.${name}().validate(self.long).hasValue() || true)))`;
  const schema = specSchema(rule);
  expect(compileErrors(schema)).toEqual([]);
  expect(told(schema, spec).join()).toMatch(/cost|budget/);
});

test.each([
  ["format.uuid().validate(dyn(5)).hasValue()"],
  ["format.uuid().validate(self.either).hasValue()"],
  ["format.named(self.either).hasValue()"],
  ["dyn('a').validate('b').hasValue()"],
])("fails when it runs, as the types are others: %s", (rule) => {
  const schema = specSchema(rule);
  expect(compileErrors(schema)).toEqual([]);
  expect(told(schema, spec).join()).toMatch(/no (matching|such) overload/);
});

test("no value is there of a format of no such name", () => {
  expect(told(specSchema("format.named('x').value() == format.uri()"), spec).join()).toContain(
    "optional.none() dereference",
  );
});

test.each([
  "format.dns1123label()",
  "format.portName() == format.uri()",
  "format.uuid == format.uuid()",
  "format.uuid('a') == format.uuid()",
  "format.named() == format.uuid()",
  "format.named(1).hasValue()",
  "format.named('uuid').validate('a').hasValue()",
  "format.uuid().validate(5).hasValue()",
  "format.uuid().name == 'uuid'",
  "format.uuid().validate('a') == ['b']",
  "'a'.validate('b').hasValue()",
  "format.uuid() == 'uuid'",
  "format.uuid() < format.uri()",
  "string(format.uuid()) == 'uuid'",
  "format.format(['a']) == 'a'",
  "uuid().validate('a').hasValue()",
])("does not compile: %s", (rule) => {
  expect(compileErrors(specSchema(rule)).join()).toContain("compilation failed");
});

test("formats are equal by their names", () => {
  const [first] = namedFormats;
  expect(first?.equals(new NamedFormat("dns1123Label", () => []))).toBe(true);
  expect(first?.equals({ name: "dns1123Label" })).toBe(false);
});
