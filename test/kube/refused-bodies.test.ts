import { configMaps, strategicType, widgets } from "./kube-fixture.ts";
import { testRefusals } from "./refusal.ts";

const smallBomb = "a: &a [x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\n";

/** YAML whose aliases stand for 8^8 values. */
const yamlBomb = ["c", "d", "e", "f", "g", "h"].reduce((text, name, index) => {
  const before = String.fromCharCode(name.charCodeAt(0) - 1);
  const aliases = Array.from({ length: 8 }, () => `*${before}`).join(",");
  return `${text}${name}: &${name} [${aliases}]${index === 5 ? "" : "\n"}`;
}, smallBomb);

const deep = `${'{"a":'.repeat(120)}1${"}".repeat(120)}`;

testRefusals([
  {
    name: "a body of an unknown type",
    method: "POST",
    path: configMaps,
    body: "x",
    how: { type: "text/plain" },
    code: 415,
    reason: "UnsupportedMediaType",
  },
  {
    name: "a patch of an unknown type",
    method: "PATCH",
    path: `${configMaps}/there`,
    body: {},
    how: { type: "application/json" },
    code: 415,
    reason: "UnsupportedMediaType",
    message: "415: Unsupported Media Type",
  },
  {
    name: "a strategic patch of a custom resource",
    method: "PATCH",
    path: `${widgets}/there`,
    body: {},
    how: { type: strategicType },
    code: 415,
    reason: "UnsupportedMediaType",
    message: /application\/json-patch\+json, .*application\/apply-patch\+yaml/,
  },
  {
    name: "JSON that ends too early",
    method: "POST",
    path: configMaps,
    body: '{"a":',
    code: 400,
    reason: "BadRequest",
  },
  {
    name: "YAML with a tab",
    method: "POST",
    path: configMaps,
    body: "a:\n\t- b",
    how: { type: "application/yaml" },
    code: 400,
    reason: "BadRequest",
  },
  {
    name: "YAML with a key twice, strictly",
    method: "POST",
    path: `${configMaps}?fieldValidation=Strict`,
    body: "a: 1\na: 2",
    how: { type: "application/yaml" },
    code: 400,
    reason: "BadRequest",
  },
  {
    name: "YAML that stands for millions of values",
    method: "POST",
    path: configMaps,
    body: yamlBomb,
    how: { type: "application/yaml" },
    code: 400,
    reason: "BadRequest",
    message: /values/,
  },
  {
    name: "a body that is nested too deep",
    method: "POST",
    path: configMaps,
    body: deep,
    code: 400,
    reason: "BadRequest",
    message: /nested deeper than 100/,
  },
  {
    name: "a body that sets a prototype",
    method: "POST",
    path: configMaps,
    body: '{"metadata":{"name":"a"},"data":{"__proto__":{"x":"1"}}}',
    code: 400,
    reason: "BadRequest",
  },
  {
    name: "a list as a body",
    method: "POST",
    path: configMaps,
    body: "[]",
    code: 400,
    reason: "BadRequest",
  },
  {
    name: "an empty body",
    method: "POST",
    path: configMaps,
    body: "",
    code: 400,
    reason: "BadRequest",
  },
  {
    name: "a body over 3 MiB",
    method: "POST",
    path: configMaps,
    body: `"${"x".repeat(3 * 1024 * 1024)}"`,
    code: 413,
    reason: "RequestEntityTooLarge",
    message: "Request entity too large: limit is 3145728",
  },
]);
