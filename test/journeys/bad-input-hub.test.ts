/** What the hub cannot take: bodies, kinds, fields, names, selectors, versions. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { endLaptops, startLaptop } from "./laptop.ts";
import { type Face, hubFace, messageOf, statusLine } from "./refusals.ts";

let hub: Face;
beforeAll(async () => {
  hub = await hubFace(await startLaptop());
  const made = await hub.ask("POST api/v1/namespaces", { body: named("shop") });
  expect(made.status).toBe(201);
}, 60_000);
afterAll(endLaptops);

const placements = "apis/placement.kubernetes-fleet.io/v1/clusterresourceplacements";
const traffic = "apis/networking.fleet.azure.com/v1alpha1";
const plainServices = "api/v1/namespaces/shop/services";
const services = `${traffic}/namespaces/shop/multiclusterservices`;
const members = "apis/cluster.kubernetes-fleet.io/v1/memberclusters";
const maps = "api/v1/namespaces/shop/configmaps";
const yaml = "application/yaml";
const protobuf = "application/vnd.kubernetes.protobuf";

const named = (name: unknown, more: object = {}) => ({ metadata: { name, ...more } });
const selectors = [{ group: "", version: "v1", kind: "Namespace", name: "shop" }];
const placed = (metadata: unknown, more: object = {}) => ({
  apiVersion: "placement.kubernetes-fleet.io/v1",
  kind: "ClusterResourcePlacement",
  metadata,
  spec: { resourceSelectors: selectors },
  ...more,
});
/** Metadata of an object that was read before, and is there no more. */
const read = { name: "absent", resourceVersion: "1" };
const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
const tenfold = (name: string, of: string) =>
  `${name}: &${name} [${Array.from({ length: 10 }, () => of).join(", ")}]\n`;
const bomb = ["a", "b", "c", "d", "e", "f", "g"]
  .map((name, index, all) => tenfold(name, index === 0 ? "x" : `*${all[index - 1]}`))
  .join("");

test.each<[name: string, body: string | Uint8Array, type?: string]>([
  ["JSON that ends early", "{"],
  ["JSON with more after it", "{} {}"],
  ["nothing", ""],
  ["null", "null"],
  ["a list", "[]"],
  ["a text", '"web"'],
  ["bytes that are no UTF-8", new Uint8Array([0x7b, 0xff, 0x7d])],
  ["an object with a prototype", '{"__proto__": {"kind": "x"}}'],
  ["JSON that nests too deep", nested(101)],
  ["JSON that nests deeper than a stack", nested(100_000)],
  ["YAML that ends early", "spec: [", yaml],
  ["YAML with tabs", "spec:\n\t- a", yaml],
  ["YAML of two documents", "a: 1\n---\nb: 2", yaml],
  ["YAML with a field twice", "spec: 1\nspec: 2", yaml],
  ["YAML with a tag of JavaScript", "a: !!js/function 'x'", yaml],
  ["YAML that grows a millionfold", bomb, yaml],
  ["YAML that nests too deep", nested(101), yaml],
  ["what is no protobuf", "k8s?", protobuf],
  ["protobuf that ends early", new Uint8Array([0x6b, 0x38, 0x73, 0, 1, 2, 3]), protobuf],
])("a body of %s is refused", async (_name, body, type = "application/json") => {
  expect(statusLine(await hub.refuse(`POST ${placements}`, { body, type }))).toBe("400 BadRequest");
});

test.each([
  ["over the hub's limit", 3.2e6],
  ["over what is kept in memory", 5e6],
  ["far over any limit", 2e7],
])("a body %s is refused, and the connection goes on", async (_name, bytes) => {
  const body = { ...named("large"), data: { text: "x".repeat(bytes) } };
  const answer = await hub.refuse(`POST ${maps}`, { body });
  expect(statusLine(answer)).toBe("413 RequestEntityTooLarge");
});

test("an object that no document of the fleet's log can hold is refused", async () => {
  const env = [{ name: "TEXT", value: "x".repeat(1.6e6) }];
  const body = {
    ...named("large"),
    template: { spec: { containers: [{ name: "web", image: "nginx:1", env }] } },
  };
  const answer = await hub.refuse("POST api/v1/namespaces/shop/podtemplates", { body });
  expect(statusLine(answer)).toBe("413 RequestEntityTooLarge");
});

