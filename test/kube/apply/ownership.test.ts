import { expect, test } from "vitest";
import { arrayOf, at } from "../../../shared/kube/json.ts";
import type { Json, JsonObject } from "../../../shared/lib/kube-object.ts";
import {
  applyType,
  configMap,
  configMaps,
  deploymentOf,
  deployments,
  jsonPatchType,
  type KubeFixture,
  kubeFixture,
  mergePatchType,
  widgetOf,
  widgets,
} from "../kube-fixture.ts";

const how = { type: applyType };
const betaWidgets = widgets.replace("/v1/", "/v1beta1/");

function applier({ ask }: KubeFixture, path: string) {
  return async (manager: string, object: Json, force = false) =>
    await ask("PATCH", `${path}?fieldManager=${manager}&force=${force}`, object, how);
}

/** "alice Apply v1", and below which subresource. */
function managersOf(object: JsonObject): readonly string[] {
  return (arrayOf(at(object, "metadata", "managedFields")) as JsonObject[]).map((entry) =>
    [entry["manager"], entry["operation"], entry["apiVersion"], entry["subresource"]]
      .filter((each) => each !== undefined)
      .join(" "),
  );
}

function fieldsOf(object: JsonObject, manager: string): Json | undefined {
  const entries = arrayOf(at(object, "metadata", "managedFields")) as JsonObject[];
  return entries.find((entry) => entry["manager"] === manager)?.["fieldsV1"];
}

test("an apply that changes nothing makes no revision and moves no time", async () => {
  const fixture = await kubeFixture();
  const { api, pass } = fixture;
  const apply = applier(fixture, `${widgets}/w`);
  const object = widgetOf("w", { size: 1, tags: ["a"], parts: [{ name: "p", weight: 1 }] });
  const first = await apply("alice", object);
  const { revision } = await api.store.head(api.fleet);
  pass(3_600);
  const second = await apply("alice", object);
  expect(second.body).toEqual(first.body);
  expect((await api.store.head(api.fleet)).revision).toBe(revision);
  // A second owner of the same values writes nothing but that, and has no time of its own.
  const shared = await apply("bob", object);
  expect(at(shared.body, "metadata", "generation")).toBe(1);
  const entries = arrayOf(at(shared.body, "metadata", "managedFields")) as JsonObject[];
  expect(entries.map(({ manager, time }) => [manager, time !== undefined])).toEqual([
    ["bob", false],
    ["alice", true],
  ]);
});

test.each<[what: string, spec: JsonObject, message: string]>([
  [
    "a key twice",
    { parts: [{ name: "p" }, { name: "p" }] },
    '.spec.parts: duplicate entries for key [name="p"]',
  ],
  [
    "a value of a set twice",
    { tags: ["a", "b", "a"] },
    '.spec.tags: duplicate entries for key [="a"]',
  ],
  ["an item without its key", { parts: [{ weight: 1 }] }, "omits all key fields"],
  ["an item that is null", { parts: [null] }, "element 0"],
  ["an item that is no object", { parts: ["p"] }, "element 0"],
])("an apply is refused with %s", async (_what, spec, message) => {
  const fixture = await kubeFixture();
  const { body, status } = await applier(fixture, `${widgets}/w`)("alice", widgetOf("w", spec));
  expect(status).toBe(400);
  expect(body).toMatchObject({ kind: "Status", code: status });
  expect(String(body["message"])).toContain("failed to create typed patch object (/w; ");
  expect(String(body["message"])).toContain(message);
});

test("keys that have defaults are told apart with them", async () => {
  const fixture = await kubeFixture();
  const apply = applier(fixture, `${deployments}/web`);
  const withPorts = (...ports: readonly JsonObject[]): JsonObject => {
    const { spec, ...rest } = deploymentOf("web", "i");
    const container = { name: "main", image: "i", ports };
    const template = { metadata: { labels: { app: "web" } }, spec: { containers: [container] } };
    return { ...rest, spec: { ...(spec as JsonObject), template } };
  };
  await apply("alice", withPorts({ containerPort: 53, name: "tcp" }));
  const { body } = await apply(
    "bob",
    withPorts(
      { containerPort: 53, protocol: "UDP", name: "udp" },
      { containerPort: 53, protocol: "TCP" },
    ),
  );
  const containers = at(body, "spec", "template", "spec", "containers");
  const ports = arrayOf(at(arrayOf(containers)[0], "ports")) as JsonObject[];
  expect(ports.map(({ name, protocol }) => [name, protocol]).sort()).toEqual([
    ["tcp", "TCP"],
    ["udp", "UDP"],
  ]);
});

