/** OpenAPI documents of an API that has learnt what built-in kinds are. */
import { expect, test } from "vitest";
import { simulatedSchemas } from "../../../infra/local/member-cluster/open-api/simulated-schemas.ts";
import { at, objectOf } from "../../../shared/kube/json.ts";
import { openApiV2 } from "../../../shared/kube/openapi/open-api-v2.ts";
import { encodeOpenApiV2 } from "../../../shared/kube/openapi/open-api-v2-protobuf.ts";
import { openApiGroups, openApiV3 } from "../../../shared/kube/openapi/open-api-v3.ts";
import type { SchemaSet } from "../../../shared/kube/openapi/schema-set.ts";
import { withLearnt } from "../../../shared/kube/openapi/with-learnt.ts";
import { readFields } from "../../../shared/kube/protobuf/wire.ts";
import { reviewKinds } from "../../../shared/kube/review/review-kinds.ts";
import type { Json, JsonObject } from "../../../shared/lib/kube-object.ts";
import { kubeFixture, requestOf } from "../kube-fixture.ts";
import { learntFixture, learntKinds, plainKinds } from "./learnt-kinds.ts";

const groups = openApiGroups(learntKinds);
const schemasOf = (document: JsonObject) => at(document, "components", "schemas") as JsonObject;

/** All texts of a field name, wherever it is. */
function textsOf(value: Json | undefined, name: string): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  const fields = Object.entries(value as Readonly<Record<string, Json>>);
  return fields.flatMap(([key, child]): readonly string[] => [
    ...(key === name && typeof child === "string" ? [child] : []),
    ...textsOf(child, name),
  ]);
}

const described = (schemas: JsonObject): readonly string[] =>
  Object.values(schemas).flatMap((schema) => {
    const kinds = (objectOf(schema)["x-kubernetes-group-version-kind"] ?? []) as JsonObject[];
    return kinds.map(({ group, version, kind }) => `${group}/${version} ${kind}`);
  });

const served = [
  ...learntKinds.all.flatMap(({ group, kind, versions }) =>
    versions.flatMap(({ name }) => [`${group}/${name} ${kind}`, `${group}/${name} ${kind}List`]),
  ),
  ...reviewKinds.map(({ group, version, kind }) => `${group}/${version} ${kind}`),
];

test.each(groups.map((group) => [group.path, group] as const))(
  "%s refers to nothing that is not there, and describes what is served, once",
  (_path, group) => {
    const document = openApiV3(group);
    const schemas = schemasOf(document);
    for (const reference of textsOf(document, "$ref")) {
      expect(schemas).toHaveProperty([reference.replace("#/components/schemas/", "")]);
    }
    const kinds = described(schemas);
    expect(new Set(kinds).size).toBe(kinds.length);
    expect(kinds).toHaveLength(2 * group.kinds.length + group.reviews.length);
    expect(kinds.filter((each) => !served.includes(each))).toEqual([]);
  },
);

test("v2 refers to nothing that is not there, and describes each kind once", () => {
  const document = openApiV2(groups);
  const definitions = objectOf(document["definitions"]);
  const references = textsOf(document, "$ref");
  expect(references.length).toBeGreaterThan(500);
  const known = new Set(Object.keys(definitions).map((name) => `#/definitions/${name}`));
  expect(references.filter((reference) => !known.has(reference))).toEqual([]);
  expect([...described(definitions)].sort()).toEqual([...served].sort());
  expect(textsOf(document, "oneOf")).toEqual([]);
  const limits = "io.k8s.apimachinery.pkg.api.resource.Quantity";
  expect(definitions[limits]).toMatchObject({ type: "string" });
});

test("v2 says the same in protocol buffers", () => {
  const document = openApiV2(groups);
  const fields = [...readFields(encodeOpenApiV2(document))];
  const definitions = fields.find(({ field }) => field === 9)?.value as Buffer;
  const decoded = new Map(
    [...readFields(definitions)].map(({ value }): [string, Buffer] => {
      const [name, schema] = [...readFields(value as Buffer)];
      return [String(name?.value), schema?.value as Buffer];
    }),
  );
  const told = objectOf(document["definitions"]);
  expect([...decoded.keys()]).toEqual(Object.keys(told));
  for (const [name, schema] of decoded) {
    expect({ name, properties: propertiesOf(schema) }).toEqual({
      name,
      properties: Object.keys(objectOf(objectOf(told[name])["properties"])),
    });
  }
});

/** Names of the properties of `openapi.v2.Schema`. */
function propertiesOf(schema: Buffer): readonly string[] {
  const properties = [...readFields(schema)].find(({ field }) => field === 25)?.value;
  if (properties === undefined) return [];
  return [...readFields(properties as Buffer)].map(({ value }) => {
    const [name] = [...readFields(value as Buffer)];
    return String(name?.value);
  });
}

