/** Informers of the official client follow the hub through cuts, restarts and lost revisions. */
import {
  CoreV1Api,
  CustomObjectsApi,
  type Informer,
  type KubernetesObject,
  makeInformer,
  type ObjectCache,
  type V1ConfigMap,
} from "@kubernetes/client-node";
import { afterAll, beforeAll, expect, test } from "vitest";
import { endLaptops, type Laptop, startLaptop } from "../../journeys/laptop.ts";
import { apply, configMap, namespace } from "../../journeys/objects.ts";
import { type Wire, wireTo } from "./hub-config.ts";

let laptop: Laptop;
let wire: Wire;
beforeAll(async () => {
  laptop = await startLaptop();
  wire = await wireTo(laptop);
}, 60_000);
afterAll(async () => {
  await wire.close();
  await endLaptops();
});

interface Following {
  readonly informer: Informer<KubernetesObject> & ObjectCache<KubernetesObject>;
  readonly seen: string[];
  /** How often it listed, and what its error callback was told. */
  readonly told: { lists: number; readonly errors: unknown[] };
}

/** An informer that starts again after an error, as its documentation asks for. */
function following<Item extends KubernetesObject>(
  path: string,
  list: () => Promise<{ metadata?: { resourceVersion?: string }; items: Item[] }>,
): Following {
  const told = { lists: 0, errors: [] as unknown[] };
  const seen: string[] = [];
  const informer = makeInformer<Item>(wire.config, path, async () => {
    told.lists += 1;
    return (await list()) as never;
  });
  for (const verb of ["add", "update", "delete"] as const) {
    informer.on(verb, (object: Item) => void seen.push(`${verb} ${object.metadata?.name}`));
  }
  informer.on("error", (error: unknown) => {
    told.errors.push(error);
    setTimeout(() => void informer.start().catch((again: unknown) => told.errors.push(again)), 100);
  });
  return { informer: informer as never, seen, told };
}

const maps = (within: string) => {
  const core = wire.config.makeApiClient(CoreV1Api);
  return following<V1ConfigMap>(
    `/api/v1/namespaces/${within}/configmaps`,
    async () => await core.listNamespacedConfigMap({ namespace: within }),
  );
};

const put = async (within: string, name: string, text = "x") =>
  await apply(laptop.hub, [configMap(within, name, text)]);

test("a typed informer holds hundreds of objects and what changes of them", async () => {
  await apply(laptop.hub, [namespace("many")]);
  const names = Array.from({ length: 300 }, (_, index) => `m-${index}`);
  await Promise.all(names.map(async (name) => await put("many", name)));
  const { informer, seen, told } = maps("many");
  await informer.start();
  expect(informer.list("many")).toHaveLength(names.length);
  await Promise.all(names.slice(0, 100).map(async (name) => await put("many", name, "y")));
  await expect.poll(() => seen.filter((each) => each.startsWith("update")), slow).toHaveLength(100);
  expect(told).toMatchObject({ lists: 1, errors: [] });
  await informer.stop();
}, 60_000);

const slow = { timeout: 20_000, interval: 100 };

test("an informer resumes after a cut, without a gap", async () => {
  await apply(laptop.hub, [namespace("cut")]);
  await put("cut", "first");
  const { informer, seen } = maps("cut");
  await informer.start();
  await expect.poll(() => seen, slow).toEqual(["add first"]);
  for (const name of ["a", "b", "c"]) {
    wire.cut();
    await put("cut", name);
    await expect.poll(() => seen, slow).toContain(`add ${name}`);
  }
  wire.cut();
  await laptop.hub.delete(configMap("cut", "a", "x"));
  await expect.poll(() => seen, slow).toContain("delete a");
  const held = informer.list("cut").map(({ metadata }) => metadata?.name);
  expect(held.toSorted()).toEqual(["b", "c", "first"]);
  await informer.stop();
}, 60_000);

test("an informer goes on when the hub's host crashes and comes back", async () => {
  await apply(laptop.hub, [namespace("crash")]);
  await put("crash", "before");
  const { informer, seen, told } = maps("crash");
  await informer.start();
  await expect.poll(() => seen, slow).toEqual(["add before"]);
  await laptop.cloud.crashHost();
  await put("crash", "after");
  await laptop.hub.delete(configMap("crash", "before", "x"));
  await expect.poll(() => seen, slow).toContain("add after");
  await expect.poll(() => seen, slow).toContain("delete before");
  expect(told.errors.length).toBeLessThan(100);
  expect(informer.list("crash").map(({ metadata }) => metadata?.name)).toEqual(["after"]);
  await informer.stop();
}, 90_000);

test("an informer that was cut off for longer than the hub remembers lists again", async () => {
  await apply(laptop.hub, [namespace("away")]);
  await put("away", "before");
  const { informer, seen, told } = maps("away");
  await informer.start();
  await expect.poll(() => seen, slow).toEqual(["add before"]);
  const end = wire.hold();
  await laptop.hub.delete(configMap("away", "before", "x"));
  for (const name of ["after", "later"]) {
    await laptop.clock.forward(forgottenAfterSeconds);
    await put("away", name);
  }
  expect(told.lists).toBe(1);
  end();
  await expect.poll(() => seen, slow).toContain("delete before");
  await expect.poll(() => seen, slow).toContain("add later");
  // This client lists again after a 410, and after nothing else.
  expect(told.lists).toBe(2);
  expect(informer.list("away").map(({ metadata }) => metadata?.name)).toEqual(["after", "later"]);
  await informer.stop();
}, 90_000);

/** A tombstone's time to live. */
const forgottenAfterSeconds = 86_400;

test("an informer of custom objects follows them", async () => {
  await apply(laptop.hub, [namespace("custom")]);
  const custom = wire.config.makeApiClient(CustomObjectsApi);
  const of = {
    group: "networking.fleet.azure.com",
    version: "v1alpha1",
    namespace: "custom",
    plural: "multiclusterservices",
  };
  const path = `/apis/${of.group}/${of.version}/namespaces/custom/${of.plural}`;
  const { informer, seen } = following(
    path,
    async () => (await custom.listNamespacedCustomObject(of)) as never,
  );
  await informer.start();
  const body = {
    apiVersion: `${of.group}/${of.version}`,
    kind: "MultiClusterService",
    metadata: { name: "web" },
    spec: { serviceImport: { name: "web" } },
  };
  await custom.createNamespacedCustomObject({ ...of, body });
  await expect.poll(() => seen, slow).toContain("add web");
  await custom.deleteNamespacedCustomObject({ ...of, name: "web" });
  await expect.poll(() => seen, slow).toContain("delete web");
  await informer.stop();
}, 60_000);
