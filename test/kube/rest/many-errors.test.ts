import { expect, test } from "vitest";
import { at } from "../../../shared/kube/json.ts";
import type { Json, JsonObject } from "../../../shared/lib/kube-object.ts";
import { configMaps, deployments, kubeFixture, widgetOf, widgets } from "../kube-fixture.ts";
import { learntFixture } from "../openapi/learnt-kinds.ts";

/** As much as a request has room for. */
const many = 200_000;
const entries = (value: Json, count = many): JsonObject =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`${index}!`, value]));

test.each<[of: string, path: string, object: JsonObject]>([
  ["labels", configMaps, { metadata: { name: "a", labels: entries("") } }],
  ["annotations", configMaps, { metadata: { name: "a", annotations: entries("") } }],
  ["keys", configMaps, { metadata: { name: "a" }, data: entries("") }],
  [
    "labels of pods",
    deployments,
    {
      metadata: { name: "a" },
      spec: { template: { metadata: { labels: entries("") } } },
    },
  ],
  ["tags", widgets, widgetOf("a", { size: 1, tags: Array(many).fill(0) as Json[] })],
])("of very many wrong %s some are told", async (_, path, object) => {
  const { ask } = await kubeFixture();
  const { status, body } = await ask("POST", path, object);
  expect(status).toBe(422);
  expect((at(body, "details", "causes") as Json[]).length).toBeLessThanOrEqual(1_000);
  expect(JSON.stringify(body).length).toBeLessThan(8_000_000);
});

test.each([
  ["Strict", 400],
  ["Warn", 201],
])("very many unknown fields of a built-in kind are not all told (%s)", async (how, code) => {
  const { ask } = await learntFixture();
  const object = { metadata: { name: "a" }, ...entries(0) };
  const { status, body, headers } = await ask(
    "POST",
    `${configMaps}?fieldValidation=${how}`,
    object,
  );
  expect(status).toBe(code);
  expect(JSON.stringify(body).length).toBeLessThan(20_000);
  expect((headers.get("warning") ?? "").length).toBeLessThan(20_000);
});

test("very many unknown fields of a custom resource are not all told", async () => {
  const { ask } = await kubeFixture();
  const object = widgetOf("a", { size: 1, ...entries(0) });
  const { status, body } = await ask("POST", `${widgets}?fieldValidation=Strict`, object);
  expect(status).toBe(400);
  expect(JSON.stringify(body).length).toBeLessThan(20_000);
});

test("very many finalizers are refused in one sentence", async () => {
  const { ask } = await kubeFixture();
  const finalizers = Array.from({ length: many }, (_, index) => `f${index}`);
  const object = { ...widgetOf("a", { size: 1 }), metadata: { name: "a", finalizers } };
  const { status, body } = await ask("POST", widgets, object);
  expect([status, at(body, "details", "causes")]).toEqual([
    422,
    [
      {
        field: "metadata.finalizers",
        reason: "FieldValueTooMany",
        message: `Too many: ${many}: must have at most 100 items`,
      },
    ],
  ]);
});
