import { expect, test } from "vitest";
import { at } from "../../../shared/kube/json.ts";
import { collectGarbage, type Ended } from "../../../shared/kube/upkeep/collect-garbage.ts";
import { emptyNamespace } from "../../../shared/kube/upkeep/empty-namespace.ts";
import { ensureNamespaces } from "../../../shared/kube/upkeep/ensure-namespaces.ts";
import { ensurePriorityClasses } from "../../../shared/kube/upkeep/ensure-priority-classes.ts";
import type { Document } from "../../../shared/lib/document.ts";
import type { JsonObject, KubeBody } from "../../../shared/lib/kube-object.ts";
import {
  configMap,
  configMaps,
  type KubeFixture,
  kubeFixture,
  mergePatchType,
  widgetOf,
  widgets,
} from "../kube-fixture.ts";

const how = { type: mergePatchType };
const namespace = "/api/v1/namespaces/shop";

test("a namespace is emptied only once it is deleted, and let go once it is empty", async () => {
  const { ask, api } = await kubeFixture();
  await ask("POST", configMaps, configMap("a"));
  await ask("POST", widgets, {
    ...widgetOf("w", { size: 1 }),
    metadata: { name: "w", finalizers: ["x.com/hold"] },
  });
  expect(await emptyNamespace(api, "shop")).toBe("not-deleted");
  expect((await ask("GET", `${configMaps}/a`)).status).toBe(200);
  await ask("DELETE", namespace);
  expect(await emptyNamespace(api, "shop")).toBe("waiting");
  expect((await ask("GET", `${configMaps}/a`)).status).toBe(404);
  expect((await ask("GET", `${widgets}/w`)).body).toMatchObject({
    metadata: { deletionTimestamp: "2026-11-21T12:00:00Z" },
  });
  await ask("PATCH", `${widgets}/w`, { metadata: { finalizers: null } }, how);
  expect(await emptyNamespace(api, "shop")).toBe("gone");
  expect(await emptyNamespace(api, "shop")).toBe("gone");
  expect((await ask("GET", namespace)).status).toBe(404);
});

test("a namespace with finalizers of its own is emptied and waits for them", async () => {
  const { ask, api } = await kubeFixture();
  await ask("PATCH", namespace, { metadata: { finalizers: ["x.com/hold"] } }, how);
  await ask("DELETE", namespace);
  expect(await emptyNamespace(api, "shop")).toBe("waiting");
  const { body } = await ask("GET", namespace);
  expect(at(body, "spec", "finalizers")).toEqual([]);
  await ask("PATCH", namespace, { metadata: { finalizers: null } }, how);
  expect((await ask("GET", namespace)).status).toBe(404);
});

function ownedBy(...owners: readonly JsonObject[]): JsonObject[] {
  return owners.map((owner) => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    name: at(owner, "metadata", "name") ?? "",
    uid: at(owner, "metadata", "uid") ?? "",
    blockOwnerDeletion: true,
  }));
}

async function makeOwned({ ask }: KubeFixture, name: string, owners: readonly JsonObject[]) {
  const metadata = { name, ownerReferences: ownedBy(...owners) };
  return (await ask("POST", configMaps, { metadata })).body;
}

/** What was deleted last, as a change tells it. */
async function lastGone({ api }: KubeFixture): Promise<Ended> {
  const changes = await api.store.changes(api.fleet, 0);
  if (changes.kind !== "changes") throw new Error("the log is not that old");
  const gone = changes.documents.findLast(({ deletedAt }) => deletedAt !== undefined);
  if (gone === undefined) throw new Error("nothing was deleted");
  return { kind: "gone", uid: gone.uid };
}

test("dependents go with their only owner, and lose one of two", async () => {
  const fixture = await kubeFixture();
  const { ask, api } = fixture;
  const one = (await ask("POST", configMaps, configMap("one"))).body;
  const two = (await ask("POST", configMaps, configMap("two"))).body;
  await makeOwned(fixture, "of-one", [one]);
  await makeOwned(fixture, "of-both", [one, two]);
  await ask("DELETE", `${configMaps}/one`);
  expect(await collectGarbage(api, await lastGone(fixture))).toBe("done");
  expect((await ask("GET", `${configMaps}/of-one`)).status).toBe(404);
  const rest = await ask("GET", `${configMaps}/of-both`);
  expect(at(rest.body, "metadata", "ownerReferences")).toMatchObject([{ name: "two" }]);
});

