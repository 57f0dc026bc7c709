import { expect, test } from "vitest";
import { memoryStore } from "../../infra/local/memory-store/memory-store.ts";
import { oneDefaultPriority } from "../../shared/kube/one-default-priority.ts";
import type { FleetId } from "../../shared/lib/document.ts";
import type { Instant } from "../../shared/lib/instant.ts";
import type { JsonObject } from "../../shared/lib/kube-object.ts";
import { kubeFixture, mergePatchType } from "./kube-fixture.ts";

const path = "/apis/scheduling.k8s.io/v1/priorityclasses";

function priorityClass(name: string, globalDefault: boolean): JsonObject {
  return { metadata: { name }, value: 10, globalDefault };
}

async function fixture() {
  let ids = 0;
  const clock = { now: () => "2026-11-21T12:00:00.000Z" as Instant };
  const store = memoryStore({ clock, ids: () => `id-${++ids}` });
  const admit = oneDefaultPriority(store, "/fleet" as FleetId);
  const { ask } = await kubeFixture({ store, admit });
  expect((await ask("POST", path, priorityClass("first", true))).status).toBe(201);
  return ask;
}

const sentence = (name: string): string =>
  `priorityclasses.scheduling.k8s.io "${name}" is forbidden: PriorityClass first is already ` +
  "marked as default. Only one default can exist";

test("a second default class is refused, another class is not", async () => {
  const ask = await fixture();
  const refused = await ask("POST", path, priorityClass("second", true));
  expect(refused.status).toBe(403);
  expect(refused.body["message"]).toBe(sentence("second"));
  expect((await ask("POST", path, priorityClass("second", false))).status).toBe(201);
});

test("a class does not become a second default, and the default stays it", async () => {
  const ask = await fixture();
  await ask("POST", path, priorityClass("second", false));
  const how = { type: mergePatchType };
  const refused = await ask("PATCH", `${path}/second`, { globalDefault: true }, how);
  expect(refused.status).toBe(403);
  expect(refused.body["message"]).toBe(sentence("second"));
  const labelled = await ask("PATCH", `${path}/first`, { metadata: { labels: { a: "b" } } }, how);
  expect(labelled.status).toBe(200);
});

test("the next default can come once the former is none", async () => {
  const ask = await fixture();
  const how = { type: mergePatchType };
  expect((await ask("PATCH", `${path}/first`, { globalDefault: false }, how)).status).toBe(200);
  expect((await ask("POST", path, priorityClass("second", true))).status).toBe(201);
});
