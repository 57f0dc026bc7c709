import { expect, test } from "vitest";
import { at } from "../../../shared/kube/json.ts";
import { documentKind } from "../../../shared/kube/served-kind.ts";
import { emptyNamespace } from "../../../shared/kube/upkeep/empty-namespace.ts";
import type { Revision } from "../../../shared/lib/document.ts";
import { keyOf } from "../../../shared/lib/document.ts";
import {
  configMap,
  configMaps,
  type KubeFixture,
  kubeFixture,
  mergePatchType,
} from "../kube-fixture.ts";
import { nameOf, revisionOf, watching } from "./watching.ts";

const how = { type: mergePatchType };

async function revisionNow({ api }: KubeFixture): Promise<Revision> {
  return (await api.store.head(api.fleet)).revision;
}

async function typesAndNames(watch: Awaited<ReturnType<typeof watching>>, count: number) {
  const seen: string[] = [];
  while (seen.length < count) {
    const event = await watch.next();
    if (event === undefined) break;
    seen.push(`${event.type} ${nameOf(event)}`);
  }
  return seen;
}

test("a watch without a version begins with what is there", async () => {
  const fixture = await kubeFixture();
  await fixture.ask("POST", configMaps, configMap("a"));
  const watch = await watching(fixture, `${configMaps}?watch=true`);
  await fixture.ask("POST", configMaps, configMap("b"));
  expect(await typesAndNames(watch, 2)).toEqual(["ADDED a", "ADDED b"]);
  await watch.stop();
});

test("a watch from a version tells what came after it, of its kind and namespace alone", async () => {
  const fixture = await kubeFixture();
  const { ask } = fixture;
  await ask("POST", configMaps, configMap("a"));
  const since = await revisionNow(fixture);
  const watch = await watching(fixture, `${configMaps}?watch=true&resourceVersion=${since}`);
  await ask("POST", "/api/v1/namespaces/default/configmaps", configMap("elsewhere"));
  await ask("POST", "/api/v1/namespaces/shop/secrets", { metadata: { name: "s" } });
  await ask("PATCH", `${configMaps}/a`, { data: { x: "1" } }, how);
  await ask("DELETE", `${configMaps}/a`);
  await ask("POST", configMaps, configMap("a"));
  const seen = (await watch.drain(100)).map((event) => `${event.type} ${nameOf(event)}`);
  // A poll sees the newest state of each object: the change may have gone with the deletion.
  expect(seen.filter((each) => each !== "MODIFIED a")).toEqual(["DELETED a", "ADDED a"]);
  await watch.stop();
});

test("what a list may have shown, and is gone when its watch begins, is told as deleted", async () => {
  const fixture = await kubeFixture();
  const { ask } = fixture;
  // A list reads its revision first: what came meanwhile is in it, too.
  const { body } = await ask("GET", configMaps);
  const since = at(body, "metadata", "resourceVersion");
  await ask("POST", configMaps, configMap("ghost"));
  await ask("DELETE", `${configMaps}/ghost`);
  const watch = await watching(fixture, `${configMaps}?watch=1&resourceVersion=${since}`);
  expect(await watch.next()).toMatchObject({
    type: "DELETED",
    object: { metadata: { name: "ghost" } },
  });
  await ask("POST", configMaps, configMap("short"));
  await ask("DELETE", `${configMaps}/short`);
  await ask("POST", configMaps, configMap("last"));
  const events = await watch.drain(1_200);
  expect(events.at(-1)).toMatchObject({ type: "ADDED", object: { metadata: { name: "last" } } });
  await watch.stop();
});

test("initial events end with a marked bookmark, then changes follow", async () => {
  const fixture = await kubeFixture();
  await fixture.ask("POST", configMaps, configMap("a"));
  const watch = await watching(
    fixture,
    `${configMaps}?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan` +
      "&allowWatchBookmarks=true",
  );
  expect(await typesAndNames(watch, 1)).toEqual(["ADDED a"]);
  const bookmark = await watch.next();
  expect(bookmark).toMatchObject({
    type: "BOOKMARK",
    object: {
      kind: "ConfigMap",
      metadata: { annotations: { "k8s.io/initial-events-end": "true" } },
    },
  });
  await fixture.ask("DELETE", `${configMaps}/a`);
  expect(await typesAndNames(watch, 1)).toEqual(["DELETED a"]);
  await watch.stop();
});

test("a watch ends in time, with a bookmark for those who ask", async () => {
  const fixture = await kubeFixture();
  const since = await revisionNow(fixture);
  const path = `${configMaps}?watch=true&resourceVersion=${since}&timeoutSeconds=1`;
  const watch = await watching(fixture, `${path}&allowWatchBookmarks=true`);
  const last = await watch.next();
  expect(last?.type).toBe("BOOKMARK");
  expect(last === undefined ? "" : revisionOf(last)).toBe(String(since));
  expect(await watch.next()).toBeUndefined();
  const plain = await watching(fixture, path);
  expect(await plain.next()).toBeUndefined();
});

