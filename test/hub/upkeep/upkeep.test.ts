import { describe, expect, test } from "vitest";
import type { Store } from "../../../shared/effects/store.ts";
import { at } from "../../../shared/kube/json.ts";
import { FleetError } from "../../../shared/lib/fleet-error.ts";
import type { Json, JsonObject } from "../../../shared/lib/kube-object.ts";
import { type HubInMemory, hubInMemory } from "../hub-in-memory.ts";

const namespaces = "/api/v1/namespaces";
const configMaps = `${namespaces}/shop/configmaps`;

const named = (name: string, more: object = {}) => ({ metadata: { name, ...more } });

async function shop(around?: (store: Store) => Store): Promise<HubInMemory> {
  const hub = await hubInMemory(around);
  expect((await hub.ask("POST", namespaces, named("shop"))).status).toBe(201);
  return hub;
}

async function statusOf({ ask }: HubInMemory, path: string): Promise<number> {
  return (await ask("GET", path)).status;
}

/** Makes a ConfigMap that others own. */
async function make(hub: HubInMemory, name: string, owners: readonly JsonObject[] = []) {
  const ownerReferences = owners.map((owner) => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    name: at(owner, "metadata", "name") as Json,
    uid: at(owner, "metadata", "uid") as Json,
    blockOwnerDeletion: true,
  }));
  const { status, body } = await hub.ask("POST", configMaps, named(name, { ownerReferences }));
  expect(status).toBe(201);
  return body;
}

describe("a namespace that is deleted", () => {
  test("says so at once, and goes with all that is in it", async () => {
    const hub = await shop();
    await make(hub, "a");
    const { body } = await hub.ask("DELETE", `${namespaces}/shop`);
    expect(body).toMatchObject({ status: { phase: "Terminating" } });
    expect(await statusOf(hub, `${configMaps}/a`)).toBe(200);
    await hub.settle();
    expect(await statusOf(hub, `${configMaps}/a`)).toBe(404);
    expect(await statusOf(hub, `${namespaces}/shop`)).toBe(404);
  });

  test.each(["Foreground", "Orphan"])("goes no sooner when it is deleted as %s", async (policy) => {
    const hub = await shop();
    await hub.ask("POST", configMaps, named("held", { finalizers: ["x.com/hold"] }));
    await hub.ask("DELETE", `${namespaces}/shop?propagationPolicy=${policy}`);
    await hub.settle();
    expect(await statusOf(hub, `${namespaces}/shop`)).toBe(200);
    await hub.ask("PATCH", `${configMaps}/held`, { metadata: { finalizers: null } });
    await hub.settle();
    expect(await statusOf(hub, `${configMaps}/held`)).toBe(404);
    expect(await statusOf(hub, `${namespaces}/shop`)).toBe(404);
  });

  test("takes nothing new", async () => {
    const hub = await shop();
    await hub.ask("DELETE", `${namespaces}/shop`);
    const { status, body } = await hub.ask("POST", configMaps, named("late"));
    expect(status).toBe(403);
    expect(body["message"]).toContain("because it is being terminated");
  });

  test("waits for what a finalizer holds, tells so, and goes after it", async () => {
    const hub = await shop();
    await hub.ask("POST", configMaps, named("held", { finalizers: ["x.com/hold"] }));
    await make(hub, "free");
    await hub.ask("DELETE", `${namespaces}/shop`);
    await hub.settle();
    expect(await statusOf(hub, `${configMaps}/free`)).toBe(404);
    const { body } = await hub.ask("GET", `${namespaces}/shop`);
    expect(at(body, "status", "conditions")).toMatchObject([
      {
        type: "NamespaceContentRemaining",
        status: "True",
        reason: "SomeResourcesRemain",
        message: "Some resources are remaining: configmaps. has 1 resource instances",
      },
      {
        type: "NamespaceFinalizersRemaining",
        message:
          "Some content in the namespace has finalizers remaining: x.com/hold in 1 resource " +
          "instances",
      },
    ]);
    await hub.ask("PATCH", `${configMaps}/held`, { metadata: { finalizers: null } });
    await hub.settle();
    expect(await statusOf(hub, `${namespaces}/shop`)).toBe(404);
  });

  test("is looked at again when no change told of it", async () => {
    const hub = await shop();
    await hub.ask("DELETE", `${namespaces}/shop`);
    const { store } = hub.effects;
    hub.pass(301);
    const overdue = await store.overdue(hub.effects.clock.now(), 10);
    expect(overdue).toMatchObject([{ kind: "namespaces", name: "shop" }]);
  });

  test("is emptied by the next look when the store fails in the middle", async () => {
    let failures = 0;
    const hub = await shop((store) => ({
      ...store,
      commit: async (commit) => {
        const deletes = commit.writes.some(({ kind }) => kind === "delete");
        if (deletes && failures++ < 2) throw new FleetError("Unavailable", "Cannot commit: busy");
        return await store.commit(commit);
      },
    }));
    for (const name of ["a", "b", "c"]) await make(hub, name);
    await hub.ask("DELETE", `${namespaces}/shop`);
    await hub.settle();
    expect(failures).toBeGreaterThan(2);
    expect(await statusOf(hub, `${namespaces}/shop`)).toBe(404);
  });
});

