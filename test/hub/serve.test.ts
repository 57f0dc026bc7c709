import { expect, test } from "vitest";
import type { Effects } from "../../shared/effects/effects.ts";
import type { Store } from "../../shared/effects/store.ts";
import { serveHub } from "../../shared/hub/serve.ts";
import { FleetError } from "../../shared/lib/fleet-error.ts";
import { hubInMemory } from "./hub-in-memory.ts";

/** A hub whose callers need a token, and all that is asked of its store. */
async function lockedHub() {
  const calls: string[] = [];
  const around = (store: Store): Store =>
    new Proxy(store, {
      get: (target, name: keyof Store) => {
        calls.push(name);
        return target[name];
      },
    });
  const hub = await hubInMemory(around);
  const effects: Effects = {
    ...hub.effects,
    callers: {
      identify: async (authorization) => {
        if (authorization?.startsWith("Bearer ") !== true) {
          throw new FleetError("Unauthenticated", "Cannot identify caller");
        }
        return await hub.effects.callers.identify(authorization);
      },
    },
  };
  calls.length = 0;
  const send = async (path: string, init: RequestInit = {}, fleet: string = hub.fleet) =>
    await serveHub(new Request(`https://fleet.contoso.com${fleet}/hub${path}`, init), effects);
  return { send, calls };
}

test.each(["/healthz", "/livez", "/readyz", "/version", "/readyz?verbose"])(
  "%s needs no token and no store, and does not tell whether there is a fleet",
  async (path) => {
    const { send, calls } = await lockedHub();
    const there = await send(path);
    const fleet = "/subscriptions/s/resourceGroups/r/providers/p/fleets/none";
    const missing = await send(path, {}, fleet);
    expect([there.status, missing.status]).toEqual([200, 200]);
    expect(await there.text()).toBe(await missing.text());
    expect(calls).toEqual([]);
  },
);

test.each([
  ["GET", "/"],
  ["GET", "/api"],
  ["GET", "/apis"],
  ["GET", "/apis/apps/v1"],
  ["GET", "/api/v1/namespaces"],
  ["GET", "/openapi/v2"],
  ["GET", "/openapi/v3"],
  ["GET", "/metrics"],
  ["GET", "/livez/ping"],
  ["GET", "/healthz/../api"],
  ["GET", "/%2e%2e/hub/api"],
  ["POST", "/healthz"],
  ["PUT", "/version"],
  ["POST", "/apis/authentication.k8s.io/v1/tokenreviews"],
  ["POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews"],
])("without a token %s %s is 401 before anything is read", async (method, path) => {
  const { send, calls } = await lockedHub();
  const response = await send(path, { method });
  expect(response.status).toBe(401);
  expect(calls).toEqual([]);
});

test("a person reads the refusal in lines", async () => {
  const { send } = await lockedHub();
  const response = await send("/api", { headers: { "user-agent": "curl/8.5.0" } });
  expect(await response.text()).toMatch(/^\{\n {2}"kind": "Status",\n/);
});

test.each(["", "Basic YTpi", "bad"])(
  "a token that is none (%j) does not make its sender unknown",
  async (authorization) => {
    const { send } = await lockedHub();
    expect((await send("/healthz", { headers: { authorization } })).status).toBe(401);
  },
);

test("every answer has an id, also a refusal", async () => {
  const { send } = await lockedHub();
  const authorization = "Bearer t";
  for (const [path, headers] of [
    ["/api", {}],
    ["/healthz", {}],
    ["/api", { authorization }],
    ["/api/v1/namespaces?timeout=never", { authorization }],
  ] as const) {
    const own = await send(path, { headers: { ...headers, "audit-id": "mine" } });
    expect(own.headers.get("audit-id")).toBe("mine");
    expect((await send(path, { headers })).headers.get("audit-id")).toMatch(/^[0-9a-f-]{36}$/);
  }
});

async function namespacesOf(hub: Awaited<ReturnType<typeof hubInMemory>>) {
  const { body } = await hub.ask("GET", "/api/v1/namespaces");
  const items = body["items"] as readonly { metadata: { name: string; uid: string } }[];
  return new Map(items.map(({ metadata }) => [metadata.name, metadata.uid]));
}

test("each hub has the namespaces of a cluster, and an id of its own that stays", async () => {
  const [one, other] = [await hubInMemory(), await hubInMemory()];
  const [first, second] = [await namespacesOf(one), await namespacesOf(other)];
  expect([...first.keys()]).toEqual(["default", "kube-node-lease", "kube-public", "kube-system"]);
  expect(first.get("kube-system")).not.toBe(second.get("kube-system"));
  one.pass(3600);
  expect(await namespacesOf(one)).toEqual(first);
  const gone = await one.ask("DELETE", "/api/v1/namespaces/kube-system");
  expect(gone.body).toMatchObject({ code: 403, reason: "Forbidden" });
});
