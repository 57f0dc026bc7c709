import { expect, test } from "vitest";
import { memoryStore } from "../../../infra/local/memory-store/memory-store.ts";
import { at } from "../../../shared/kube/json.ts";
import { collectGarbage } from "../../../shared/kube/upkeep/collect-garbage.ts";
import { emptyNamespace } from "../../../shared/kube/upkeep/empty-namespace.ts";
import { ensureNamespaces } from "../../../shared/kube/upkeep/ensure-namespaces.ts";
import type { Document } from "../../../shared/lib/document.ts";
import { FleetError } from "../../../shared/lib/fleet-error.ts";
import type { Instant } from "../../../shared/lib/instant.ts";
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
  }));
}

async function makeOwned({ ask }: KubeFixture, name: string, owners: readonly JsonObject[]) {
  const metadata = { name, ownerReferences: ownedBy(...owners) };
  return (await ask("POST", configMaps, { metadata })).body;
}

/** What was deleted last, as a change tells it. */
async function tombstone({ api }: KubeFixture): Promise<Document<KubeBody>> {
  const changes = await api.store.changes(api.fleet, 0);
  if (changes.kind !== "changes") throw new Error("the log is not that old");
  const gone = changes.documents.findLast(({ deletedAt }) => deletedAt !== undefined);
  if (gone === undefined) throw new Error("nothing was deleted");
  return gone as Document<KubeBody>;
}

test("dependents go with their only owner, and lose one of two", async () => {
  const fixture = await kubeFixture();
  const { ask, api } = fixture;
  const one = (await ask("POST", configMaps, configMap("one"))).body;
  const two = (await ask("POST", configMaps, configMap("two"))).body;
  await makeOwned(fixture, "of-one", [one]);
  await makeOwned(fixture, "of-both", [one, two]);
  await ask("DELETE", `${configMaps}/one`);
  expect(await collectGarbage(api, await tombstone(fixture))).toBe("done");
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
  await collectGarbage(api, await tombstone(fixture));
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
  expect(await collectGarbage(api, held)).toBe("waiting");
  await ask("PATCH", `${configMaps}/held`, { metadata: { finalizers: null } }, how);
  expect(await collectGarbage(api, held)).toBe("done");
  expect(await owner()).toBeUndefined();
});

test("without somebody who collects, no policy makes an object wait", async () => {
  const { ask } = await kubeFixture();
  await ask("POST", configMaps, configMap("a"));
  const { body } = await ask("DELETE", `${configMaps}/a?propagationPolicy=Foreground`);
  expect(body["status"]).toBe("Success");
});

test("an API that keeps itself up empties namespaces and deletes dependents at once", async () => {
  const fixture = await kubeFixture({ upkeep: "inline" });
  const { ask } = fixture;
  const one = (await ask("POST", configMaps, configMap("one"))).body;
  const two = await makeOwned(fixture, "two", [one]);
  await makeOwned(fixture, "three", [two]);
  await ask("DELETE", `${configMaps}/one`);
  for (const name of ["two", "three"]) {
    expect((await ask("GET", `${configMaps}/${name}`)).status).toBe(404);
  }
  const four = (await ask("POST", configMaps, configMap("four"))).body;
  await makeOwned(fixture, "five", [four]);
  await ask("DELETE", `${configMaps}/four?propagationPolicy=Foreground`);
  expect((await ask("GET", `${configMaps}/four`)).status).toBe(404);

  const held = { ...widgetOf("w", { size: 1 }), metadata: { name: "w", finalizers: ["x.com/a"] } };
  await ask("POST", widgets, held);
  await ask("POST", configMaps, configMap("left"));
  expect((await ask("DELETE", namespace)).status).toBe(200);
  expect((await ask("GET", `${configMaps}/left`)).status).toBe(404);
  expect((await ask("GET", namespace)).body).toMatchObject({ status: { phase: "Terminating" } });
  await ask("PATCH", `${widgets}/w`, { metadata: { finalizers: null } }, how);
  expect((await ask("GET", namespace)).status).toBe(404);
});

test("a deletion that cannot be carried on is made all the same, and repaired by the next", async () => {
  let isAway = false;
  const store = memoryStore({ clock: { now: () => "2026-11-21T12:00:00.000Z" as Instant } });
  const warnings: string[] = [];
  const fixture = await kubeFixture({
    upkeep: "inline",
    log: { info: () => {}, warn: (message) => warnings.push(message), error: () => {} },
    store: {
      ...store,
      referring: async (ref) => {
        if (isAway) throw new FleetError("Unavailable", "Cannot find documents: busy");
        return await store.referring(ref);
      },
      list: async (query) => {
        if (isAway) throw new FleetError("Unavailable", "Cannot list documents: busy");
        return await store.list(query);
      },
    },
  });
  const { ask } = fixture;
  await ask("POST", configMaps, configMap("a"));
  isAway = true;
  expect((await ask("DELETE", namespace)).status).toBe(200);
  expect(warnings).toHaveLength(1);
  isAway = false;
  expect((await ask("GET", `${configMaps}/a`)).status).toBe(200);
  expect((await ask("DELETE", namespace)).body).toMatchObject({ status: "Success" });
  expect((await ask("GET", namespace)).status).toBe(404);
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