test("a ConfigMap of more than 1 MiB is refused", async () => {
  const body = { ...named("large"), data: { text: "x".repeat(1.1e6) } };
  expect(statusLine(await hub.refuse(`POST ${maps}`, { body }))).toBe("422 Invalid []");
});

test.each([
  ["text", "POST", "text/plain"],
  ["XML", "POST", "application/xml"],
  ["a plain patch", "PATCH", "application/json"],
  ["a strategic patch of a custom kind", "PATCH", "application/strategic-merge-patch+json"],
])("%s is a media type that is not taken", async (_name, method, type) => {
  const path = method === "POST" ? placements : `${placements}/web`;
  const answer = await hub.refuse(`${method} ${path}`, { body: "{}", type });
  expect(statusLine(answer)).toBe("415 UnsupportedMediaType");
});

test("an answer in XML is not given", async () => {
  const headers = { accept: "application/xml" };
  const answer = await hub.refuse(`GET ${placements}`, { headers });
  expect(statusLine(answer)).toBe("406 NotAcceptable");
});

test.each([
  "GET apis/nope.io/v1/things",
  "POST apis/placement.kubernetes-fleet.io/v1/things",
  "POST apis/placement.kubernetes-fleet.io/v9/clusterresourceplacements",
  "GET metrics",
])("%s: a page that is not found", async (line) => {
  const body = line.startsWith("POST") ? named("a") : undefined;
  const { status, text } = await hub.refuse(line, { body });
  expect({ status, text }).toEqual({ status: 404, text: "404 page not found\n" });
});

test.each([
  ["GET api/v2/pods", "404 NotFound"],
  [`GET ${placements}/web/log`, "404 NotFound"],
  [`GET ${placements}/web/status/more/still`, "404 NotFound"],
  ["GET ../../fleet-9/hub/api/v1/namespaces", "404 NotFound"],
  ["POST api/v1/namespaces/nowhere/configmaps", "404 NotFound"],
  [`PUT ${placements}/absent`, "404 NotFound"],
  [`DELETE ${placements}/absent`, "404 NotFound"],
  [`PUT ${placements}`, "400 BadRequest"],
  [`POST ${placements}/web`, "405 MethodNotAllowed"],
  [`POST ${traffic}/multiclusterservices`, "405 MethodNotAllowed"],
  [`POST ${traffic}/namespaces/shop/serviceimports`, "405 MethodNotAllowed"],
  [`PUT ${traffic}/namespaces/shop/serviceimports/web`, "405 MethodNotAllowed"],
  [`DELETE ${traffic}/namespaces/shop/serviceimports`, "405 MethodNotAllowed"],
  ["POST apis/placement.kubernetes-fleet.io/v1/clusterresourcebindings", "405 MethodNotAllowed"],
  ["DELETE apis/placement.kubernetes-fleet.io/v1/clusterresourcesnapshots", "405 MethodNotAllowed"],
  ["DELETE api/v1/namespaces", "405 MethodNotAllowed"],
])("%s: %s", async (line, refusal) => {
  const bodies = { GET: undefined, DELETE: {}, POST: named("a"), PUT: placed(read) };
  const body = bodies[line.split(" ")[0] as keyof typeof bodies];
  expect(statusLine(await hub.refuse(line, { body }))).toBe(refusal);
});

test.each<[name: string, line: string, body: unknown, says: string]>([
  ["another version", `POST ${placements}`, placed({ name: "web" }, { apiVersion: "v1" }), "(v1)"],
  ["another name", `PUT ${placements}/web`, placed({ name: "api" }), "(api)"],
  ["another namespace", `POST ${maps}`, named("a", { namespace: "other" }), "namespace"],
  ["metadata that is a text", `POST ${placements}`, placed("web"), "metadata"],
  [
    "a version that it cannot have yet",
    `POST ${maps}`,
    named("a", { resourceVersion: "1" }),
    "resourceVersion",
  ],
])("an object of %s than the path says is refused", async (_name, line, body, says) => {
  const answer = await hub.refuse(line, { body });
  expect(statusLine(answer)).toBe("400 BadRequest");
  expect(answer.text).toContain(says);
});

