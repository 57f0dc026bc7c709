import { expect, test } from "vitest";
import { at } from "../../../shared/kube/json.ts";
import type { Json, JsonObject } from "../../../shared/lib/kube-object.ts";
import {
  applyType,
  configMap,
  configMaps,
  deploymentOf,
  deployments,
  type KubeFixture,
  kubeFixture,
  mergePatchType,
  widgetOf,
  widgets,
} from "../kube-fixture.ts";

const how = { type: applyType };

function applier({ ask }: KubeFixture, path: string) {
  return async (manager: string, object: Json, force = false) =>
    await ask("PATCH", `${path}?fieldManager=${manager}&force=${force}`, object, how);
}

/** `{ "alice/Apply": { "f:data": … } }` */
function ownersOf(object: JsonObject): JsonObject {
  const entries = (at(object, "metadata", "managedFields") ?? []) as JsonObject[];
  return Object.fromEntries(
    entries.map((entry) => [
      `${String(entry["manager"])}/${String(entry["operation"])}`,
      entry["fieldsV1"],
    ]),
  );
}

test("two appliers own what each applies, and each sees both", async () => {
  const apply = applier(await kubeFixture(), `${configMaps}/s`);
  const first = await apply("alice", configMap("s", { one: "1", two: "2" }));
  expect(first.status).toBe(201);
  const second = await apply("bob", configMap("s", { three: "3" }));
  expect(second.status).toBe(200);
  expect(second.body["data"]).toEqual({ one: "1", two: "2", three: "3" });
  expect(ownersOf(second.body)).toEqual({
    "alice/Apply": { "f:data": { "f:one": {}, "f:two": {} } },
    "bob/Apply": { "f:data": { "f:three": {} } },
  });
});

test("a field of another applier is a conflict, unless forced", async () => {
  const apply = applier(await kubeFixture(), `${configMaps}/s`);
  await apply("alice", configMap("s", { one: "1", two: "2" }));
  const refused = await apply("bob", configMap("s", { one: "x" }));
  expect(refused.body).toMatchObject({
    code: 409,
    reason: "Conflict",
    message: 'Apply failed with 1 conflict: conflict with "alice": .data.one',
    details: {
      causes: [
        { reason: "FieldManagerConflict", message: 'conflict with "alice"', field: ".data.one" },
      ],
    },
  });
  const forced = await apply("bob", configMap("s", { one: "x" }), true);
  expect(forced.body["data"]).toEqual({ one: "x", two: "2" });
  expect(ownersOf(forced.body)).toEqual({
    "alice/Apply": { "f:data": { "f:two": {} } },
    "bob/Apply": { "f:data": { "f:one": {} } },
  });
});

test("an equal value is owned by both, and stays when one of them leaves it out", async () => {
  const apply = applier(await kubeFixture(), `${configMaps}/s`);
  await apply("alice", configMap("s", { one: "1", two: "2" }));
  expect((await apply("bob", configMap("s", { one: "1" }))).status).toBe(200);
  const { body } = await apply("alice", configMap("s", { two: "2" }));
  expect(body["data"]).toEqual({ one: "1", two: "2" });
  const none = await apply("bob", configMap("s"));
  expect(none.body["data"]).toEqual({ two: "2" });
});

test("what an applier leaves out goes, the list or map with its last entry", async () => {
  const apply = applier(await kubeFixture(), `${widgets}/w`);
  const parts = [{ name: "a", weight: 1 }, { name: "b" }];
  await apply("alice", widgetOf("w", { size: 1, tags: ["x", "y"], parts }));
  const fewer = await apply("alice", widgetOf("w", { size: 1, parts: [{ name: "b" }] }));
  expect(fewer.body["spec"]).toEqual({ size: 1, color: "red", parts: [{ name: "b" }] });
  const least = await apply("alice", widgetOf("w", { size: 1 }));
  expect(least.body["spec"]).toEqual({ size: 1, color: "red" });
});

test("an update takes over what it changes, and an applier meets it by its version", async () => {
  const fixture = await kubeFixture();
  const apply = applier(fixture, `${configMaps}/s`);
  await apply("alice", configMap("s", { one: "1", two: "2" }));
  const patch = { data: { one: "y" } };
  const { body } = await fixture.ask("PATCH", `${configMaps}/s?fieldManager=carol`, patch, {
    type: mergePatchType,
  });
  expect(ownersOf(body)).toEqual({
    "alice/Apply": { "f:data": { "f:two": {} } },
    "carol/Update": { "f:data": { "f:one": {} } },
  });
  const refused = await apply("alice", configMap("s", { one: "1", two: "2" }));
  expect(refused.body["message"]).toBe(
    'Apply failed with 1 conflict: conflict with "carol" using v1: .data.one',
  );
});

