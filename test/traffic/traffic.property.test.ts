import { expect, test } from "vitest";
import { type MemberName, memberKind } from "../../shared/fleet/model.ts";
import { keyOf } from "../../shared/lib/document.ts";
import {
  balancerFinalizer,
  type ExportSeen,
  exportSnapshotKind,
  type MultiClusterService,
  type SnapshotEvent,
  serviceImportKind,
} from "../../shared/traffic/model.ts";
import { saveSnapshot } from "../../shared/traffic/save-snapshot.ts";
import { clusterArmId, fleetId, noon } from "../builders.ts";
import { fc } from "../chance.ts";
import { exported, mcs, mcsKey, service } from "./exports.ts";
import { type Fault, type World, worldOf } from "./world.ts";

const names = ["aks-1", "aks-2", "aks-3"] as const;

const event = (member: string, sequence: number, seen: ExportSeen | null): SnapshotEvent => ({
  kind: "snapshot",
  cluster: clusterArmId(member),
  epoch: 1,
  sequence,
  observedAt: noon,
  token: `oid-${member}`,
  namespace: "demo",
  name: "web",
  export: seen,
});

/** Members whose relays are registered under "oid-<member>", and who that token belongs to. */
async function fleetOf(members: readonly string[]): Promise<World> {
  const world = await worldOf(members);
  for (const name of members) {
    const member = await world.store.read(keyOf(memberKind, fleetId, name));
    if (member === undefined) throw new Error("There must be a member");
    const spec = { identity: { kind: "User", name: `oid-${name}` } };
    await world.store.commit({
      fleet: fleetId,
      writes: [{ kind: "replace", document: member, body: { ...member.body, spec } }],
    });
  }
  const callers = {
    identify: async (header: string) => ({ objectId: header.replace("Bearer ", "") }),
  };
  Object.assign(world.effects, { callers });
  return world;
}

const createMcs = async ({ store }: World) =>
  await store.commit({
    fleet: fleetId,
    writes: [{ kind: "create", key: mcsKey, body: mcs().body, refs: ["export:demo/web"] }],
  });

const backends = ({ azure }: World): string =>
  (azure.loadBalancer?.balancer.pools ?? [])
    .flatMap((pool) => pool.backends.map(({ name }) => name))
    .join(" ");

const address = async (world: World): Promise<string | undefined> =>
  (await world.mcs())?.body.status?.loadBalancer?.ingress?.[0]?.ip;

test("two members' exports become one address with two backends", async () => {
  const world = await fleetOf(["aks-1", "aks-2"]);
  await createMcs(world);
  await saveSnapshot(event("aks-1", 1, exported()), world.effects);
  await saveSnapshot(event("aks-2", 1, exported()), world.effects);
  await world.settle();
  expect(backends(world)).toBe("aks-1 aks-2");
  expect(await address(world)).toBe("198.51.100.1");
  expect(world.writes()).toBe(2);
  const { revision } = await world.store.head(fleetId);
  await world.round();
  expect((await world.store.head(fleetId)).revision).toBe(revision);
});

test("a backend leaves with its endpoints and returns with them, the last one stays", async () => {
  const world = await fleetOf(["aks-1", "aks-2"]);
  await createMcs(world);
  const tell = async (member: string, sequence: number, readyEndpoints: number) => {
    await saveSnapshot(event(member, sequence, exported({ readyEndpoints })), world.effects);
    await world.settle();
  };
  await tell("aks-1", 1, 2);
  await tell("aks-2", 1, 2);
  await tell("aks-1", 2, 0);
  expect(backends(world)).toBe("aks-2");
  await tell("aks-2", 2, 0);
  expect(backends(world)).toBe("aks-2");
  await tell("aks-1", 3, 1);
  expect(backends(world)).toBe("aks-1");
  await tell("aks-2", 3, 1);
  expect(backends(world)).toBe("aks-1 aks-2");
});

test("a member that leaves the fleet takes its exports along", async () => {
  const world = await fleetOf(["aks-1", "aks-2"]);
  await createMcs(world);
  await saveSnapshot(event("aks-1", 1, exported()), world.effects);
  await saveSnapshot(event("aks-2", 1, exported()), world.effects);
  await world.settle();
  const member = await world.store.read(keyOf(memberKind, fleetId, "aks-1"));
  if (member === undefined) throw new Error("There must be a member");
  await world.store.commit({ fleet: fleetId, writes: [{ kind: "delete", document: member }] });
  await world.settle();
  expect(backends(world)).toBe("aks-2");
  const left = await world.store.list({ fleet: fleetId, kind: exportSnapshotKind });
  expect(left.documents.map(({ body }) => body.member)).toEqual(["aks-2" as MemberName]);
});