test("a custom resource of another kind than the path says is refused", async () => {
  const body = placed({ name: "web" }, { kind: "Pod" });
  expect(statusLine(await hub.refuse(`POST ${placements}`, { body }))).toBe("422 Invalid kind");
});

const unknownFields: [path: string, body: unknown][] = [
  ["spec.polcy", placed({ name: "web" }, { spec: { resourceSelectors: selectors, polcy: {} } })],
  ["metadata.lables", placed({ name: "web", lables: {} })],
  ["status2", placed({ name: "web" }, { status2: {} })],
];

test.each(unknownFields)(
  "the unknown field %s is refused where that is asked",
  async (path, body) => {
    const answer = await hub.refuse(`POST ${placements}?fieldValidation=Strict`, { body });
    expect(statusLine(answer)).toBe("400 BadRequest");
    expect(messageOf(answer)).toContain(`strict decoding error: unknown field "${path}"`);
  },
);

test.each(unknownFields)(
  "of the unknown field %s a warning tells otherwise",
  async (path, body) => {
    const answer = await hub.refuse(`POST ${placements}?dryRun=All`, { body });
    expect(answer.status).toBe(201);
    expect(answer.headers.get("warning")).toBe(`299 - "unknown field \\"${path}\\""`);
  },
);

const long = "a".repeat(64);

/** Custom resources say what they are. */
function typeOf(collection: string): object {
  const [apis, group, version] = collection.split("/");
  const kinds: Record<string, string> = {
    [placements]: "ClusterResourcePlacement",
    [services]: "MultiClusterService",
    [members]: "MemberCluster",
  };
  return apis === "apis" ? { apiVersion: `${group}/${version}`, kind: kinds[collection] } : {};
}

const wrongBase = "metadata.generateName metadata.name";

test.each<[name: string, collection: string, metadata: unknown, field: string]>([
  ["in capitals", placements, { name: "Web" }, "metadata.name"],
  ["with an underscore", placements, { name: "web_1" }, "metadata.name"],
  ["with a slash", placements, { name: "a/b" }, "metadata.name"],
  ["of two dots", placements, { name: ".." }, "metadata.name"],
  ["that is empty", placements, { name: "" }, "metadata.name"],
  ["that is missing", placements, {}, "metadata.name"],
  ["that is too long", placements, { name: long }, "metadata.name"],
  ["that is made of a wrong prefix", placements, { generateName: "Web_" }, wrongBase],
  // A rule of the whole object: its message names the field, as the API server says it.
  ["that is too long for a service", services, { name: long }, "<nil>"],
  ["that begins with a digit, of a service", plainServices, { name: "1a" }, "metadata.name"],
  ["that is too long for any object", maps, { name: "a".repeat(254) }, "metadata.name"],
  ["of a cluster, which joins in other ways", members, { name: "aks-1" }, "metadata.name"],
])("a name %s is refused", async (_name, collection, metadata, field) => {
  const specs: Readonly<Record<string, object>> = {
    [services]: { serviceImport: { name: "web" } },
    [plainServices]: { ports: [{ port: 80 }] },
  };
  const spec = specs[collection] ?? { resourceSelectors: selectors };
  const body = { ...typeOf(collection), metadata, ...(collection !== maps && { spec }) };
  expect(statusLine(await hub.refuse(`POST ${collection}`, { body }))).toBe(`422 Invalid ${field}`);
});

test.each<[metadata: object, field: string]>([
  [{ labels: { "a b": "c" } }, "metadata.labels"],
  [{ labels: { a: "b c" } }, "metadata.labels"],
  [{ annotations: { a: "x".repeat(300_000) } }, "metadata.annotations"],
  [{ finalizers: ["x/a b"] }, "metadata.finalizers"],
  [{ finalizers: ["a"] }, "metadata.finalizers[0]"],
  [
    { ownerReferences: [{ apiVersion: "v1", kind: "Pod", name: "a" }] },
    "metadata.ownerReferences.uid",
  ],
])("metadata of the wrong shape is refused: case %#, %s", async (metadata, field) => {
  const answer = await hub.refuse(`POST ${maps}`, { body: named("a", metadata) });
  expect(statusLine(answer)).toBe(`422 Invalid ${field}`);
});