test("items that an update made twice stay, until an apply names them", async () => {
  const { ask } = await kubeFixture();
  const path = `${deployments}/web`;
  const twice = [
    { name: "A", value: "1" },
    { name: "A", value: "2" },
  ];
  const template = (env: Json) => ({
    metadata: { labels: { app: "web" } },
    spec: { containers: [{ name: "main", image: "i", env }] },
  });
  const { spec, ...rest } = deploymentOf("web", "i");
  const base = { ...(spec as JsonObject) };
  const made = await ask("POST", deployments, {
    ...rest,
    spec: { ...base, template: template(twice) },
  });
  expect(made.status).toBe(201);
  const envOf = (body: JsonObject) =>
    at(arrayOf(at(body, "spec", "template", "spec", "containers"))[0], "env");
  const other = { ...rest, spec: { template: template([{ name: "B", value: "b" }]) } };
  const kept = await ask("PATCH", `${path}?fieldManager=bob&force=true`, other, how);
  expect(envOf(kept.body)).toEqual(expect.arrayContaining(twice));
  const named = { ...rest, spec: { template: template([{ name: "A", value: "3" }]) } };
  const one = await ask("PATCH", `${path}?fieldManager=eve&force=true`, named, how);
  expect(envOf(one.body)).toEqual(
    expect.arrayContaining([
      { name: "A", value: "3" },
      { name: "B", value: "b" },
    ]),
  );
  expect(arrayOf(envOf(one.body))).toHaveLength(2);
});

test("a manager of an apply is one in all versions, one of updates is one in each", async () => {
  const fixture = await kubeFixture();
  const beta = { ...widgetOf("w", { size: 1, color: "red" }), apiVersion: "example.com/v1beta1" };
  await applier(fixture, `${betaWidgets}/w`)("alice", beta);
  const { body } = await applier(fixture, `${widgets}/w`)("alice", widgetOf("w", { size: 2 }));
  expect(managersOf(body)).toEqual(["alice Apply example.com/v1"]);
  for (const path of [widgets, betaWidgets]) {
    const patch = { metadata: { labels: { [path === widgets ? "one" : "beta"]: "x" } } };
    await fixture.ask("PATCH", `${path}/w?fieldManager=carol`, patch, { type: mergePatchType });
  }
  const { body: seen } = await fixture.ask("GET", `${widgets}/w`);
  expect(managersOf(seen)).toEqual([
    "alice Apply example.com/v1",
    "carol Update example.com/v1",
    "carol Update example.com/v1beta1",
  ]);
  const refused = await applier(fixture, `${widgets}/w`)("bob", {
    ...widgetOf("w", { size: 2 }),
    metadata: { name: "w", labels: { beta: "y" } },
  });
  expect(refused.body["message"]).toBe(
    'Apply failed with 1 conflict: conflict with "carol" using example.com/v1beta1: ' +
      ".metadata.labels.beta",
  );
});

test("the oldest of too many updaters become one for each version", async () => {
  const { ask, pass } = await kubeFixture();
  await ask("POST", `${configMaps}?fieldManager=m0`, configMap("s", { k0: "0" }));
  for (let index = 1; index < 14; index++) {
    pass(10);
    const patch = { data: { [`k${index}`]: "x" } };
    await ask("PATCH", `${configMaps}/s?fieldManager=m${index}`, patch, { type: mergePatchType });
  }
  const { body } = await ask("GET", `${configMaps}/s`);
  const recent = Array.from({ length: 9 }, (_, index) => `m${index + 5} Update v1`);
  expect(managersOf(body)).toEqual(["ancient-changes Update v1", ...recent]);
  expect(fieldsOf(body, "ancient-changes")).toEqual({
    "f:data": { ".": {}, "f:k0": {}, "f:k1": {}, "f:k2": {}, "f:k3": {}, "f:k4": {} },
  });
});

