import { expect, test } from "vitest";
import { memoryStore } from "../../../infra/local/memory-store/memory-store.ts";
import type { Store } from "../../../shared/effects/store.ts";
import { at } from "../../../shared/kube/json.ts";
import { FleetError } from "../../../shared/lib/fleet-error.ts";
import type { Instant } from "../../../shared/lib/instant.ts";
import { configMap, configMaps, kubeFixture, mergePatchType } from "../kube-fixture.ts";

const how = { type: mergePatchType };
const clock = { now: () => "2026-11-21T12:00:00.000Z" as Instant };

/** A store that is overtaken, or fails, on the commits that it is told to. */
function troubledStore(trouble: (commits: number) => "lose" | "fail" | "go"): Store {
  const store = memoryStore({ clock });
  let commits = 0;
  return {
    ...store,
    commit: async (commit) => {
      switch (trouble(commits++)) {
        case "lose":
          return { kind: "changed-meanwhile" };
        case "fail":
          throw new FleetError("Unavailable", "Cannot commit: busy", { retryAfterSeconds: 3 });
        case "go":
          return await store.commit(commit);
      }
    },
  };
}

test("a patch that others overtake is made again", async () => {
  const { ask } = await kubeFixture({
    store: troubledStore((n) => (n > 2 && n < 6 ? "lose" : "go")),
  });
  await ask("POST", configMaps, configMap("a", { n: "0" }));
  const { status, body } = await ask("PATCH", `${configMaps}/a`, { data: { n: "1" } }, how);
  expect(status).toBe(200);
  expect(body["data"]).toEqual({ n: "1" });
});

test("a patch that others overtake again and again is a conflict in the end", async () => {
  const { ask } = await kubeFixture({ store: troubledStore((n) => (n > 2 ? "lose" : "go")) });
  await ask("POST", configMaps, configMap("a", { n: "0" }));
  const { body } = await ask("PATCH", `${configMaps}/a`, { data: { n: "1" } }, how);
  expect(body).toMatchObject({ code: 409, reason: "Conflict" });
});

test("a store that is busy is told with the time to come back", async () => {
  const { ask } = await kubeFixture({ store: troubledStore((n) => (n > 1 ? "fail" : "go")) });
  const { status, body, headers } = await ask("POST", configMaps, configMap("a"));
  expect(status).toBe(503);
  expect(body).toMatchObject({ reason: "ServiceUnavailable", details: { retryAfterSeconds: 3 } });
  expect(headers.get("retry-after")).toBe("3");
});

test("an error that nobody foresaw tells the client nothing and the log everything", async () => {
  const told: string[] = [];
  const log = {
    info: () => {},
    warn: () => {},
    error: (_: string, more?: object) => told.push(JSON.stringify(more)),
  };
  const store = memoryStore({ clock });
  const broken: Store = {
    ...store,
    read: async () => {
      throw new TypeError("secret detail");
    },
  };
  const { ask } = await kubeFixture({ store: broken, log });
  const { body } = await ask("GET", `${configMaps}/a`);
  expect(body).toMatchObject({
    code: 500,
    reason: "InternalError",
    message: "Internal error occurred",
  });
  expect(told.join()).toContain("secret detail");
});

test("of two creates of one name at once, one wins and one is told", async () => {
  const { ask } = await kubeFixture();
  const answers = await Promise.all([1, 2].map(() => ask("POST", configMaps, configMap("a"))));
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
});

test("patches of one object at once all arrive", async () => {
  const { ask } = await kubeFixture();
  await ask("POST", configMaps, configMap("a"));
  const answers = await Promise.all(
    ["b", "c", "d"].map((name) => ask("PATCH", `${configMaps}/a`, { data: { [name]: "1" } }, how)),
  );
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect((await ask("GET", `${configMaps}/a`)).body["data"]).toEqual({ b: "1", c: "1", d: "1" });
});

test("nothing is created in a namespace while its deletion begins", async () => {
  for (let round = 0; round < 10; round++) {
    const { ask } = await kubeFixture();
    const answers = await Promise.all([
      ask("DELETE", "/api/v1/namespaces/shop"),
      ...Array.from({ length: 5 }, (_, i) => ask("POST", configMaps, configMap(`c${i}`))),
    ]);
    const namespace = await ask("GET", "/api/v1/namespaces/shop");
    const marked = Number(at(namespace.body, "metadata", "resourceVersion"));
    const items = (await ask("GET", configMaps)).body["items"] as object[];
    const created = items.map((item) => Number(at(item as never, "metadata", "resourceVersion")));
    expect(created.filter((revision) => revision > marked)).toEqual([]);
    for (const { status } of answers) expect([200, 201, 403]).toContain(status);
  }
});
