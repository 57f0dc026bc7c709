import { expect, test } from "vitest";
import { configMaps, kubeFixture, widgets } from "../kube-fixture.ts";
import { learntFixture } from "../openapi/learnt-kinds.ts";

const refused = (kind: string, list: string): string =>
  `${kind} in version "v1" cannot be handled as a ${kind}: strict decoding error: ${list}`;

test("a body with a field twice and an unknown one is told of both", async () => {
  const { ask } = await learntFixture();
  const body = '{"metadata":{"name":"a"},"data":{"k":"v","k":"w"},"datas":{}}';
  const strict = await ask("POST", `${configMaps}?fieldValidation=Strict`, body);
  expect(strict.body["message"]).toBe(
    refused("ConfigMap", 'duplicate field "data.k", unknown field "datas"'),
  );
  const warned = await ask("POST", `${configMaps}?fieldValidation=Warn`, body);
  expect(warned.status).toBe(201);
  expect(warned.headers.get("warning")).toBe(
    '299 - "duplicate field \\"data.k\\"", 299 - "unknown field \\"datas\\""',
  );
});

test("the same of a custom resource, in JSON and in YAML", async () => {
  const { ask } = await kubeFixture();
  const path = `${widgets}?fieldValidation=Strict`;
  const type = { apiVersion: "example.com/v1", kind: "Widget", metadata: { name: "a" } };
  const json = JSON.stringify({ ...type, spec: 0 }).replace(
    '"spec":0',
    '"spec":{"size":1,"size":2,"sise":3}',
  );
  const inJson = await ask("POST", path, json);
  expect(inJson.body["message"]).toBe(
    refused("Widget", 'duplicate field "spec.size", unknown field "spec.sise"'),
  );
  const yaml = [
    "apiVersion: example.com/v1",
    "kind: Widget",
    "metadata: {name: a}",
    "spec:",
    "  size: 1",
    "  size: 2",
    "  sise: 3",
  ].join("\n");
  const inYaml = await ask("POST", path, yaml, { type: "application/yaml" });
  expect(inYaml.body["message"]).toBe(
    refused(
      "Widget",
      'yaml: unmarshal errors:\n  line 6: key "size" already set in map, unknown field "spec.sise"',
    ),
  );
});

test("the first object of a YAML stream is the body", async () => {
  const { ask } = await kubeFixture();
  const yaml = "metadata: {name: one}\n---\nmetadata: {name: two}\n";
  const { status, body } = await ask("POST", configMaps, yaml, { type: "application/yaml" });
  expect(status).toBe(201);
  expect(body["metadata"]).toMatchObject({ name: "one" });
});