test("kinds are described by upstream's names, with how their lists merge", () => {
  const apps = groups.find(({ path }) => path === "/apis/apps/v1");
  const schemas = schemasOf(apps === undefined ? {} : openApiV3(apps));
  expect(at(schemas, "io.k8s.api.apps.v1.DeploymentSpec", "properties", "replicas")).toMatchObject({
    type: "integer",
    format: "int32",
  });
  expect(
    at(at(schemas, "io.k8s.api.apps.v1.DeploymentSpec", "properties", "replicas"), "description"),
  ).toMatch(/^Number of desired pods/);
  expect(at(schemas, "io.k8s.api.core.v1.Container", "properties", "ports")).toMatchObject({
    "x-kubernetes-list-type": "map",
    "x-kubernetes-list-map-keys": ["containerPort", "protocol"],
    "x-kubernetes-patch-merge-key": "containerPort",
    "x-kubernetes-patch-strategy": "merge",
  });
});

test("the index is told without a look at the schemas, and changes with them", async () => {
  let reads = 0;
  const counted = (set: SchemaSet, hash = set.hash): SchemaSet => ({
    hash,
    kinds: set.kinds,
    read: () => {
      reads++;
      return set.read();
    },
  });
  const sets = [...simulatedSchemas()].map(([path, set]) => [path, counted(set)] as const);
  const fixture = await kubeFixture({ kinds: withLearnt(plainKinds, new Map(sets)) });
  reads = 0;
  const index = await fixture.ask("GET", "/openapi/v3");
  expect(reads).toBe(0);
  const changed = sets.map(([path, set]) => [path, counted(set, `${set.hash}1`)] as const);
  const later = await kubeFixture({ kinds: withLearnt(plainKinds, new Map(changed)) });
  const after = await later.ask("GET", "/openapi/v3");
  expect(urlOf(after.body, "apis/apps/v1")).not.toBe(urlOf(index.body, "apis/apps/v1"));
  expect(urlOf(after.body, "apis/example.com/v1")).toBe(urlOf(index.body, "apis/example.com/v1"));
});

const urlOf = (index: JsonObject, path: string) =>
  at(index, "paths", path, "serverRelativeURL") as string;

test("kinds that a cluster does not describe are described without fields", () => {
  const apps = simulatedSchemas().get("apis/apps/v1");
  const { Deployment: _, ...others } = apps?.kinds ?? {};
  const name = "io.k8s.api.apps.v1.DaemonSet";
  const { [name]: _schema, [`${name}List`]: _list, ...rest } = apps?.read() ?? {};
  const set: SchemaSet = { hash: "1", kinds: others, read: () => rest };
  const kinds = withLearnt(plainKinds, new Map([["apis/apps/v1", set]]));
  const group = openApiGroups(kinds).find(({ path }) => path === "/apis/apps/v1");
  const schemas = schemasOf(group === undefined ? {} : openApiV3(group));
  for (const reference of textsOf(schemas, "$ref")) {
    expect(schemas).toHaveProperty([reference.replace("#/components/schemas/", "")]);
  }
  const all = described(schemas);
  expect(all).toHaveLength(2 * (group?.kinds.length ?? 0));
  expect(new Set(all).size).toBe(all.length);
  expect(schemas["apps.v1.Deployment"]).toHaveProperty("x-kubernetes-preserve-unknown-fields");
  expect(schemas[name]).toHaveProperty("x-kubernetes-preserve-unknown-fields");
  expect(at(schemas, "io.k8s.api.apps.v1.StatefulSetSpec", "properties")).toHaveProperty(
    "replicas",
  );
});

test("documents are kept by who asked: by their hash, for good, or until they change", async () => {
  const { ask, send } = await learntFixture();
  const url = urlOf((await ask("GET", "/openapi/v3")).body, "apis/apps/v1");
  const pinned = await ask("GET", url);
  expect(pinned.headers.get("cache-control")).toMatch(/immutable/);
  for (const path of [url, "/openapi/v2"]) {
    const etag = (await ask("GET", path)).headers.get("etag") ?? "";
    expect(etag).toMatch(/^"[0-9A-F]{128}"$/);
    const again = await send(
      requestOf("GET", path, undefined, { headers: { "if-none-match": etag } }),
    );
    expect(again.status).toBe(304);
  }
  const apps = (await ask("GET", "/openapi/v3/apis/apps/v1")).headers;
  expect(apps.get("cache-control")).not.toMatch(/immutable/);
});

test("a strategic merge patch is offered where its merge keys are told", async () => {
  const { ask } = await learntFixture();
  const types = async (document: string, path: string) => {
    const { body } = await ask("GET", `/openapi/v3/${document}`);
    return Object.keys(objectOf(at(body, "paths", path, "patch", "requestBody", "content")));
  };
  const strategic = "application/strategic-merge-patch+json";
  const named = "namespaces/{namespace}";
  expect(await types("apis/apps/v1", `/apis/apps/v1/${named}/deployments/{name}`)).toContain(
    strategic,
  );
  const widget = `/apis/example.com/v1/${named}/widgets/{name}`;
  expect(await types("apis/example.com/v1", widget)).not.toContain(strategic);
});
