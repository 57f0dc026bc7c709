import { expect, test } from "vitest";
import { builtInKinds } from "../../../shared/kube/built-in/built-in-kinds.ts";
import { at } from "../../../shared/kube/json.ts";
import { kindsOf } from "../../../shared/kube/kinds.ts";
import { openApiV2 } from "../../../shared/kube/openapi/open-api-v2.ts";
import { openApiGroups } from "../../../shared/kube/openapi/open-api-v3.ts";
import { readFields } from "../../../shared/kube/protobuf/wire.ts";
import { reviewKinds } from "../../../shared/kube/review/review-kinds.ts";
import type { Json, JsonObject } from "../../../shared/lib/kube-object.ts";
import { kubeFixture, requestOf, widget } from "../kube-fixture.ts";

const kinds = kindsOf([...builtInKinds(), widget]);

/** All values of a field name, wherever it is. */
function valuesOf(value: Json | undefined, name: string): readonly Json[] {
  if (typeof value !== "object" || value === null) return [];
  const fields = Object.entries(value as Readonly<Record<string, Json>>);
  return fields.flatMap(([key, child]): readonly Json[] => [
    ...(key === name ? [child] : []),
    ...valuesOf(child, name),
  ]);
}

test("the index leads to each document by a URL that says what is in it", async () => {
  const { ask } = await kubeFixture({ basePath: "/fleets/f1/hub" });
  const index = await ask("GET", "/fleets/f1/hub/openapi/v3");
  const paths = index.body["paths"] as Record<string, { serverRelativeURL: string }>;
  expect(Object.keys(paths)).toContain("apis/example.com/v1beta1");
  const url = paths["apis/example.com/v1"]?.serverRelativeURL ?? "";
  expect(url).toMatch(
    /^\/fleets\/f1\/hub\/openapi\/v3\/apis\/example.com\/v1\?hash=[0-9A-F]{128}$/,
  );
  const document = await ask("GET", url);
  expect(document.status).toBe(200);
  expect(document.headers.get("cache-control")).toMatch(/immutable/);
  const etag = document.headers.get("etag") ?? "";
  const again = await ask("GET", url, undefined, { headers: { "if-none-match": etag } });
  expect(again.status).toBe(304);
  expect((await ask("GET", "/fleets/f1/hub/openapi/v3/apis/none/v1")).status).toBe(404);
});

test("PATCH says that the server validates fields, for each kind", async () => {
  const { ask } = await kubeFixture();
  const { body } = await ask("GET", "/openapi/v3/apis/example.com/v1");
  const patch = at(
    body,
    "paths",
    "/apis/example.com/v1/namespaces/{namespace}/widgets/{name}",
    "patch",
  );
  expect(patch).toMatchObject({
    "x-kubernetes-group-version-kind": { group: "example.com", version: "v1", kind: "Widget" },
    "x-kubernetes-action": "patch",
  });
  const parameters = at(patch, "parameters") as JsonObject[];
  expect(parameters.map(({ name }) => name)).toContain("fieldValidation");
  expect(Object.keys(at(patch, "requestBody", "content") as JsonObject)).not.toContain(
    "application/strategic-merge-patch+json",
  );
});

test("no reference leads nowhere, and each kind is described once", () => {
  const document = openApiV2(openApiGroups(kinds));
  const definitions = document["definitions"] as JsonObject;
  const references = valuesOf(document, "$ref") as string[];
  expect(references.length).toBeGreaterThan(kinds.all.length);
  for (const reference of references) {
    expect(definitions).toHaveProperty([reference.replace("#/definitions/", "")]);
  }
  const described = Object.values(definitions).flatMap(
    (schema) => ((schema as JsonObject)["x-kubernetes-group-version-kind"] ?? []) as JsonObject[],
  );
  const names = described.map((each) => JSON.stringify(each));
  expect(new Set(names).size).toBe(names.length);
  const versions = kinds.all.flatMap((kind) => kind.versions);
  expect(names).toHaveLength(2 * versions.length + reviewKinds.length);
});

test("v2 is what Go clients parse: protobuf under a type that Go can read, or JSON", async () => {
  const { ask, send } = await kubeFixture();
  const accept = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";
  const response = await send(requestOf("GET", "/openapi/v2", undefined, { accept }));
  expect(response.headers.get("content-type")).toBe(
    "application/com.github.proto-openapi.spec.v2.v1.0+protobuf",
  );
  const bytes = Buffer.from(await response.arrayBuffer());
  const fields = [...readFields(bytes)];
  expect(fields.map(({ field }) => field)).toEqual([1, 2, 8, 9]);
  const definitions = [...readFields(fields[3]?.value as Buffer)].map(({ value }) => {
    const [name] = [...readFields(value as Buffer)];
    return String(name?.value);
  });
  expect(definitions).toContain("com.example.v1.Widget");
  const json = await ask("GET", "/openapi/v2", undefined, { accept: "application/json" });
  expect(json.body["swagger"]).toBe("2.0");
  expect(Object.keys(json.body["definitions"] as JsonObject)).toHaveLength(definitions.length);
  const wrong = await ask("GET", "/openapi/v2", undefined, { accept: "text/html" });
  expect(wrong.status).toBe(406);
});
