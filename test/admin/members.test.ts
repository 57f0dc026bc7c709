import { beforeEach, expect, test } from "vitest";
import { type Member, memberKind } from "../../shared/fleet/model.ts";
import { keyOf } from "../../shared/lib/document.ts";
import { clusterArmId, fleetArmId, fleetId } from "../builders.ts";
import {
  type AdminWorld,
  adminWorld,
  type CallOptions,
  createFleet,
  fleetBody,
  joinMember,
  letGo,
  memberBody,
} from "./admin-world.ts";

let world: AdminWorld;
beforeEach(async () => {
  world = adminWorld();
  await createFleet(world);
});

const put = async (name: string, body: unknown, more: CallOptions = {}) =>
  await world.call("PUT", `members/${name}`, { body, ...more });

async function stored(name: string): Promise<Member> {
  const document = await world.store.read(keyOf(memberKind, fleetId, name));
  if (document === undefined) throw new Error(`${name} is no member`);
  return document.body;
}

const codeOf = (called: { body: { readonly [name: string]: unknown } }) =>
  (called.body["error"] as { code: string } | undefined)?.code;

test("a member is created joining, and is joined once it was looked at", async () => {
  const made = await put("aks-1", memberBody("aks-1", { group: "canary" }));
  expect(made.status).toBe(201);
  expect(made.body).toMatchObject({
    id: `${fleetArmId}/members/aks-1`,
    name: "aks-1",
    type: "Microsoft.ContainerService/fleets/members",
    properties: {
      clusterResourceId: clusterArmId("aks-1"),
      group: "canary",
      provisioningState: "Joining",
    },
    systemData: { createdBy: "admin@contoso.com", createdByType: "User" },
  });
  await joinMember(world, "aks-1");
  const { body } = await world.call("GET", "members/AKS-1");
  expect(body).toMatchObject({ properties: { provisioningState: "Succeeded" } });
  expect((await stored("aks-1")).arm.joinedBy).toBe("api");
});

test.each([
  ["aks", "InvalidParameter"],
  [clusterArmId("aks-1").replace("managedClusters", "other"), "InvalidParameter"],
  [`${clusterArmId("aks-1")}/agentPools/np1`, "InvalidParameter"],
  [clusterArmId("nobody"), "InvalidParameter"],
])("the cluster %j cannot join", async (clusterResourceId, code) => {
  const made = await put("m", { properties: { clusterResourceId } });
  expect([made.status, codeOf(made)]).toEqual([400, code]);
  expect(made.body["error"]).toMatchObject({ target: "properties.clusterResourceId" });
});

test.each([
  [{ properties: {} }, "properties.clusterResourceId"],
  [memberBody("aks-1", { group: "Not Good" }), "properties.group"],
  [memberBody("aks-1", { labels: { a: "not good" } }), "properties.labels.a"],
  [memberBody("aks-1", { labels: "x" }), "properties.labels"],
])("the member %j is refused, naming %s", async (body, target) => {
  const made = await put("m", body);
  expect(made.status).toBe(400);
  expect(made.body["error"]).toMatchObject({ target });
});

test("a cluster is in one fleet, once, in any case of its id", async () => {
  await put("aks-1", memberBody("aks-1"));
  const twice = await put("again", memberBody("AKS-1"));
  expect([twice.status, codeOf(twice)]).toEqual([409, "ClusterAlreadyJoinedFleet"]);
  const other = fleetArmId.replace("fleet-1", "fleet-2");
  await world.call("PUT", other, { body: fleetBody });
  const elsewhere = await world.call("PUT", `${other}/members/aks-1`, {
    body: memberBody("aks-1"),
  });
  expect([elsewhere.status, codeOf(elsewhere)]).toEqual([409, "ClusterAlreadyJoinedAnotherFleet"]);
});

test("of two who join one cluster at once, one succeeds", async () => {
  const both = await Promise.all([
    put("one", memberBody("aks-1")),
    put("two", memberBody("aks-1")),
  ]);
  expect(both.map(({ status }) => status).toSorted()).toEqual([201, 409]);
});