test("the import goes with the last export, the address with the MultiClusterService", async () => {
  const world = await fleetOf(["aks-1"]);
  await createMcs(world);
  await saveSnapshot(event("aks-1", 1, exported()), world.effects);
  await world.settle();
  await saveSnapshot(event("aks-1", 2, null), world.effects);
  await world.settle();
  const key = keyOf(serviceImportKind, fleetId, "web", "demo");
  expect(await world.store.read(key)).toBeUndefined();
  expect(backends(world)).toBe("");
  expect(await address(world)).toBe("198.51.100.1");
  await deleteMcs(world);
  await world.settle();
  expect(world.azure).toEqual({});
  expect(await world.mcs()).toBeUndefined();
});

const programmed = async (world: World) =>
  (await world.mcs())?.body.status?.conditions?.find(({ type }) => type === "Programmed");

test.each<[Fault, string, string]>([
  ["refused", "Refused", "as told"],
  ["throttled", "Throttled", "busy"],
])(
  "an Azure that answers %s is left alone for a while, and then it is as wanted",
  async (...row) => {
    const [fault, reason, message] = row;
    const world = await fleetOf(["aks-1"]);
    await createMcs(world);
    await saveSnapshot(event("aks-1", 1, exported()), world.effects);
    world.faults.push(fault, "none");
    for (let rounds = 0; rounds < 2; rounds++) await world.round();
    expect(await programmed(world)).toMatchObject({ reason, message });
    expect(world.faults).toEqual(["none"]);
    expect((await world.mcs())?.wakeAt).toBe((await world.mcs())?.body.balancer?.refusal?.until);
    await world.settle();
    expect(await programmed(world)).toMatchObject({ reason: "Programmed" });
    expect((await world.mcs())?.body.balancer?.refusal).toBeUndefined();
  },
);

async function deleteMcs(world: World): Promise<void> {
  const document = await world.mcs();
  if (document === undefined) return;
  const metadata = { ...document.body.metadata, deletionTimestamp: noon };
  const body: MultiClusterService = { ...document.body, metadata };
  expect(body.metadata.finalizers).toEqual([balancerFinalizer]);
  await world.store.commit({ fleet: fleetId, writes: [{ kind: "replace", document, body }] });
}

const faults = fc.array(
  fc.constantFrom<Fault>(
    "none",
    "changed-meanwhile",
    "busy",
    "refused",
    "throttled",
    "lost",
    "fails",
  ),
  { maxLength: 8 },
);
const told = fc.record({
  member: fc.constantFrom(...names),
  what: fc.constantFrom("ready", "no endpoint", "withdrawn", "cluster-ip"),
  rounds: fc.nat(2),
});

const exportOf = (what: string): ExportSeen | null => {
  if (what === "withdrawn") return null;
  if (what === "cluster-ip") return exported({ service: service({ type: "ClusterIP" }) });
  return exported({ readyEndpoints: what === "ready" ? 2 : 0 });
};

test("whatever is told and whatever Azure does, the world ends as it is wanted", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(told, { minLength: 1, maxLength: 8 }), faults, async (all, some) => {
      const world = await fleetOf(names);
      await createMcs(world);
      world.faults.push(...some);
      const last = new Map<string, string>();
      for (const [sequence, { member, what, rounds }] of all.entries()) {
        await saveSnapshot(event(member, sequence + 1, exportOf(what)), world.effects);
        last.set(member, what);
        for (let round = 0; round < rounds; round++) await world.round();
      }
      world.faults.length = 0;
      await world.settle();

      const of = (what: string) => names.filter((name) => last.get(name) === what);
      if (of("ready").length > 0) {
        expect(backends(world)).toBe(of("ready").join(" "));
        expect(await address(world)).toBe("198.51.100.1");
      } else if (of("no endpoint").length > 0) {
        expect(backends(world)).not.toBe("");
      } else expect(backends(world)).toBe("");

      const writes = world.writes();
      await world.round();
      expect(world.writes()).toBe(writes);
      if ((await world.mcs())?.body.balancer !== undefined) {
        await deleteMcs(world);
        await world.settle();
      }
      expect(world.azure).toEqual({});
    }),
    { numRuns: 60 },
  );
});
