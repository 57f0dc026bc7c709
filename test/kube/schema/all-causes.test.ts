import { expect, test } from "vitest";
import { at } from "../../../shared/kube/json.ts";
import type { Json, JsonObject } from "../../../shared/lib/kube-object.ts";
import { gadgetDefinition } from "../definitions/definition-fixture.ts";
import { kubeFixture, widgetOf, widgets } from "../kube-fixture.ts";
import { notASubdomain } from "../validation/sentences.ts";

async function causesOf(path: string, object: JsonObject): Promise<readonly Json[]> {
  const { ask } = await kubeFixture();
  const { status, body } = await ask("POST", path, object);
  expect(status).toBe(422);
  return (at(body, "details", "causes") as JsonObject[]).map(({ field }) => field ?? "");
}

test("what is wrong with a Service is told with what is wrong with its name, which comes first", async () => {
  const service = {
    metadata: { name: "Web", labels: { "a b": "c" } },
    spec: { ports: [{ port: 0 }] },
  };
  expect(await causesOf("/api/v1/namespaces/shop/services", service)).toEqual([
    "metadata.name",
    "metadata.labels",
    "spec.ports[0].port",
    "spec.ports[0].targetPort",
  ]);
});

test("a definition without a group is told of both its name and the group", async () => {
  const definition = {
    ...gadgetDefinition({ spec: { group: "" } }),
    metadata: { name: "gadgets." },
  };
  const path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
  expect(await causesOf(path, definition)).toEqual(["metadata.name", "spec.group"]);
});

test("a definition without a name is told of that once", async () => {
  const path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
  const causes = await causesOf(path, { metadata: {}, spec: {} });
  expect(causes.filter((each) => each === "metadata.name")).toEqual(["metadata.name"]);
  expect(causes).toContain("spec.group");
});

test("what a schema refuses of a custom resource comes after what is wrong with its name", async () => {
  const object = { ...widgetOf("Web", { size: 11 }) };
  expect(await causesOf(widgets, object)).toEqual(["metadata.name", "spec.size"]);
});

test("the name of an APIService is any part of a path, and its version and group", async () => {
  const { ask } = await kubeFixture();
  const path = "/apis/apiregistration.k8s.io/v1/apiservices";
  const spec = { version: "v1", groupPriorityMinimum: 1, versionPriority: 1 };
  const core = await ask("POST", path, { metadata: { name: "v1." }, spec });
  expect(core.status).toBe(201);
  const wrong = await ask("POST", path, { metadata: { name: "V1%" }, spec });
  expect(at(wrong.body, "details", "causes")).toEqual([
    {
      reason: "FieldValueInvalid",
      field: "metadata.name",
      message: `Invalid value: "V1%": may not contain '%'`,
    },
  ]);
  expect(JSON.stringify(wrong.body)).not.toContain(notASubdomain.slice(0, 20));
});
