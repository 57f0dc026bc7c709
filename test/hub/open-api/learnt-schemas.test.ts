/** What a process makes of what a fleet has learnt. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { simulatedSchemas } from "../../../infra/local/member-cluster/open-api/simulated-schemas.ts";
import { learntSchemas } from "../../../shared/hub/open-api/learnt-schemas.ts";
import type { SchemaSet } from "../../../shared/kube/openapi/schema-set.ts";
import { structuresOf } from "../../../shared/kube/openapi/structure.ts";
import { withLearnt } from "../../../shared/kube/openapi/with-learnt.ts";
import { fleetId } from "../../builders.ts";
import { plainKinds } from "../../kube/openapi/learnt-kinds.ts";
import { type LearningFleet, learningFleet, type Told } from "./learning-fleet.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

const told: Told = Object.fromEntries(
  ["api/v1", "apis/apps/v1"].map((path) => [path, simulatedSchemas().get(path)?.read() ?? {}]),
);

/** A fleet that learnt from "aks-1", and its store with a count of what was asked of it. */
async function learntFleet(): Promise<LearningFleet & { readonly asks: string[] }> {
  const fleet = learningFleet();
  await fleet.put("aks-1", "1.34.1", told);
  await fleet.run(60);
  const asks: string[] = [];
  const store: LearningFleet["store"] = {
    ...fleet.store,
    read: async (key) => {
      asks.push(`read ${key.kind}`);
      return await fleet.store.read(key);
    },
    list: async (query) => {
      asks.push(`list ${query.kind}`);
      return await fleet.store.list(query);
    },
  };
  return { ...fleet, store, asks };
}

const isSet = (set: SchemaSet | undefined): set is SchemaSet => set !== undefined;

test("before any member exists, nothing is learnt and kinds stay as they are", async () => {
  const { store } = learningFleet();
  const learnt = await learntSchemas(store, fleetId);
  expect(learnt.size).toBe(0);
  expect(withLearnt(plainKinds, learnt)).toBe(plainKinds);
});

test("what was learnt is what the member told, and the same kinds are made of it", async () => {
  const { store } = await learntFleet();
  const learnt = await learntSchemas(store, fleetId);
  expect([...learnt.keys()]).toEqual(["api/v1", "apis/apps/v1"]);
  const kinds = withLearnt(plainKinds, learnt);
  expect(withLearnt(plainKinds, learnt)).toBe(kinds);
  const [deployment] = kinds.find("apps", "deployments")?.versions ?? [];
  expect(deployment?.learnt?.structure()?.properties).toHaveProperty("spec");
  expect(kinds.find("batch", "jobs")?.versions[0]?.learnt).toBeUndefined();
  const original = simulatedSchemas().get("apis/apps/v1");
  const names = (set: SchemaSet | undefined) => Object.keys(set?.read() ?? {});
  const kept = names(learnt.get("apis/apps/v1"));
  expect(names(original)).toEqual(expect.arrayContaining(kept));
  expect(kept.length).toBeGreaterThan(100);
});

test("requests share one point read in five seconds, and one query after a change", async () => {
  const fleet = await learntFleet();
  const ask = async () => await learntSchemas(fleet.store, fleetId);
  const [first, ...others] = await Promise.all(Array.from({ length: 20 }, ask));
  expect(others.every((each) => each === first)).toBe(true);
  expect(fleet.asks).toEqual(["read hubless/openapi", "list hubless/openapischemas"]);
  vi.advanceTimersByTime(6_000);
  expect(await ask()).toBe(first);
  expect(fleet.asks.slice(2)).toEqual(["read hubless/openapi"]);
});

test("the daily look that finds nothing new changes no kinds", async () => {
  const fleet = await learntFleet();
  const first = await learntSchemas(fleet.store, fleetId);
  await fleet.run(25 * 3600);
  vi.advanceTimersByTime(6_000);
  expect(fleet.asked).toHaveLength(2);
  expect(await learntSchemas(fleet.store, fleetId)).toBe(first);
});

test("a change is seen within seconds; what did not change is not parsed again", async () => {
  const fleet = await learntFleet();
  const first = await learntSchemas(fleet.store, fleetId);
  const [core, apps] = [first.get("api/v1"), first.get("apis/apps/v1")].filter(isSet);
  await fleet.put("aks-1", "1.35.0", { ...told, "apis/apps/v1": told["api/v1"] ?? {} });
  await fleet.run(60);
  vi.advanceTimersByTime(6_000);
  const second = await learntSchemas(fleet.store, fleetId);
  expect(second.get("api/v1")).toBe(core);
  expect(second.get("apis/apps/v1")).not.toBe(apps);
});

test("fleets that learnt the same share what was parsed", async () => {
  const [one, other] = [await learntFleet(), await learntFleet()];
  const [left, right] = await Promise.all([
    learntSchemas(one.store, fleetId),
    learntSchemas(other.store, fleetId),
  ]);
  const [set, same] = [left.get("api/v1"), right.get("api/v1")].filter(isSet);
  expect(set).toBe(same);
  expect(set && structuresOf(set)).toBe(same && structuresOf(same));
});

test("a store that does not answer takes away nothing that was known", async () => {
  const fleet = await learntFleet();
  const first = await learntSchemas(fleet.store, fleetId);
  vi.advanceTimersByTime(6_000);
  const read = fleet.store.read;
  fleet.store.read = async () => {
    throw new Error("busy");
  };
  expect(await learntSchemas(fleet.store, fleetId)).toBe(first);
  fleet.store.read = read;
});

test("a document that cannot be read leaves its kinds open", async () => {
  const fleet = await learntFleet();
  const { documents } = await fleet.store.list({ fleet: fleetId, kind: "hubless/openapischemas" });
  const document = documents.find(({ key }) => key.name === "apis/apps/v1");
  if (document === undefined) throw new Error("there must be schemas of apps/v1");
  const body = { ...(document.body as object), gzip: "bm8gZ3ppcA==" };
  await fleet.store.commit({ fleet: fleetId, writes: [{ kind: "replace", document, body }] });
  const kinds = withLearnt(plainKinds, await learntSchemas(fleet.store, fleetId));
  const [deployment] = kinds.find("apps", "deployments")?.versions ?? [];
  expect(deployment?.learnt?.structure()).toBeUndefined();
});
