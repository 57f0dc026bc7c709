/** What becomes of the annotation of client-side apply when kubectl applies on the server. */
import { expect, test } from "vitest";
import { at } from "../../../shared/kube/json.ts";
import {
  applyType,
  configMap,
  configMaps,
  kubeFixture,
  mergePatchType,
  widgetOf,
  widgets,
} from "../kube-fixture.ts";
import {
  annotated,
  annotation,
  clientSide,
  lastApplied,
  path,
  take,
} from "./last-applied-steps.ts";

test("the annotation is what was sent, as kubectl writes it, without itself", async () => {
  const { ask } = await kubeFixture();
  await ask("POST", `${configMaps}?${clientSide}`, annotated(configMap("s", { a: "1" })));
  const sent = {
    kind: "ConfigMap",
    apiVersion: "v1",
    metadata: { name: "s", creationTimestamp: null, annotations: { [annotation]: "old", k: "v" } },
    data: { b: "<a & b>\u2028", a: "1" },
  };
  const url = `${path}?fieldManager=kubectl&force=true`;
  const { body } = await ask("PATCH", url, sent, { type: applyType });
  expect(lastApplied(body)).toBe(
    '{"apiVersion":"v1","data":{"a":"1","b":"\\u003ca \\u0026 b\\u003e\\u2028"},' +
      '"kind":"ConfigMap","metadata":{"annotations":{"k":"v"},"creationTimestamp":null,' +
      '"name":"s"}}\n',
  );
});

test("an object without the annotation gets none", async () => {
  const fixture = await kubeFixture();
  await take(fixture, ["server", { a: "1" }]);
  const { body } = await take(fixture, ["server", { a: "2" }]);
  expect(lastApplied(body)).toBeUndefined();
  await fixture.ask(
    "PATCH",
    path,
    { metadata: { annotations: { [annotation]: "" } } },
    {
      type: mergePatchType,
    },
  );
  const empty = await take(fixture, ["server", { a: "3" }]);
  expect(lastApplied(empty.body)).toBe("");
});

test("an annotation that would be too large goes, others stay", async () => {
  const fixture = await kubeFixture();
  const large = { a: "x".repeat(200 * 1024), b: "x".repeat(60 * 1024) };
  await take(fixture, ["client", { a: "1" }]);
  const bare = await take(fixture, ["server", large]);
  expect(bare.status).toBe(200);
  expect(at(bare.body, "metadata", "annotations")).toBeUndefined();
  const note = { metadata: { annotations: { [annotation]: "{}", k: "v" } } };
  await fixture.ask("PATCH", path, note, { type: mergePatchType });
  const { body } = await take(fixture, ["server", { ...large, c: "1" }]);
  expect(at(body, "metadata", "annotations")).toEqual({ k: "v" });
});

test("an apply that names an older annotation changes nothing a second time", async () => {
  const { ask, pass } = await kubeFixture();
  const sent = annotated(configMap("s", { a: "1" }), "old");
  const url = `${path}?fieldManager=kubectl`;
  const first = await ask("PATCH", url, sent, { type: applyType });
  expect(lastApplied(first.body)).toContain('"data":{"a":"1"}');
  pass(60);
  const second = await ask("PATCH", url, sent, { type: applyType });
  expect(second.body).toEqual(first.body);
});

test("a dry run tells what would become of the annotation, and leaves it", async () => {
  const fixture = await kubeFixture();
  await take(fixture, ["client", { a: "1" }]);
  const { body: before } = await fixture.ask("GET", path);
  const url = `${path}?fieldManager=kubectl&dryRun=All`;
  const tried = await fixture.ask("PATCH", url, configMap("s", { a: "2" }), { type: applyType });
  expect(tried.status).toBe(200);
  expect(lastApplied(tried.body)).toContain('"data":{"a":"2"}');
  expect((await fixture.ask("GET", path)).body).toEqual(before);
});

test("an apply of a status or a scale leaves the annotation, and takes nothing over", async () => {
  const { ask } = await kubeFixture();
  const wanted = { ...widgetOf("w", { size: 1 }), status: { size: 1 } };
  const { body: made } = await ask("POST", `${widgets}?${clientSide}`, annotated(wanted));
  const url = (part: string) => `${widgets}/w/${part}?fieldManager=kubectl`;
  const status = { ...widgetOf("w", { size: 9 }), status: { size: 2 } };
  const shown = await ask("PATCH", url("status"), status, { type: applyType });
  expect(shown.body).toMatchObject({ spec: { size: 1 }, status: { size: 2 } });
  const scale = {
    ...{ apiVersion: "autoscaling/v1", kind: "Scale", metadata: { name: "w" } },
    spec: { replicas: 3 },
  };
  const scaled = await ask("PATCH", url("scale"), scale, { type: applyType });
  expect(scaled.status).toBeGreaterThanOrEqual(400);
  const { body } = await ask("GET", `${widgets}/w`);
  expect(lastApplied(body)).toBe(lastApplied(made));
  expect(at(body, "spec", "size")).toBe(1);
});
