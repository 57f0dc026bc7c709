import { expect, test } from "vitest";
import { at } from "../../../shared/kube/json.ts";
import type { JsonObject } from "../../../shared/lib/kube-object.ts";
import { fc } from "../../chance.ts";
import {
  configMap,
  configMaps,
  type KubeFixture,
  kubeFixture,
  widgetOf,
  widgets,
} from "../kube-fixture.ts";

const tableType = "application/json;as=Table;v=v1;g=meta.k8s.io";
const partialType = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io";

function namesOf(list: JsonObject): readonly string[] {
  return (list["items"] as JsonObject[]).map((item) => String(at(item, "metadata", "name")));
}

async function pages(ask: KubeFixture["ask"], path: string): Promise<readonly JsonObject[]> {
  const all: JsonObject[] = [];
  let token = "";
  do {
    const more = token === "" ? "" : `&continue=${encodeURIComponent(token)}`;
    const { status, body } = await ask("GET", `${path}${more}`);
    expect(status).toBe(200);
    all.push(body);
    token = String(at(body, "metadata", "continue") ?? "");
  } while (token !== "");
  return all;
}

test("pages have each object once, at most so many, and one version", async () => {
  const { ask } = await kubeFixture();
  for (let index = 0; index < 23; index++) await ask("POST", configMaps, configMap(`c${index}`));
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 30 }), async (limit) => {
      const found = await pages(ask, `${configMaps}?limit=${limit}`);
      const names = found.flatMap(namesOf);
      expect(names).toHaveLength(23);
      expect(new Set(names).size).toBe(23);
      for (const page of found) expect(namesOf(page).length).toBeLessThanOrEqual(limit);
      expect(new Set(found.map((page) => at(page, "metadata", "resourceVersion"))).size).toBe(1);
    }),
    { numRuns: 10 },
  );
});

test("pages with a selector have what it selects, be it far between", async () => {
  const { ask } = await kubeFixture();
  for (let index = 0; index < 60; index++) {
    const labels = { pick: index % 20 === 7 ? "yes" : "no" };
    await ask("POST", configMaps, {
      metadata: { name: `c${String(index).padStart(2, "0")}`, labels },
    });
  }
  const found = await pages(ask, `${configMaps}?limit=2&labelSelector=pick%3Dyes`);
  expect(found.flatMap(namesOf)).toEqual(["c07", "c27", "c47"]);
  for (const page of found) expect(namesOf(page).length).toBeLessThanOrEqual(2);
});

test("a page whose first one is forgotten is expired", async () => {
  const { ask, api, pass } = await kubeFixture();
  for (const name of ["a", "b", "c"]) await ask("POST", configMaps, configMap(name));
  const first = await ask("GET", `${configMaps}?limit=1`);
  const token = encodeURIComponent(String(at(first.body, "metadata", "continue")));
  pass(10 * 86_400);
  await ask("POST", configMaps, configMap("d"));
  pass(10 * 86_400);
  expect((await api.store.head(api.fleet)).horizon).toBeGreaterThan(0);
  const next = await ask("GET", `${configMaps}?limit=1&continue=${token}`);
  expect(next.body).toMatchObject({ code: 410, reason: "Expired" });
});

test("a list over all namespaces, of one, or of one name", async () => {
  const { ask } = await kubeFixture();
  for (const namespace of ["default", "shop"]) {
    await ask("POST", `/api/v1/namespaces/${namespace}/configmaps`, configMap("a"));
    await ask("POST", `/api/v1/namespaces/${namespace}/configmaps`, configMap(`b-${namespace}`));
  }
  const names = async (path: string) => namesOf((await ask("GET", path)).body);
  expect(await names("/api/v1/configmaps")).toEqual(["a", "b-default", "a", "b-shop"]);
  expect(await names(configMaps)).toEqual(["a", "b-shop"]);
  expect(await names("/api/v1/configmaps?fieldSelector=metadata.namespace%3Dshop")).toEqual([
    "a",
    "b-shop",
  ]);
  expect(await names("/api/v1/configmaps?fieldSelector=metadata.name%3Db-shop")).toEqual([
    "b-shop",
  ]);
  expect(await names(`${configMaps}?fieldSelector=metadata.name%3Db-shop`)).toEqual(["b-shop"]);
  expect(await names(`${configMaps}?fieldSelector=metadata.name%21%3Da`)).toEqual(["b-shop"]);
  expect(await names(`${configMaps}?fieldSelector=metadata.name%3Dnone`)).toEqual([]);
});

test("a table has the columns of its kind and the metadata of its rows", async () => {
  const { ask } = await kubeFixture();
  await ask("POST", widgets, widgetOf("w", { size: 3 }));
  const { body } = await ask("GET", widgets, undefined, {
    accept: `${tableType},application/json`,
  });
  expect(body).toMatchObject({
    kind: "Table",
    apiVersion: "meta.k8s.io/v1",
    columnDefinitions: [
      { name: "Name", type: "string", format: "name", priority: 0 },
      { name: "Size", type: "integer", priority: 0 },
      { name: "Color", type: "string", priority: 1 },
    ],
    rows: [
      {
        cells: ["w", 3, "red"],
        object: { kind: "PartialObjectMetadata", metadata: { name: "w", namespace: "shop" } },
      },
    ],
  });
  const bare = await ask("GET", `${widgets}/w?includeObject=None`, undefined, {
    accept: tableType,
  });
  expect(bare.body["rows"]).toEqual([{ cells: ["w", 3, "red"] }]);
});

test("metadata alone is given to those who ask for it", async () => {
  const { ask } = await kubeFixture();
  await ask("POST", widgets, widgetOf("w", { size: 3 }));
  const { body } = await ask("GET", widgets, undefined, { accept: partialType });
  expect(body).toMatchObject({
    kind: "PartialObjectMetadataList",
    apiVersion: "meta.k8s.io/v1",
    items: [{ kind: "PartialObjectMetadata", metadata: { name: "w" } }],
  });
  expect((body["items"] as JsonObject[])[0]?.["spec"]).toBeUndefined();
});

test("all versions of a kind show the same objects", async () => {
  const { ask } = await kubeFixture();
  await ask("POST", widgets, widgetOf("w", { size: 3 }));
  const { body } = await ask("GET", "/apis/example.com/v1beta1/namespaces/shop/widgets/w");
  expect(body).toMatchObject({
    apiVersion: "example.com/v1beta1",
    kind: "Widget",
    spec: { size: 3 },
  });
});
