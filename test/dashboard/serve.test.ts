import { expect, test } from "vitest";
import { memoryStore } from "../../infra/local/memory-store/memory-store.ts";
import { serveDashboard } from "../../shared/dashboard/serve.ts";
import type { Effects } from "../../shared/effects/effects.ts";
import { FleetError } from "../../shared/lib/fleet-error.ts";
import { fleetDocument, fleetId, memberDocument, noon } from "../builders.ts";

async function dashboard(path: string, roles?: readonly string[]): Promise<Response> {
  const store = memoryStore({ clock: { now: () => noon } });
  const writes = [fleetDocument(), memberDocument("aks-1")].map(({ key, body }) => {
    return { kind: "create", key, body } as const;
  });
  await store.commit({ fleet: fleetId, writes });
  const callers = {
    identify: async () => {
      if (roles === undefined) throw new FleetError("Unauthenticated", "Cannot identify caller");
      return { objectId: "o", name: "ann", groups: [], roles, kind: "user" };
    },
  };
  const effects = { store, callers } as unknown as Effects;
  return await serveDashboard(new Request(`https://fleet.contoso.com${path}`), effects);
}

test("the page holds no data, so anyone may load it, and it runs nothing from elsewhere", async () => {
  const response = await dashboard("/dashboard");
  expect(response.status).toBe(200);
  expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
  expect(await response.text()).not.toContain("aks-1");
});

test.each([
  ["nobody", undefined, 401],
  ["a caller without a role", [], 403],
])("%s gets no fleets", async (_name, roles, status) => {
  const response = await dashboard("/dashboard/fleets", roles);
  expect(response.status).toBe(status);
  expect(await response.text()).not.toContain("aks-1");
});

test("a reader sees each fleet with its members", async () => {
  const response = await dashboard("/dashboard/fleets", ["Hubless.Reader"]);
  expect(await response.json()).toMatchObject({
    fleets: [{ name: "fleet-1", members: [{ name: "aks-1", health: "unknown" }] }],
  });
});