test("an object that nobody managed belongs to who made it before the first apply", async () => {
  const fixture = await kubeFixture();
  const apply = applier(fixture, `${configMaps}/s`);
  await fixture.ask("POST", configMaps, configMap("s", { one: "1" }));
  const reset = { metadata: { managedFields: [{}] } };
  const bare = await fixture.ask("PATCH", `${configMaps}/s`, reset, { type: mergePatchType });
  expect(ownersOf(bare.body)).toEqual({});
  const { body } = await apply("alice", configMap("s", { two: "2" }));
  expect(ownersOf(body)).toEqual({
    "alice/Apply": { "f:data": { "f:two": {} } },
    "before-first-apply/Update": { "f:data": { ".": {}, "f:one": {} } },
  });
});

test("containers and their variables are owned by name", async () => {
  const apply = applier(await kubeFixture(), `${deployments}/web`);
  await apply("alice", deploymentOf("web", "nginx:1"));
  const side = { name: "side", image: "side:1" };
  const more = { name: "main", env: [{ name: "Z", value: "z" }] };
  const template = { spec: { containers: [more, side] } };
  const partial = { ...deploymentOf("web", ""), spec: { template } };
  const { body } = await apply("bob", { ...partial, metadata: { name: "web" } });
  expect(at(body, "spec", "template", "spec", "containers")).toEqual([
    {
      name: "main",
      image: "nginx:1",
      env: [
        { name: "A", value: "1" },
        { name: "Z", value: "z" },
      ],
    },
    side,
  ]);
  expect(at(ownersOf(body), "bob/Apply", "f:spec", "f:template", "f:spec", "f:containers")).toEqual(
    {
      'k:{"name":"main"}': {
        ".": {},
        "f:env": { 'k:{"name":"Z"}': { ".": {}, "f:name": {}, "f:value": {} } },
        "f:name": {},
      },
      'k:{"name":"side"}': { ".": {}, "f:image": {}, "f:name": {} },
    },
  );
  const scaled = { ...partial, metadata: { name: "web" }, spec: { template, replicas: 9 } };
  const refused = await apply("bob", scaled);
  expect(refused.body["message"]).toBe(
    'Apply failed with 1 conflict: conflict with "alice": .spec.replicas',
  );
});

test.each([
  ["keeps shared items in the applied order", "a b c", "c a", "b c a"],
  ["puts new items where they are applied", "a b", "n a b", "n a b"],
  ["puts items that only the live list has before later shared ones", "x a", "n a", "x n a"],
  ["puts new items behind the shared one before them", "a b", "a n b", "a n b"],
])("a merged list %s", async (_name, live, applied, want) => {
  const apply = applier(await kubeFixture(), `${widgets}/w`);
  const partsOf = (names: string) => names.split(" ").map((name) => ({ name }));
  await apply("alice", widgetOf("w", { size: 1, parts: partsOf(live) }));
  const { body } = await apply("bob", widgetOf("w", { size: 1, parts: partsOf(applied) }));
  expect(at(body, "spec", "parts")).toEqual(partsOf(want));
});

test("a status is applied below /status, by its own manager", async () => {
  const fixture = await kubeFixture();
  await applier(fixture, `${widgets}/w`)("alice", widgetOf("w", { size: 1 }));
  const status = { ...widgetOf("w", { size: 7 }), status: { size: 1 } };
  const { body } = await applier(fixture, `${widgets}/w/status`)("ctl", status);
  expect(body).toMatchObject({ spec: { size: 1 }, status: { size: 1 } });
  expect(ownersOf(body)["ctl/Apply"]).toEqual({ "f:status": { "f:size": {} } });
  const absent = await applier(fixture, `${widgets}/none/status`)("ctl", widgetOf("none", {}));
  expect(absent.status).toBe(404);
});

test("an unknown field in an apply is refused, unless nobody is to look", async () => {
  const { ask } = await kubeFixture();
  const odd = widgetOf("w", { size: 1, sise: 1 });
  const path = `${widgets}/w?fieldManager=alice`;
  for (const validation of ["Strict", "Warn"]) {
    const { status, body } = await ask("PATCH", `${path}&fieldValidation=${validation}`, odd, how);
    expect([status, String(body["message"]).includes(".spec.sise")]).toEqual([400, true]);
  }
});
