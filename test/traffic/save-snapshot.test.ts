import { describe, expect, test } from "vitest";
import type { Caller } from "../../shared/effects/callers.ts";
import type { Effects } from "../../shared/effects/effects.ts";
import type { Commit } from "../../shared/effects/store.ts";
import { type Member, type MemberName, memberKind, memberRef } from "../../shared/fleet/model.ts";
import { keyOf } from "../../shared/lib/document.ts";
import { FleetError } from "../../shared/lib/fleet-error.ts";
import {
  exportRef,
  exportSnapshotKey,
  exportSnapshotKind,
  exportsPerMemberMax,
  type ListingEvent,
  type MemberEvent,
  type SnapshotEvent,
} from "../../shared/traffic/model.ts";
import { saveSnapshot } from "../../shared/traffic/save-snapshot.ts";
import { clusterArmId, fleetId, memberDocument, noon } from "../builders.ts";
import { fc } from "../chance.ts";
import { exported, snapshot } from "./exports.ts";
import { type World, worldOf } from "./world.ts";

const identity = { kind: "User", name: "OID-1" };
const told = {
  cluster: clusterArmId("aks-1").toUpperCase(),
  epoch: Date.parse(noon),
  observedAt: noon,
  token: "good",
};
const event = (more: Partial<SnapshotEvent> = {}): SnapshotEvent => ({
  ...told,
  kind: "snapshot",
  sequence: 1,
  namespace: "demo",
  name: "web",
  export: exported(),
  ...more,
});
const listing = (more: Partial<ListingEvent> = {}): ListingEvent => ({
  ...told,
  kind: "listing",
  exports: [],
  ...more,
});

/** aks-1 trusts "oid-1", whose token is "good"; "other" is aks-2's; any other is forged. */
async function fleet(change: (body: Member) => Member = (body) => body): Promise<World> {
  const world = await worldOf([]);
  const create = (name: string, body: Member) => ({
    kind: "create" as const,
    key: keyOf(memberKind, fleetId, name),
    body,
    refs: memberDocument(name).refs,
  });
  const one = memberDocument("aks-1").body;
  const two = memberDocument("aks-2").body;
  await world.store.commit({
    fleet: fleetId,
    writes: [
      create("aks-1", change({ ...one, spec: { identity } })),
      create("aks-2", { ...two, spec: { identity: { ...identity, name: "oid-2" } } }),
    ],
  });
  const callers = {
    identify: async (header: string): Promise<Pick<Caller, "objectId">> => {
      if (header === "Bearer good") return { objectId: "oid-1" };
      if (header === "Bearer other") return { objectId: "oid-2" };
      throw new FleetError("Unauthenticated", "Cannot identify caller: the token is not valid");
    },
  };
  Object.assign(world.effects, { callers });
  return world;
}

const key = exportSnapshotKey(fleetId, snapshot("aks-1"));

test("a snapshot is saved, and found by its member and by its service", async () => {
  const world = await fleet();
  await saveSnapshot(event(), world.effects);
  expect(await world.store.read(key)).toMatchObject({
    key: { name: "aks-1.demo.web", namespace: "demo" },
    refs: [memberRef("aks-1"), exportRef("demo", "web")],
    body: { member: "aks-1", epoch: told.epoch, sequence: 1, receivedAt: noon, conditions: [] },
  });
});

describe("nothing changes", () => {
  test.each<[name: string, event: MemberEvent | undefined, warning?: string]>([
    ["without an event", undefined],
    [
      "for a forged token",
      event({ token: "forged" }),
      "Refused an event of a relay: Cannot identify caller: the token is not valid",
    ],
    [
      "for the token of another member",
      event({ token: "other" }),
      'Refused an event of a relay: the identity "oid-2" is not the member\'s',
    ],
    [
      "for a listing of another member",
      listing({ token: "other" }),
      'Refused an event of a relay: the identity "oid-2" is not the member\'s',
    ],
    [
      "for a cluster that is no member (yet), which is nothing to warn of",
      event({ cluster: clusterArmId("aks-9") }),
    ],
    [
      "for an epoch in the future",
      event({ epoch: told.epoch + 25 * 3600 * 1000 }),
      `Refused an event of a relay: epoch ${told.epoch + 25 * 3600 * 1000} lies in the future`,
    ],
  ])("%s", async (_name, refused, warning) => {
    const world = await fleet();
    const before = await world.store.head(fleetId);
    await saveSnapshot(refused, world.effects);
    expect(await world.store.head(fleetId)).toEqual(before);
    expect(world.warnings).toEqual(warning === undefined ? [] : [warning]);
  });

  test("for a member without an identity (yet), which is nothing to warn of", async () => {
    const world = await fleet((body) => ({ ...body, spec: {} }));
    await saveSnapshot(event(), world.effects);
    expect(await world.store.read(key)).toBeUndefined();
    expect(world.warnings).toEqual([]);
  });

  test("beyond what one member may export", async () => {
    const world = await fleet();
    for (let from = 0; from < exportsPerMemberMax; from += 50) {
      await world.store.commit({
        fleet: fleetId,
        writes: Array.from({ length: 50 }, (_each, index) => ({
          kind: "create",
          key: exportSnapshotKey(fleetId, snapshot("aks-1", { name: `s-${from + index}` })),
          body: snapshot("aks-1", { name: `s-${from + index}` }),
          refs: [memberRef("aks-1")],
        })),
      });
    }
    await saveSnapshot(event(), world.effects);
    expect(await world.store.read(key)).toBeUndefined();
    expect(world.warnings[0]).toContain(`has ${exportsPerMemberMax} already`);
  });
});

