import { expect, test } from "vitest";
import { decideSnapshot, type SnapshotToDecide } from "../../shared/traffic/decide-snapshot.ts";
import type { ExportSnapshot, Frontend } from "../../shared/traffic/model.ts";
import { noon } from "../builders.ts";
import { after, exported, service, snapshotDocument } from "./exports.ts";

const toDecide = (
  change: Partial<ExportSnapshot>,
  more: Partial<SnapshotToDecide> = {},
): SnapshotToDecide => ({
  snapshot: snapshotDocument("aks-1", change),
  memberExists: true,
  frontendId: undefined,
  now: noon,
  ...more,
});
const of = { serviceUid: "service-1", address: "203.0.113.1" };
const found: Frontend = { ...of, kind: "found", id: "/f" };
const missing: Frontend = { ...of, kind: "missing", since: noon };
const { frontend: _, ...rest } = snapshotDocument("aks-1").body;
const unknown = (more: Partial<SnapshotToDecide> = {}): SnapshotToDecide => ({
  ...toDecide({}, more),
  snapshot: { ...snapshotDocument("aks-1"), body: rest },
});

const frontendAfter = (seen: SnapshotToDecide): Frontend | undefined | "unchanged" => {
  const [write] = decideSnapshot(seen).writes;
  return write?.kind === "replace" ? (write.body as ExportSnapshot).frontend : "unchanged";
};

test.each<[name: string, seen: SnapshotToDecide, want: Frontend | undefined | "unchanged"]>([
  ["remembers the frontend that was found", unknown({ frontendId: "/f" }), found],
  ["remembers since when none was found", unknown(), missing],
  ["keeps what it knows", toDecide({ frontend: found }, { frontendId: "/f" }), "unchanged"],
  [
    "keeps since when none was found",
    toDecide({ frontend: missing }, { now: after(9) }),
    "unchanged",
  ],
  [
    "forgets the frontend of another Service",
    toDecide({ frontend: { ...found, serviceUid: "older" } }),
    missing,
  ],
  [
    "forgets the frontend of another address",
    toDecide({ frontend: { ...found, address: "203.0.113.9" } }),
    missing,
  ],
  [
    "has no frontend for a Service that is internal",
    toDecide({ frontend: found, export: exported({ service: service({ internal: true }) }) }),
    undefined,
  ],
  [
    "has no frontend for a Service that became a ClusterIP",
    toDecide({ frontend: found, export: exported({ service: service({ type: "ClusterIP" }) }) }),
    undefined,
  ],
  [
    "has no frontend for an IPv6 address",
    toDecide({
      frontend: found,
      export: exported({ service: service({ ingress: ["2001:db8::1"] }) }),
    }),
    undefined,
  ],
])("a snapshot %s", (_name, seen, want) => {
  expect(frontendAfter(seen)).toEqual(want);
});

test("a frontend that is missing is looked for again, ever less often", () => {
  const moments = [0, 3, 200, 1000].map(
    (seconds) => decideSnapshot(toDecide({ frontend: missing }, { now: after(seconds) })).wakeAt,
  );
  expect(moments).toEqual([after(2), after(4), after(240), after(1200)]);
});

test("a snapshot of a member that left is deleted", () => {
  const { writes } = decideSnapshot(toDecide({}, { memberExists: false }));
  expect(writes.map(({ kind }) => kind)).toEqual(["delete"]);
});

test("a withdrawn export is remembered for longer than an older event may be late", () => {
  const dayAndHour = 25 * 3600;
  const at = (seconds: number) =>
    decideSnapshot(toDecide({ export: null }, { now: after(seconds) }));
  expect(at(dayAndHour - 1).wakeAt).toBe(after(dayAndHour));
  expect(at(dayAndHour).writes.map(({ kind }) => kind)).toEqual(["delete"]);
});
