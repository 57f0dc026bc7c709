import { expect, test } from "vitest";
import { parseMemberEvent } from "../../../shared/azure/wire/member-event.ts";
import { exportsPerMemberMax, listingType, snapshotType } from "../../../shared/traffic/model.ts";
import { clusterArmId, noon } from "../../builders.ts";
import { exported, service } from "../../traffic/exports.ts";

const cluster = clusterArmId("aks-1");
const told = { cluster, epoch: 1_785_000_000_000, observedAt: noon, token: "eyJ.a.b" };
const event = {
  specversion: "1.0",
  id: "1785000000000-3",
  time: noon,
  type: snapshotType,
  source: cluster,
  subject: "/namespaces/demo/serviceexports/web",
  datacontenttype: "application/json",
  data: { ...told, sequence: 3, export: exported() },
};
const listing = {
  ...event,
  type: listingType,
  subject: "/serviceexports",
  data: { ...told, exports: ["demo/web"] },
};

test("reads a snapshot, with its name from the subject", () => {
  expect(parseMemberEvent(event)).toEqual({
    ...told,
    kind: "snapshot",
    sequence: 3,
    namespace: "demo",
    name: "web",
    export: exported(),
  });
});

test("reads the withdrawal of an export", () => {
  const withdrawal = { ...event, data: { ...event.data, export: null } };
  expect(parseMemberEvent(withdrawal)).toMatchObject({ kind: "snapshot", export: null });
});

test("reads moments in any zone as UTC, and leaves out what it does not know", () => {
  const seen = { ...exported(), createdAt: "2026-11-21T14:00:00+02:00", more: 1 };
  const { export: read } = parseMemberEvent({
    ...event,
    data: { ...event.data, export: seen },
  }) as { export?: unknown };
  expect(read).toEqual(exported());
});

test("reads a listing", () => {
  expect(parseMemberEvent(listing)).toEqual({ ...told, kind: "listing", exports: ["demo/web"] });
});

test("the case of the cluster's id does not matter", () => {
  expect(parseMemberEvent({ ...event, source: cluster.toLowerCase() })).toBeDefined();
});

test("an event of another type is none of ours", () => {
  expect(parseMemberEvent({ ...event, type: "Hubless.Fleet.MemberJoined" })).toBeUndefined();
});

const withData = (change: object) => ({ ...event, data: { ...event.data, ...change } });
const withService = (change: object) =>
  withData({ export: { ...exported(), service: { ...service(), ...change } } });
const manyNames = Array.from({ length: exportsPerMemberMax + 1 }, (_each, at) => `demo/w-${at}`);
const port = { name: "", protocol: "TCP", port: 1 };

test.each<[name: string, event: unknown, field: string]>([
  ["nothing", undefined, ""],
  ["a text", "event", ""],
  ["an event without a type", { ...event, type: 1 }, "type"],
  ["an event without data", { ...event, data: undefined }, "data"],
  ["another cluster than its source", { ...event, source: clusterArmId("aks-2") }, "source"],
  ["a subject that names no export", { ...event, subject: "/demo/web" }, "subject"],
  [
    "a name that is no DNS label",
    { ...event, subject: "/namespaces/a.b/serviceexports/c" },
    "subject",
  ],
  ["no token", withData({ token: undefined }), "data.token"],
  ["an endless token", withData({ token: "x".repeat(16_385) }), "data.token"],
  ["an epoch that is no number", withData({ epoch: "1" }), "data.epoch"],
  ["an epoch that numbers cannot hold", withData({ epoch: 2 ** 60 }), "data.epoch"],
  ["a negative sequence", withData({ sequence: -1 }), "data.sequence"],
  ["no export, not even null", withData({ export: undefined }), "data.export"],
  ["a weight over 1000", withData({ export: exported({ weight: 1001 }) }), "data.export.weight"],
  [
    "a port over 65535",
    withService({ ports: [{ ...port, port: 65_536 }] }),
    "data.export.service.ports.0.port",
  ],
  ["too many ports", withService({ ports: Array(101).fill(port) }), "data.export.service.ports"],
  [
    "an address that is none",
    withService({ ingress: ["example.com"] }),
    "data.export.service.ingress.0",
  ],
  ["an unknown type of Service", withService({ type: "ExternalName" }), "data.export.service.type"],
  ["too many names", { ...listing, data: { ...told, exports: manyNames } }, "data.exports"],
  [
    "a name without a namespace",
    { ...listing, data: { ...told, exports: ["web"] } },
    "data.exports.0",
  ],
])("refuses %s, and names the field", (_name, wrong, field) => {
  expect(() => parseMemberEvent(wrong)).toThrow(
    expect.objectContaining({ code: "Invalid", field }) as Error,
  );
});

test("an error never repeats what a token holds", () => {
  const secret = "s".repeat(20_000);
  expect(() => parseMemberEvent(withData({ token: secret }))).toThrow(/^((?!sss).)*$/);
});