describe("what an object owns", () => {
  test("goes with it, generation by generation", async () => {
    const hub = await shop();
    const one = await make(hub, "one");
    const two = await make(hub, "two", [one]);
    await make(hub, "three", [two]);
    await hub.ask("DELETE", `${configMaps}/one`);
    expect(await statusOf(hub, `${configMaps}/two`)).toBe(200);
    await hub.settle();
    expect(await statusOf(hub, `${configMaps}/two`)).toBe(404);
    expect(await statusOf(hub, `${configMaps}/three`)).toBe(404);
  });

  test("goes before it, when it is deleted in the foreground", async () => {
    const hub = await shop();
    const one = await make(hub, "one");
    await make(hub, "two", [one]);
    await hub.ask("DELETE", `${configMaps}/one?propagationPolicy=Foreground`);
    const { body } = await hub.ask("GET", `${configMaps}/one`);
    expect(at(body, "metadata", "finalizers")).toEqual(["foregroundDeletion"]);
    await hub.settle();
    expect(await statusOf(hub, `${configMaps}/one`)).toBe(404);
    expect(await statusOf(hub, `${configMaps}/two`)).toBe(404);
  });

  test("is waited for, when a finalizer holds it", async () => {
    const hub = await shop();
    const one = await make(hub, "one");
    await make(hub, "two", [one]);
    await hub.ask("PATCH", `${configMaps}/two`, { metadata: { finalizers: ["x.com/hold"] } });
    await hub.ask("DELETE", `${configMaps}/one?propagationPolicy=Foreground`);
    await hub.settle();
    expect(await statusOf(hub, `${configMaps}/one`)).toBe(200);
    await hub.ask("PATCH", `${configMaps}/two`, { metadata: { finalizers: null } });
    await hub.settle();
    expect(await statusOf(hub, `${configMaps}/one`)).toBe(404);
  });

  test("stays without it, when it is deleted as an orphan's parent", async () => {
    const hub = await shop();
    const one = await make(hub, "one");
    await make(hub, "two", [one]);
    await hub.ask("DELETE", `${configMaps}/one?propagationPolicy=Orphan`);
    await hub.settle();
    expect(await statusOf(hub, `${configMaps}/one`)).toBe(404);
    const { body } = await hub.ask("GET", `${configMaps}/two`);
    expect(at(body, "metadata", "ownerReferences")).toBeUndefined();
  });

  test("goes when its owner was gone before it came", async () => {
    const hub = await shop();
    const one = await make(hub, "one");
    await hub.ask("DELETE", `${configMaps}/one`);
    await hub.settle();
    await make(hub, "late", [one]);
    await hub.settle();
    expect(await statusOf(hub, `${configMaps}/late`)).toBe(404);
  });

  test("stays when its owner is of a kind that nobody serves", async () => {
    const hub = await shop();
    const stranger = { apiVersion: "x.com/v1", kind: "Thing", name: "t", uid: "u-1" };
    await hub.ask("POST", configMaps, named("kept", { ownerReferences: [stranger] }));
    await hub.settle();
    expect(await statusOf(hub, `${configMaps}/kept`)).toBe(200);
  });
});

test("an object that nobody owns and that owns nothing costs one query when it goes", async () => {
  let referring = 0;
  let lists = 0;
  const hub = await shop((store) => ({
    ...store,
    referring: async (ref) => {
      if (ref.startsWith("owner:")) referring += 1;
      return await store.referring(ref);
    },
    list: async (query) => {
      lists += 1;
      return await store.list(query);
    },
  }));
  await make(hub, "a");
  await hub.settle();
  lists = 0;
  await hub.ask("DELETE", `${configMaps}/a`);
  await hub.settle();
  expect({ referring, lists }).toEqual({ referring: 1, lists: 0 });
});