test("an object that stops matching is told as deleted, one that begins to as added", async () => {
  const fixture = await kubeFixture();
  const { ask } = fixture;
  await ask("POST", configMaps, { metadata: { name: "a", labels: { on: "1" } } });
  const since = await revisionNow(fixture);
  const watch = await watching(
    fixture,
    `${configMaps}?watch=true&resourceVersion=${since}&labelSelector=on%3D1`,
  );
  const relabel = async (on: string | null) =>
    await ask("PATCH", `${configMaps}/a`, { metadata: { labels: { on } } }, how);
  await relabel(null);
  expect(await typesAndNames(watch, 1)).toEqual(["DELETED a"]);
  await relabel("2");
  await relabel("1");
  expect(await typesAndNames(watch, 1)).toEqual(["ADDED a"]);
  await relabel("2");
  expect(await typesAndNames(watch, 1)).toEqual(["DELETED a"]);
  await ask("DELETE", `${configMaps}/a`);
  await ask("POST", configMaps, { metadata: { name: "b", labels: { on: "1" } } });
  expect(await typesAndNames(watch, 1)).toEqual(["ADDED b"]);
  await watch.stop();
});

test("a version that is forgotten is expired, as the first event", async () => {
  const fixture = await kubeFixture();
  const { ask, pass, api } = fixture;
  const since = await revisionNow(fixture);
  await ask("POST", configMaps, configMap("a"));
  pass(10 * 86_400);
  await ask("POST", configMaps, configMap("b"));
  pass(10 * 86_400);
  expect((await api.store.head(api.fleet)).horizon).toBeGreaterThan(since);
  const watch = await watching(fixture, `${configMaps}?watch=true&resourceVersion=${since}`);
  expect(await watch.next()).toMatchObject({
    type: "ERROR",
    object: { kind: "Status", code: 410, reason: "Expired" },
  });
  expect(await watch.next()).toBeUndefined();
});

test("who was cut off within a commit is told all of it again, who was not is not", async () => {
  const fixture = await kubeFixture();
  const { store, fleet } = fixture.api;
  const kind = documentKind("", "configmaps");
  const write = async (...names: readonly string[]) =>
    await store.commit({
      fleet,
      writes: names.map((name) => ({
        kind: "create" as const,
        key: keyOf(kind, fleet, name, "shop"),
        body: { metadata: {} },
      })),
    });
  await write("a", "b");
  const both = await revisionNow(fixture);
  const cut = await watching(fixture, `${configMaps}?watch=true&resourceVersion=${both}`);
  expect(await typesAndNames(cut, 2)).toEqual(["ADDED a", "ADDED b"]);
  await cut.stop();
  await write("c");
  const one = await revisionNow(fixture);
  const whole = await watching(fixture, `${configMaps}?watch=true&resourceVersion=${one}`);
  await write("d");
  expect(await typesAndNames(whole, 1)).toEqual(["ADDED d"]);
  await whole.stop();
});

test("a table is watched row by row, with its columns once", async () => {
  const fixture = await kubeFixture();
  const accept = "application/json;as=Table;v=v1;g=meta.k8s.io";
  const watch = await watching(fixture, `${configMaps}?watch=true`, accept);
  await fixture.ask("POST", configMaps, configMap("a", { x: "1" }));
  await fixture.ask("PATCH", `${configMaps}/a`, { data: { y: "1" } }, how);
  const events = [];
  while (at(events.at(-1)?.object, "rows") === undefined || events.length < 1) {
    const event = await watch.next();
    if (event !== undefined) events.push(event);
  }
  expect(events[0]).toMatchObject({
    type: "ADDED",
    object: {
      kind: "Table",
      columnDefinitions: [{ name: "Name" }, { name: "Data" }, { name: "Age" }],
    },
  });
  await fixture.ask("DELETE", `${configMaps}/a`);
  let last = events.at(-1);
  while (last?.type !== "DELETED") last = await watch.next();
  expect(last.object).toMatchObject({
    columnDefinitions: [],
    rows: [{ object: { metadata: { name: "a" } } }],
  });
  await watch.stop();
});

test("a watch of one object by its path is a watch", async () => {
  const fixture = await kubeFixture();
  await fixture.ask("POST", configMaps, configMap("a"));
  await fixture.ask("POST", configMaps, configMap("b"));
  const watch = await watching(fixture, `${configMaps}?watch=1&fieldSelector=metadata.name%3Db`);
  expect(await typesAndNames(watch, 1)).toEqual(["ADDED b"]);
  await fixture.ask("DELETE", `${configMaps}/a`);
  await fixture.ask("DELETE", `${configMaps}/b`);
  expect(await typesAndNames(watch, 1)).toEqual(["DELETED b"]);
  await watch.stop();
});

test("who watches in a namespace that is deleted is told of all that goes, and of what comes anew", async () => {
  const fixture = await kubeFixture();
  const { ask, api } = fixture;
  for (const name of ["a", "b"]) await ask("POST", configMaps, configMap(name));
  const since = await revisionNow(fixture);
  const watch = await watching(fixture, `${configMaps}?watch=true&resourceVersion=${since}`);
  await ask("DELETE", "/api/v1/namespaces/shop");
  await emptyNamespace(api, "shop");
  expect((await typesAndNames(watch, 2)).sort()).toEqual(["DELETED a", "DELETED b"]);
  await ask("POST", "/api/v1/namespaces", { metadata: { name: "shop" } });
  await ask("POST", configMaps, configMap("a"));
  expect(await typesAndNames(watch, 1)).toEqual(["ADDED a"]);
  await watch.stop();
});
