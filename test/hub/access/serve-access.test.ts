import { expect, test } from "vitest";
import type { Store } from "../../../shared/effects/store.ts";
import { serveHub } from "../../../shared/hub/serve.ts";
import { FleetError } from "../../../shared/lib/fleet-error.ts";
import { hubInMemory } from "../hub-in-memory.ts";

const eve = { objectId: "e-1", name: "eve@contoso.com", roles: [], groups: ["eves"] };
const toEve = {
  metadata: { name: "eve" },
  roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" },
  subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: "eves" }],
};
const definition = {
  metadata: { name: "widgets.example.com" },
  spec: {
    group: "example.com",
    names: { plural: "widgets", singular: "widget", kind: "Widget", listKind: "WidgetList" },
    scope: "Namespaced",
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: "object" } },
      },
    ],
  },
};
const rbac = "/apis/rbac.authorization.k8s.io/v1";
const maps = "/api/v1/namespaces/default/configmaps";

/** A store that counts reads and queries, and fails on demand. */
function countingStore() {
  const state = { calls: [] as string[], isAway: false };
  const around = (store: Store): Store => {
    const counted =
      <Asked extends unknown[], Answer>(name: string, call: (...asked: Asked) => Promise<Answer>) =>
      async (...asked: Asked): Promise<Answer> => {
        state.calls.push(name);
        if (state.isAway) throw new FleetError("Unavailable", "away", { retryAfterSeconds: 2 });
        return await call(...asked);
      };
    return {
      ...store,
      read: counted("read", async (key) => await store.read(key)) as Store["read"],
      list: counted("list", async (query) => await store.list(query)) as Store["list"],
      head: counted("head", async (fleet) => await store.head(fleet)),
    };
  };
  return { state, around };
}

test.each([
  ["GET", "/api"],
  ["GET", "/apis"],
  ["GET", "/apis/example.com/v1"],
  ["GET", "/openapi/v3"],
  ["GET", "/version"],
  ["GET", maps],
  ["GET", "/api/v1/namespaces"],
  ["GET", "/api/v1/namespaces/default"],
  ["GET", "/apis/example.com/v1/namespaces/default/widgets"],
  ["POST", maps],
  ["GET", "/metrics"],
])("a stranger cannot tell a fleet from none by %s %s", async (method, path) => {
  const hub = await hubInMemory();
  await hub.ask("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", definition);
  hub.as(eve);
  const there = await hub.ask(method, path, method === "POST" ? {} : undefined);
  const missing = await serveHub(
    new Request(`https://fleet.contoso.com${hub.fleet}-no/hub${path}`, {
      method,
      ...(method === "POST" && { body: "{}", headers: { "content-type": "application/json" } }),
    }),
    hub.effects,
  );
  expect(missing.status).toBe(there.status);
  const text = await missing.text();
  const shown: unknown = text.startsWith("{") ? JSON.parse(text) : { text };
  expect(withoutUrls(shown)).toEqual(withoutUrls(there.body));
});

/** Where the fleet is, the client has said itself. */
const withoutUrls = (body: unknown): string =>
  JSON.stringify(body).replaceAll(/\/subscriptions\/[^"?]*\/hub\//gi, "/hub/");

test("who has an app role learns that a fleet is not there", async () => {
  const hub = await hubInMemory();
  const request = new Request(`https://fleet.contoso.com${hub.fleet}-no/hub${maps}`);
  expect((await serveHub(request, hub.effects)).status).toBe(404);
});

test("who is bound sees what the fleet serves, also what its users define", async () => {
  const hub = await hubInMemory();
  await hub.ask("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", definition);
  expect((await hub.ask("POST", `${rbac}/namespaces/default/rolebindings`, toEve)).status).toBe(
    201,
  );
  hub.as(eve);
  expect((await hub.ask("GET", "/apis/example.com/v1")).status).toBe(200);
  expect((await hub.ask("GET", maps)).status).toBe(200);
  expect((await hub.ask("GET", "/api/v1/namespaces/default/secrets")).status).toBe(403);
});

test("a store that is away answers 503 and lets nobody in", async () => {
  const { state, around } = countingStore();
  const hub = await hubInMemory(around);
  await hub.ask("POST", `${rbac}/namespaces/default/rolebindings`, toEve);
  hub.as(eve);
  expect((await hub.ask("GET", maps)).status).toBe(200);
  state.isAway = true;
  const answer = await hub.ask("GET", `${maps}/a`);
  expect(answer.body).toMatchObject({ code: 503, reason: "ServiceUnavailable" });
  expect(answer.headers.get("retry-after")).toBe("2");
});

test.each<[name: string, caller: object]>([
  ["an app role", {}],
  ["a binding", eve],
])("a get of one who has %s costs one read", async (_name, caller) => {
  const { state, around } = countingStore();
  const hub = await hubInMemory(around);
  await hub.ask("POST", maps, { metadata: { name: "a" } });
  await hub.ask("POST", `${rbac}/namespaces/default/rolebindings`, toEve);
  hub.as(caller);
  await hub.ask("GET", `${maps}/a`);
  state.calls.length = 0;
  for (let each = 0; each < 5; each++) {
    expect((await hub.ask("GET", `${maps}/a`)).status).toBe(200);
  }
  expect(state.calls).toEqual(["read", "read", "read", "read", "read"]);
});

test("kubectl's whoami and can-i work for a stranger and tell nothing", async () => {
  const hub = await hubInMemory();
  hub.as(eve);
  const me = await hub.ask("POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews", {});
  expect(me.body["status"]).toEqual({
    userInfo: {
      username: "eve@contoso.com",
      uid: "e-1",
      groups: ["eves", "system:authenticated"],
    },
  });
  const may = await hub.ask("POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", {
    spec: { resourceAttributes: { verb: "list", resource: "pods", namespace: "default" } },
  });
  expect(may.body["status"]).toMatchObject({ allowed: false });
});
