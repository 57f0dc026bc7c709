import { expect, test } from "vitest";
import { memoryStore } from "../../../infra/local/memory-store/memory-store.ts";
import type { Store } from "../../../shared/effects/store.ts";
import { changesAccess, rbacObjectsCache } from "../../../shared/kube/rbac/rbac-objects.ts";
import type { FleetId } from "../../../shared/lib/document.ts";
import { FleetError } from "../../../shared/lib/fleet-error.ts";
import type { Instant } from "../../../shared/lib/instant.ts";

const fleet = "/fleet" as FleetId;
const kind = "rbac.authorization.k8s.io/clusterroles";

/** A store that counts what it is asked, and fails or waits on demand. */
function watchedStore() {
  const store = memoryStore({ clock: { now: () => "2026-11-21T12:00:00.000Z" as Instant } });
  const state = { heads: 0, lists: 0, isAway: false, gate: Promise.resolve() };
  const reads: Pick<Store, "head" | "list"> = {
    head: async (of) => {
      state.heads += 1;
      if (state.isAway) throw new FleetError("Unavailable", "away", { retryAfterSeconds: 1 });
      return await store.head(of);
    },
    list: async (query) => {
      state.lists += 1;
      const page = await store.list(query);
      await state.gate;
      return page;
    },
  };
  const addRole = async (name: string): Promise<void> => {
    const body = { metadata: {}, rules: [{ verbs: ["get"] }] };
    await store.commit({ fleet, writes: [{ kind: "create", key: { fleet, kind, name }, body }] });
  };
  return { store, reads, state, addRole };
}

function cacheOf(reads: Pick<Store, "head" | "list">) {
  let now = 0;
  const cache = rbacObjectsCache(reads, () => now);
  const names = async () => (await cache.read(fleet)).roles.map(({ name }) => name);
  const pass = (seconds: number): void => {
    now += seconds * 1000;
  };
  return { cache, names, pass };
}

test("what was read is kept for five seconds", async () => {
  const { reads, state, addRole } = watchedStore();
  const { names, pass } = cacheOf(reads);
  await addRole("a");
  expect(await names()).toEqual(["a"]);
  await addRole("b");
  pass(4.9);
  expect(await names()).toEqual(["a"]);
  expect(state).toMatchObject({ heads: 1, lists: 4 });
  pass(0.2);
  expect(await names()).toEqual(["a", "b"]);
  expect(state).toMatchObject({ heads: 2, lists: 8 });
});

test("a fleet in which nothing changed costs one read of its revision", async () => {
  const { reads, state, addRole } = watchedStore();
  const { cache, pass } = cacheOf(reads);
  await addRole("a");
  const before = await cache.read(fleet);
  pass(60);
  expect(await cache.read(fleet)).toBe(before);
  expect(state).toMatchObject({ heads: 2, lists: 4 });
});

test("requests that come together share one look", async () => {
  const { reads, state, addRole } = watchedStore();
  const { cache } = cacheOf(reads);
  await addRole("a");
  const all = await Promise.all(Array.from({ length: 50 }, async () => await cache.read(fleet)));
  expect(new Set(all).size).toBe(1);
  expect(state).toMatchObject({ heads: 1, lists: 4 });
});

test("a write of this process counts from the next request on, also while others still look", async () => {
  const { reads, state, addRole } = watchedStore();
  const { cache, names } = cacheOf(reads);
  await addRole("a");
  let open = (): void => undefined;
  state.gate = new Promise((resolve) => {
    open = resolve;
  });
  const early = names();
  // The lists of the first look are on their way, and know nothing of what comes.
  await new Promise((resolve) => setTimeout(resolve, 5));
  await addRole("b");
  cache.forget(fleet);
  state.gate = Promise.resolve();
  expect(await names()).toEqual(["a", "b"]);
  open();
  expect(await early).toEqual(["a"]);
  expect(await names()).toEqual(["a", "b"]);
});