test.each<[metadata: object]>([
  [{ labels: { a: 1 } }],
  [{ labels: [] }],
  [{ annotations: { a: 1 } }],
  [{ ownerReferences: {} }],
])("metadata of the wrong type is refused: case %#", async (metadata) => {
  const answer = await hub.refuse(`POST ${maps}`, { body: named("a", metadata) });
  expect(statusLine(answer)).toBe("400 BadRequest");
  expect(messageOf(answer)).toContain("json: cannot unmarshal");
});

test.each<[query: string, refusal: string]>([
  ["labelSelector=app%20in", "400 BadRequest"],
  ["labelSelector=!!app", "400 BadRequest"],
  ["labelSelector=-app%3Dweb", "400 BadRequest"],
  ["fieldSelector=spec.policy%3Dx", "400 BadRequest"],
  ["fieldSelector=nonsense", "400 BadRequest"],
  ["limit=many", "400 BadRequest"],
  ["continue=nonsense", "400 BadRequest"],
  [`continue=${mark(999_999)}`, "400 BadRequest"],
  [`continue=${mark(-1)}`, "410 Expired"],
  ["resourceVersion=x", "400 BadRequest"],
  ["resourceVersion=-1", "400 BadRequest"],
  ["resourceVersion=99999999", "504 Timeout"],
  ["resourceVersion=1&resourceVersionMatch=Some", "422 Invalid resourceVersionMatch"],
  ["resourceVersionMatch=Exact", "422 Invalid resourceVersionMatch"],
  ["sendInitialEvents=true", "422 Invalid sendInitialEvents"],
  ["watch=true&timeoutSeconds=soon", "400 BadRequest"],
  ["watch=true&resourceVersion=x", "400 BadRequest"],
  ["watch=true&resourceVersion=99999999", "504 Timeout"],
])("a list of ?%s: %s", async (query, refusal) => {
  expect(statusLine(await hub.refuse(`GET ${placements}?${query}`))).toBe(refusal);
});

/** What a list's `continue` looks like. */
function mark(revision: number): string {
  return Buffer.from(JSON.stringify({ v: 1, revision, after: "a" })).toString("base64url");
}

test.each([
  ["fieldValidation=Loud", "fieldValidation"],
  ["dryRun=Some", "dryRun"],
  [`fieldManager=${"x".repeat(129)}`, "fieldManager"],
])("a write with ?%s names its option", async (query, option) => {
  const answer = await hub.refuse(`POST ${maps}?${query}`, { body: named("a") });
  expect(statusLine(answer)).toBe(`422 Invalid ${option}`);
});

test.each<[name: string, sent: object, refusal: string]>([
  ["another kind of options", { kind: "Pod" }, "400 BadRequest"],
  ["a version that is not the newest", { preconditions: { resourceVersion: "1" } }, "409 Conflict"],
  ["another uid", { preconditions: { uid: "x" } }, "409 Conflict"],
  ["an unknown policy", { propagationPolicy: "Slowly" }, "422 Invalid propagationPolicy"],
])("a deletion with %s is refused", async (_name, body, refusal) => {
  expect(statusLine(await hub.refuse("DELETE api/v1/namespaces/shop", { body }))).toBe(refusal);
});

test("after all that, good input is taken, and an older version of it is a conflict", async () => {
  const made = await hub.ask(`POST ${maps}`, { body: { ...named("good"), data: { a: "1" } } });
  expect(made.status).toBe(201);
  const changed = await hub.ask(`PATCH ${maps}/good`, {
    body: { data: { a: "2" } },
    type: "application/merge-patch+json",
  });
  expect(changed.status).toBe(200);

  const stale = await hub.refuse(`PUT ${maps}/good`, { body: made.text });
  expect(statusLine(stale)).toBe("409 Conflict");
  expect(statusLine(await hub.refuse(`POST ${maps}`, { body: named("good") }))).toBe(
    "409 AlreadyExists",
  );
});