test.each<[what: string, managedFields: Json]>([
  ["null", null],
  ["two entries that say nothing", [{}, {}]],
  ["an operation that there is not", [{ manager: "x", operation: "Guess", apiVersion: "v1" }]],
  [
    "a key that cannot be read",
    [
      {
        manager: "x",
        operation: "Update",
        apiVersion: "v1",
        fieldsType: "FieldsV1",
        fieldsV1: { "f:data": { "k:{no json": {} } },
      },
    ],
  ],
])("managed fields outlive an update with %s", async (_what, managedFields) => {
  const fixture = await kubeFixture();
  await applier(fixture, `${configMaps}/s`)("alice", configMap("s", { one: "1" }));
  const patch = { metadata: { managedFields } };
  const type = { type: mergePatchType };
  const { status } = await fixture.ask("PATCH", `${configMaps}/s?fieldManager=bob`, patch, type);
  expect([200, 422]).toContain(status);
  const { body } = await fixture.ask("GET", `${configMaps}/s`);
  expect(managersOf(body)).toEqual(["alice Apply v1"]);
});

test.each<[what: string, managedFields: Json]>([
  ["one empty entry", [{}]],
  ["an entry of empty fields", [{ manager: "", time: null }]],
  ["no entry", []],
])("a list with %s resets them; then only an apply is tracked", async (_what, managedFields) => {
  const { ask } = await kubeFixture();
  const type = { type: mergePatchType };
  await ask("POST", configMaps, configMap("s", { one: "1" }));
  await ask("PATCH", `${configMaps}/s`, { metadata: { managedFields } }, type);
  const updated = await ask(
    "PATCH",
    `${configMaps}/s?fieldManager=bob`,
    { data: { two: "2" } },
    type,
  );
  expect(managersOf(updated.body)).toEqual([]);
  const apply = await ask(
    "PATCH",
    `${configMaps}/s?fieldManager=alice`,
    configMap("s", { a: "1" }),
    how,
  );
  expect(managersOf(apply.body)).toEqual(["alice Apply v1", "before-first-apply Update v1"]);
});

test("kubectl's migration from client-side apply hands its fields over", async () => {
  const { ask } = await kubeFixture();
  const manager = "kubectl-client-side-apply";
  await ask(
    "POST",
    `${configMaps}?fieldManager=${manager}`,
    configMap("s", { one: "1", two: "2" }),
  );
  const { body } = await ask("GET", `${configMaps}/s`);
  const [entry] = arrayOf(at(body, "metadata", "managedFields")) as JsonObject[];
  const migration = [
    {
      op: "replace",
      path: "/metadata/managedFields",
      value: [{ ...entry, manager: "kubectl", operation: "Apply" }],
    },
    {
      op: "replace",
      path: "/metadata/resourceVersion",
      value: at(body, "metadata", "resourceVersion") ?? "",
    },
  ];
  const moved = await ask("PATCH", `${configMaps}/s`, migration, { type: jsonPatchType });
  expect(managersOf(moved.body)).toEqual(["kubectl Apply v1"]);
  // What it leaves out goes: the fields are its own now.
  const applied = await ask(
    "PATCH",
    `${configMaps}/s?fieldManager=kubectl`,
    configMap("s", { one: "1" }),
    how,
  );
  expect(applied.body["data"]).toEqual({ one: "1" });
});

test("a status has managers of its own, and an update of it takes no other field", async () => {
  const fixture = await kubeFixture();
  await applier(fixture, `${widgets}/w`)("alice", widgetOf("w", { size: 1 }));
  const status = { ...widgetOf("w", { size: 9 }), status: { size: 1 } };
  await applier(fixture, `${widgets}/w/status`)("ctl", status);
  const patch = { metadata: { labels: { a: "b" } }, spec: { size: 3 }, status: { size: 2 } };
  const type = { type: mergePatchType };
  const { body } = await fixture.ask("PATCH", `${widgets}/w/status?fieldManager=eve`, patch, type);
  expect(managersOf(body)).toEqual([
    "alice Apply example.com/v1",
    "eve Update example.com/v1 status",
  ]);
  expect(fieldsOf(body, "eve")).toEqual({ "f:status": { "f:size": {} } });
  expect(body).toMatchObject({ spec: { size: 1 }, status: { size: 2 } });
});

test("names that objects inherit are fields like others", async () => {
  const fixture = await kubeFixture();
  const apply = applier(fixture, `${configMaps}/s`);
  await apply("alice", configMap("s", { constructor: "1", toString: "2" }));
  const { body } = await apply("alice", configMap("s", { toString: "2" }));
  expect(body["data"]).toEqual({ toString: "2" });
  expect(fieldsOf(body, "alice")).toEqual({ "f:data": { "f:toString": {} } });
});