test("a store that is away gives no answer, not even an old one, and is asked again at once", async () => {
  const { reads, state, addRole } = watchedStore();
  const { cache, names, pass } = cacheOf(reads);
  await addRole("a");
  await cache.read(fleet);
  pass(6);
  state.isAway = true;
  const both = await Promise.allSettled([cache.read(fleet), cache.read(fleet)]);
  for (const each of both) {
    expect(each).toMatchObject({ status: "rejected", reason: { code: "Unavailable" } });
  }
  state.isAway = false;
  expect(await names()).toEqual(["a"]);
});

test("only so many fleets are kept, those that were asked for last", async () => {
  const { reads, state } = watchedStore();
  const { cache } = cacheOf(reads);
  for (let index = 0; index < 201; index++) {
    await cache.read(`/fleet-${index}` as FleetId);
    await cache.read("/fleet-0" as FleetId);
  }
  const before = state.heads;
  await cache.read("/fleet-0" as FleetId);
  await cache.read("/fleet-200" as FleetId);
  expect(state.heads).toBe(before);
  await cache.read("/fleet-1" as FleetId);
  expect(state.heads).toBe(before + 1);
});

test("a policy that is too large is cut, and says so", async () => {
  const { reads, store } = watchedStore();
  const { cache } = cacheOf(reads);
  const rules = [{ verbs: Array.from({ length: 30_000 }, (_, index) => `v${index}`) }];
  for (let index = 0; index < 18; index++) {
    const key = { fleet, kind, name: `r${index}` };
    await store.commit({ fleet, writes: [{ kind: "create", key, body: { metadata: {}, rules } }] });
  }
  const { roles, incomplete } = await cache.read(fleet);
  expect(roles).toHaveLength(16);
  expect(incomplete).toContain("500000 entries of a fleet");
});

test("too many bindings in a namespace are cut there, and take nothing from others", async () => {
  const { reads, store } = watchedStore();
  const { cache } = cacheOf(reads);
  const bindings = "rbac.authorization.k8s.io/rolebindings";
  const subjects = Array.from({ length: 1_000 }, (_, index) => ({
    kind: "User",
    name: `u${index}`,
  }));
  const bind = async (namespace: string, name: string) => {
    const key = { fleet, kind: bindings, namespace, name };
    const body = { metadata: {}, subjects, roleRef: { kind: "Role", name: "a" } };
    await store.commit({ fleet, writes: [{ kind: "create", key, body }] });
  };
  for (let index = 0; index < 70; index++) await bind("greedy", `b${index}`);
  await bind("zeta", "b");
  const { bindings: read, incomplete } = await cache.read(fleet);
  expect(read).toHaveLength(60 + 1);
  expect(incomplete).toBe(
    "only 2000 RBAC objects with 60000 entries of a kind in the namespace " +
      '"greedy" are looked at',
  );
});

test("what holds in all namespaces is read before what fills them", async () => {
  const { reads, store } = watchedStore();
  const slow: typeof reads.list = async (query) => {
    const isOfCluster = query.kind.endsWith("clusterrolebindings");
    if (isOfCluster) await new Promise((resolve) => setTimeout(resolve, 20));
    return await reads.list(query);
  };
  const { cache } = cacheOf({ ...reads, list: slow });
  const rules = [{ resourceNames: Array.from({ length: 29_000 }, (_, index) => `n${index}`) }];
  const create = async (plural: string, name: string, namespace?: string) => {
    const of = `rbac.authorization.k8s.io/${plural}`;
    const key = { fleet, kind: of, name, ...(namespace !== undefined && { namespace }) };
    await store.commit({ fleet, writes: [{ kind: "create", key, body: { metadata: {}, rules } }] });
  };
  for (let index = 0; index < 18; index++) await create("roles", `r${index}`, `ns-${index % 9}`);
  await create("clusterrolebindings", "b");
  expect((await cache.read(fleet)).bindings).toHaveLength(1);
});

test("commits that touch roles or bindings change access, others do not", () => {
  const create = (of: string) =>
    [{ kind: "create", key: { fleet, kind: of, name: "a" }, body: {} }] as const;
  expect(changesAccess(create("rbac.authorization.k8s.io/rolebindings"))).toBe(true);
  expect(changesAccess(create("configmaps"))).toBe(false);
});