test("an issuer that is away is an error: Event Grid delivers again", async () => {
  const world = await fleet();
  const callers = {
    identify: async () => {
      throw new FleetError("Unavailable", "Cannot identify caller: the issuer does not answer");
    },
  };
  const effects: Effects = { ...world.effects, callers };
  await expect(saveSnapshot(event(), effects)).rejects.toThrow("does not answer");
});

test("in any order and however often, the newest snapshot stays", async () => {
  const version = fc.record({ epoch: fc.integer({ min: 1, max: 3 }), sequence: fc.nat(3) });
  await fc.assert(
    fc.asyncProperty(fc.array(version, { minLength: 1, maxLength: 12 }), async (versions) => {
      const world = await fleet();
      for (const { epoch, sequence } of versions) {
        const seen = exported({ readyEndpoints: epoch * 10 + sequence });
        await saveSnapshot(event({ epoch, sequence, export: seen }), world.effects);
      }
      const newest = Math.max(...versions.map(({ epoch, sequence }) => epoch * 10 + sequence));
      const saved = await world.store.read(key);
      expect(saved?.body.export?.readyEndpoints).toBe(newest);
      const { revision } = await world.store.head(fleetId);
      for (const each of versions) await saveSnapshot(event(each), world.effects);
      expect((await world.store.head(fleetId)).revision).toBe(revision);
    }),
    { numRuns: 50 },
  );
});

test("what we found out about an export stays when its relay tells something new", async () => {
  const world = await fleet();
  await saveSnapshot(event(), world.effects);
  const document = await world.store.read(key);
  if (document === undefined) throw new Error("There must be a snapshot");
  const { frontend } = snapshot("aks-1");
  const body = { ...document.body, ...(frontend && { frontend }) };
  await world.store.commit({ fleet: fleetId, writes: [{ kind: "replace", document, body }] });
  await saveSnapshot(event({ sequence: 2, export: null }), world.effects);
  expect((await world.store.read(key))?.body).toMatchObject({ frontend, export: null });
});

test("two writers of one snapshot both end with the newer one", async () => {
  const world = await fleet();
  await Promise.all(
    [3, 1, 2].map(
      async (sequence) =>
        await saveSnapshot(
          event({ sequence, export: exported({ readyEndpoints: sequence }) }),
          world.effects,
        ),
    ),
  );
  expect((await world.store.read(key))?.body.export?.readyEndpoints).toBe(3);
});

test("a save that always loses the race is an error: Event Grid delivers again", async () => {
  const world = await fleet();
  const commit = async (_commit: Commit) => ({ kind: "changed-meanwhile" }) as const;
  const effects = { ...world.effects, store: { ...world.store, commit } };
  await expect(saveSnapshot(event(), effects)).rejects.toThrow("others saved first too often");
});

test("a listing withdraws what an earlier epoch told and it does not name", async () => {
  const world = await fleet();
  const epoch = told.epoch - 1000;
  for (const name of ["kept", "gone"]) {
    await saveSnapshot(event({ epoch, name }), world.effects);
  }
  await saveSnapshot(event({ name: "new" }), world.effects);
  await saveSnapshot(listing({ exports: ["demo/kept"] }), world.effects);
  const { documents } = await world.store.list({ fleet: fleetId, kind: exportSnapshotKind });
  const state = documents.map(({ body }) => [body.name, body.export !== null, body.epoch]);
  expect(state).toEqual([
    ["gone", false, told.epoch],
    ["kept", true, epoch],
    ["new", true, told.epoch],
  ]);
  await saveSnapshot(event({ epoch, name: "gone", sequence: 9 }), world.effects);
  const gone = { member: "aks-1" as MemberName, namespace: "demo", name: "gone" };
  const document = await world.store.read(exportSnapshotKey(fleetId, gone));
  expect(document?.body.export).toBeNull();
});