test("a member keeps its cluster", async () => {
  await put("aks-1", memberBody("aks-1"));
  const changed = await put("aks-1", memberBody("aks-2"));
  expect([changed.status, codeOf(changed)]).toEqual([400, "PropertyChangeNotAllowed"]);
  expect((await put("aks-1", memberBody("AKS-1"))).status).toBe(200);
});

test("PUT by a client that knows no labels keeps them, by another it replaces them", async () => {
  const newer = { apiVersion: "2026-06-01" };
  await put("aks-1", memberBody("aks-1", { labels: { tier: "gold" } }), newer);
  await put("aks-1", memberBody("aks-1", { group: "prod" }), { apiVersion: "2025-03-01" });
  const kept = await world.call("GET", "members/aks-1", newer);
  expect(kept.body["properties"]).toMatchObject({ group: "prod", labels: { tier: "gold" } });
  await put("aks-1", memberBody("aks-1"), newer);
  const gone = await world.call("GET", "members/aks-1", newer);
  expect(gone.body["properties"]).not.toHaveProperty("labels");
  expect(gone.body["properties"]).not.toHaveProperty("group");
});

test("PATCH changes what it names, and what follows from the cluster stays", async () => {
  await put("aks-1", memberBody("aks-1", { labels: { tier: "gold", env: "mine" } }));
  const document = await world.store.read(keyOf(memberKind, fleetId, "aks-1"));
  if (document === undefined) throw new Error("no member");
  const { body } = document;
  const seen: Member = {
    ...body,
    metadata: {
      ...body.metadata,
      labels: { env: "mine", tier: "gold", region: "eastus", own: "1" },
    },
    arm: {
      ...body.arm,
      clusterLabels: { env: "cluster", region: "eastus" },
      clusterGroup: "tagged",
    },
  };
  await world.store.commit({
    fleet: fleetId,
    writes: [{ kind: "replace", document, body: seen }],
  });
  const labels = { tier: "silver" };
  const patched = await world.call("PATCH", "members/aks-1", { body: { properties: { labels } } });
  expect(patched.body["properties"]).toMatchObject({ group: "tagged", labels });
  expect((await stored("aks-1")).metadata.labels).toEqual({
    env: "cluster",
    region: "eastus",
    own: "1",
    tier: "silver",
  });
});

test("a member that is deleted leaves: 202 until it is gone, then 204", async () => {
  await put("aks-1", memberBody("aks-1"));
  const left = await world.call("DELETE", "members/aks-1");
  expect(left.status).toBe(202);
  expect(left.body["properties"]).toMatchObject({ provisioningState: "Leaving" });
  const location = new URL(left.headers.get("location") ?? "");
  const poll = async () =>
    await world.call("GET", `${location.pathname}${location.search}`, { apiVersion: "" });
  const waiting = await poll();
  expect([waiting.status, waiting.headers.get("location")]).toEqual([202, location.href]);
  expect((await put("aks-1", memberBody("aks-1"))).status).toBe(409);
  expect((await world.call("DELETE", "members/aks-1")).status).toBe(202);
  await letGo(world, "aks-1");
  expect((await poll()).status).toBe(204);
  await put("aks-1", memberBody("aks-1"));
  expect((await poll()).status).toBe(204);
});

test("a fleet takes a thousand members and no more", async () => {
  const writes = Array.from({ length: 1_000 }, (_, index) => ({
    kind: "create" as const,
    key: keyOf(memberKind, fleetId, `m-${index}`),
    body: {} as Member,
  }));
  for (let at = 0; at < writes.length; at += 90) {
    await world.store.commit({ fleet: fleetId, writes: writes.slice(at, at + 90) });
  }
  const made = await put("aks-1", memberBody("aks-1"));
  expect([made.status, codeOf(made)]).toEqual([409, "FleetMemberLimitReached"]);
});
