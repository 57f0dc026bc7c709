import { expect, test } from "vitest";
import type { Json, JsonObject } from "../../shared/lib/kube-object.ts";
import {
  type Ask,
  applyType,
  configMap,
  configMaps,
  jsonPatchType,
  type KubeFixture,
  kubeFixture,
  mergePatchType,
  strategicType,
  widgetOf,
  widgets,
} from "./kube-fixture.ts";

interface Refusal {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly body?: Json;
  readonly how?: Ask;
  readonly code: number;
  readonly reason: string;
  readonly message?: string | RegExp;
  readonly details?: JsonObject;
}

const crlfBomb = "a: &a [x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\n";

/** YAML whose aliases stand for 8^8 values. */
const yamlBomb = ["c", "d", "e", "f", "g", "h"].reduce(
  (text, name, index) => {
    const before = String.fromCharCode(name.charCodeAt(0) - 1);
    const aliases = Array.from({ length: 8 }, () => `*${before}`).join(",");
    return `${text}${name}: &${name} [${aliases}]${index === 5 ? "" : "\n"}`;
  },
  crlfBomb,
);

const deep = `${'{"a":'.repeat(120)}1${"}".repeat(120)}`;

const refusals: readonly Refusal[] = [
  {
    name: "a path that is served nowhere",
    method: "GET",
    path: "/nothing",
    code: 404,
    reason: "NotFound",
    message: "the server could not find the requested resource",
  },
  { name: "an unknown resource", method: "GET", path: "/api/v1/foos", code: 404, reason: "NotFound" },
  { name: "an unknown group", method: "GET", path: "/apis/foo.io/v1", code: 404, reason: "NotFound" },
  { name: "an unknown version", method: "GET", path: "/apis/apps/v9", code: 404, reason: "NotFound" },
  {
    name: "an unknown version of a resource",
    method: "GET",
    path: "/apis/apps/v9/deployments",
    code: 404,
    reason: "NotFound",
  },
  { name: "a path that is no text", method: "GET", path: "/api/v1/%ff", code: 404, reason: "NotFound" },
  {
    name: "a namespaced object without its namespace",
    method: "GET",
    path: "/api/v1/configmaps/a",
    code: 404,
    reason: "NotFound",
  },
  {
    name: "an object that is not there",
    method: "GET",
    path: "/apis/apps/v1/namespaces/shop/deployments/web",
    code: 404,
    reason: "NotFound",
    message: 'deployments.apps "web" not found',
    details: { name: "web", group: "apps", kind: "deployments" },
  },
  {
    name: "an unknown subresource",
    method: "GET",
    path: `${configMaps}/a/log`,
    code: 404,
    reason: "NotFound",
  },
  {
    name: "a status of a kind that has none",
    method: "GET",
    path: `${configMaps}/a/status`,
    code: 404,
    reason: "NotFound",
  },
  { name: "a POST to an object", method: "POST", path: `${configMaps}/a`, body: {}, code: 405, reason: "MethodNotAllowed" },
  { name: "a PUT of a collection", method: "PUT", path: configMaps, body: {}, code: 405, reason: "MethodNotAllowed" },
  {
    name: "the deletion of all namespaces",
    method: "DELETE",
    path: "/api/v1/namespaces",
    code: 405,
    reason: "MethodNotAllowed",
  },
  {
    name: "an Accept that nothing meets",
    method: "GET",
    path: configMaps,
    how: { accept: "application/foo" },
    code: 406,
    reason: "NotAcceptable",
  },
  {
    name: "protobuf as the only answer",
    method: "GET",
    path: configMaps,
    how: { accept: "application/vnd.kubernetes.protobuf" },
    code: 406,
    reason: "NotAcceptable",
  },
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
    message: /application\/json-patch\+json, .*application\/apply-patch\+yaml/,
  },
  {
    name: "a strategic patch of a custom resource",
    method: "PATCH",
    path: `${widgets}/there`,
    body: {},
    how: { type: strategicType },
    code: 415,
    reason: "UnsupportedMediaType",
  },
  { name: "JSON that ends too early", method: "POST", path: configMaps, body: '{"a":', code: 400, reason: "BadRequest" },
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
    name: "YAML with a key twice",
    method: "POST",
    path: configMaps,
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
  { name: "a list as a body", method: "POST", path: configMaps, body: "[]", code: 400, reason: "BadRequest" },
  { name: "an empty body", method: "POST", path: configMaps, body: "", code: 400, reason: "BadRequest" },
  {
    name: "a body over 3 MiB",
    method: "POST",
    path: configMaps,
    body: `"${"x".repeat(3 * 1024 * 1024)}"`,
    code: 413,
    reason: "RequestEntityTooLarge",
    message: "Request entity too large: limit is 3145728",
  },
  {
    name: "an object of another kind",
    method: "POST",
    path: configMaps,
    body: { ...configMap("a"), kind: "Secret" },
    code: 400,
    reason: "BadRequest",
  },
  {
    name: "an object of another version",
    method: "POST",
    path: configMaps,
    body: { ...configMap("a"), apiVersion: "v2" },
    code: 400,
    reason: "BadRequest",
    message: /does not match the expected API version/,
  },
  {
    name: "an object of another namespace",
    method: "POST",
    path: configMaps,
    body: { metadata: { name: "a", namespace: "other" } },
    code: 400,
    reason: "BadRequest",
    message: "the namespace of the provided object does not match the namespace sent on the request",
  },
  {
    name: "an object of another name",
    method: "PUT",
    path: `${configMaps}/there`,
    body: configMap("other"),
    code: 400,
    reason: "BadRequest",
    message: /does not match the name on the URL/,
  },
  {
    name: "a patch that renames",
    method: "PATCH",
    path: `${configMaps}/there`,
    body: { metadata: { name: "other" } },
    how: { type: mergePatchType },
    code: 400,
    reason: "BadRequest",
  },
  {
    name: "a new object with a version",
    method: "POST",
    path: configMaps,
    body: { metadata: { name: "a", resourceVersion: "1" } },
    code: 400,
    reason: "BadRequest",
  },
  {
    name: "an object that is there already",
    method: "POST",
    path: configMaps,
    body: configMap("there"),
    code: 409,
    reason: "AlreadyExists",
    message: 'configmaps "there" already exists',
    details: { name: "there", kind: "configmaps" },
  },
  {
    name: "an object of a namespace that is not there",
    method: "POST",
    path: "/api/v1/namespaces/nowhere/configmaps",
    body: configMap("a"),
    code: 404,
    reason: "NotFound",
    message: 'namespaces "nowhere" not found',
  },
  {
    name: "a replacement of an older version",
    method: "PUT",
    path: `${configMaps}/there`,
    body: { metadata: { name: "there", resourceVersion: "1" } },
    code: 409,
    reason: "Conflict",
    message: /^Operation cannot be fulfilled on configmaps "there": the object has been modified/,
  },
  {
    name: "a replacement of another object of the name",
    method: "PUT",
    path: `${configMaps}/there`,
    body: { metadata: { name: "there", uid: "another" } },
    code: 409,
    reason: "Conflict",
    message: /Precondition failed: UID in precondition: another/,
  },
  {
    name: "an unconditional replacement of a custom resource",
    method: "PUT",
    path: `${widgets}/there`,
    body: widgetOf("there", { size: 1 }),
    code: 422,
    reason: "Invalid",
    message: /metadata.resourceVersion: Invalid value: 0: must be specified for an update/,
  },
  {
    name: "a deletion of another object of the name",
    method: "DELETE",
    path: `${configMaps}/there`,
    body: { preconditions: { uid: "another" } },
    code: 409,
    reason: "Conflict",
  },
  {
    name: "a deletion of an older version",
    method: "DELETE",
    path: `${configMaps}/there`,
    body: { preconditions: { resourceVersion: "1" } },
    code: 409,
    reason: "Conflict",
  },
  {
    name: "a deletion of a namespace that Kubernetes needs",
    method: "DELETE",
    path: "/api/v1/namespaces/default",
    code: 403,
    reason: "Forbidden",
  },
  {
    name: "an unknown propagation policy",
    method: "DELETE",
    path: `${configMaps}/there?propagationPolicy=Never`,
    code: 422,
    reason: "Invalid",
  },
  {
    name: "a body of a deletion that is no DeleteOptions",
    method: "DELETE",
    path: `${configMaps}/there`,
    body: configMap("there"),
    code: 400,
    reason: "BadRequest",
  },
  {
    name: "a JSON patch that cannot be done",
    method: "PATCH",
    path: `${configMaps}/there`,
    body: [{ op: "remove", path: "/data/nothing" }],
    how: { type: jsonPatchType },
    code: 422,
    reason: "Invalid",
  },
  {
    name: "a JSON patch whose test fails",
    method: "PATCH",
    path: `${configMaps}/there`,
    body: [{ op: "test", path: "/data/a", value: "2" }],
    how: { type: jsonPatchType },
    code: 422,
    reason: "Invalid",
  },
  {
    name: "a JSON patch that is no list",
    method: "PATCH",
    path: `${configMaps}/there`,
    body: {},
    how: { type: jsonPatchType },
    code: 400,
    reason: "BadRequest",
  },
  {
    name: "a merge patch that is no object",
    method: "PATCH",
    path: `${configMaps}/there`,
    body: "3",
    how: { type: mergePatchType },
    code: 400,
    reason: "BadRequest",
  },
  {
    name: "a forced merge patch",
    method: "PATCH",
    path: `${configMaps}/there?force=true`,
    body: {},
    how: { type: mergePatchType },
    code: 422,
    reason: "Invalid",
    message: /force: Forbidden: may not be specified for non-apply patch/,
  },
  {
    name: "an apply without a manager",
    method: "PATCH",
    path: `${configMaps}/there`,
    body: configMap("there"),
    how: { type: applyType },
    code: 422,
    reason: "Invalid",
    message: /fieldManager: Required value: is required for apply patch/,
  },
  {
    name: "an apply with managed fields",
    method: "PATCH",
    path: `${configMaps}/there?fieldManager=x`,
    body: { ...configMap("there"), metadata: { managedFields: [] } },
    how: { type: applyType },
    code: 400,
    reason: "BadRequest",
    message: "metadata.managedFields must be nil",
  },
  {
    name: "an apply to another object of a name that is free",
    method: "PATCH",
    path: `${configMaps}/free?fieldManager=x`,
    body: { metadata: { uid: "gone" } },
    how: { type: applyType },
    code: 409,
    reason: "Conflict",
  },
  { name: "a label selector that cannot be read", method: "GET", path: `${configMaps}?labelSelector=%21%21`, code: 400, reason: "BadRequest" },
  {
    name: "a field that nothing is selected by",
    method: "GET",
    path: `${configMaps}?fieldSelector=data.a%3D1`,
    code: 400,
    reason: "BadRequest",
    message: "field label not supported: data.a",
  },
  { name: "a limit that is no number", method: "GET", path: `${configMaps}?limit=many`, code: 400, reason: "BadRequest" },
  { name: "a watch that is neither true nor false", method: "GET", path: `${configMaps}?watch=maybe`, code: 400, reason: "BadRequest" },
  { name: "a token that no list has sent", method: "GET", path: `${configMaps}?continue=zzz`, code: 400, reason: "BadRequest" },
  {
    name: "a version that is no number",
    method: "GET",
    path: `${configMaps}?resourceVersion=new`,
    code: 422,
    reason: "Invalid",
  },
  {
    name: "a version that nobody has seen",
    method: "GET",
    path: `${configMaps}?resourceVersion=99999999`,
    code: 504,
    reason: "Timeout",
    message: /Too large resource version: 99999999/,
  },
  {
    name: "a watch from a version that nobody has seen",
    method: "GET",
    path: `${configMaps}?watch=1&resourceVersion=99999999`,
    code: 504,
    reason: "Timeout",
  },
  {
    name: "an old version, exactly",
    method: "GET",
    path: `${configMaps}?resourceVersion=1&resourceVersionMatch=Exact`,
    code: 410,
    reason: "Expired",
  },
  {
    name: "a match without a version",
    method: "GET",
    path: `${configMaps}?resourceVersionMatch=Exact`,
    code: 422,
    reason: "Invalid",
  },
  {
    name: "initial events without a match",
    method: "GET",
    path: `${configMaps}?watch=1&sendInitialEvents=true`,
    code: 422,
    reason: "Invalid",
  },
  { name: "an unknown dry run", method: "POST", path: `${configMaps}?dryRun=Some`, body: configMap("a"), code: 422, reason: "Invalid" },
  {
    name: "an unknown field validation",
    method: "POST",
    path: `${configMaps}?fieldValidation=Hard`,
    body: configMap("a"),
    code: 422,
    reason: "Invalid",
  },
];

async function withObjects(): Promise<KubeFixture> {
  const fixture = await kubeFixture();
  await fixture.ask("POST", configMaps, configMap("there", { a: "1" }));
  await fixture.ask("POST", widgets, widgetOf("there", { size: 1 }));
  return fixture;
}

test.each(refusals)("the API refuses $name", async (refusal) => {
  const { ask, api } = await withObjects();
  const before = await api.store.head(api.fleet);
  const { method, path, body, how } = refusal;
  const answer = await ask(method, path, body, how);
  expect(answer.body).toMatchObject({
    kind: "Status",
    apiVersion: "v1",
    status: "Failure",
    code: refusal.code,
    reason: refusal.reason,
    ...(refusal.details !== undefined && { details: refusal.details }),
  });
  expect(answer.status).toBe(refusal.code);
  if (refusal.message instanceof RegExp) expect(answer.body["message"]).toMatch(refusal.message);
  else if (refusal.message !== undefined) expect(answer.body["message"]).toBe(refusal.message);
  expect(await api.store.head(api.fleet)).toEqual(before);
});