test("a dependent of owners that are all gone goes with the last of them", async () => {
  const fixture = await kubeFixture();
  const { ask, api } = fixture;
  const one = (await ask("POST", configMaps, configMap("one"))).body;
  const two = (await ask("POST", configMaps, configMap("two"))).body;
  await makeOwned(fixture, "of-both", [one, two]);
  await ask("DELETE", `${configMaps}/two`);
  await ask("DELETE", `${configMaps}/one`);
  await collectGarbage(api, await lastGone(fixture));
  expect((await ask("GET", `${configMaps}/of-both`)).status).toBe(404);
});

test("an owner that is deleted in the foreground waits for its dependents", async () => {
  const fixture = await kubeFixture({ collectsGarbage: true });
  const { ask, api } = fixture;
  const one = (await ask("POST", configMaps, configMap("one"))).body;
  const metadata = { name: "held", finalizers: ["x.com/hold"], ownerReferences: ownedBy(one) };
  await ask("POST", configMaps, { metadata });
  await ask("DELETE", `${configMaps}/one?propagationPolicy=Foreground`);
  const kind = api.kinds.find("", "configmaps");
  const owner = async () =>
    (await api.store.read({
      fleet: api.fleet,
      kind: kind?.documents ?? "",
      namespace: "shop",
      name: "one",
    })) as Document<KubeBody> | undefined;
  const held = await owner();
  if (held === undefined) throw new Error("the owner waits");
  expect(await collectGarbage(api, { kind: "waiting", document: held })).toBe("waiting");
  await ask("PATCH", `${configMaps}/held`, { metadata: { finalizers: null } }, how);
  expect(await collectGarbage(api, { kind: "waiting", document: held })).toBe("done");
  expect(await owner()).toBeUndefined();
});

test("without somebody who collects, no policy makes an object wait", async () => {
  const { ask } = await kubeFixture();
  await ask("POST", configMaps, configMap("a"));
  const { body } = await ask("DELETE", `${configMaps}/a?propagationPolicy=Foreground`);
  expect(body["status"]).toBe("Success");
});

test("namespaces that are there from the start are made once, by whoever comes first", async () => {
  const { ask, api } = await kubeFixture();
  const names = ["default", "kube-system"];
  await Promise.all([ensureNamespaces(api, names), ensureNamespaces(api, names)]);
  const { revision } = await api.store.head(api.fleet);
  await ensureNamespaces(api, names);
  expect((await api.store.head(api.fleet)).revision).toBe(revision);
  const { body } = await ask("GET", "/api/v1/namespaces/kube-system");
  expect(body).toMatchObject({ status: { phase: "Active" }, spec: { finalizers: ["kubernetes"] } });
});

test("priority classes of Kubernetes are made where they are missing", async () => {
  const { ask, api } = await kubeFixture();
  const path = "/apis/scheduling.k8s.io/v1/priorityclasses";
  await Promise.all([ensurePriorityClasses(api), ensurePriorityClasses(api)]);
  await ask("DELETE", `${path}/system-node-critical`);
  await ensurePriorityClasses(api);
  const { body } = await ask("GET", path);
  expect(body["items"]).toMatchObject([
    { metadata: { name: "system-cluster-critical" }, value: 2_000_000_000 },
    { metadata: { name: "system-node-critical" }, value: 2_000_001_000 },
  ]);
  // They are what a client may write, too.
  const { revision } = await api.store.head(api.fleet);
  for (const item of body["items"] as readonly JsonObject[]) {
    const name = String(at(item, "metadata", "name"));
    expect((await ask("PUT", `${path}/${name}`, item)).status).toBe(200);
  }
  expect((await api.store.head(api.fleet)).revision).toBe(revision);
});
