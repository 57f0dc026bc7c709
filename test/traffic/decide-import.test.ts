import { expect, test } from "vitest";
import { type Document, keyOf } from "../../shared/lib/document.ts";
import { kubeTime } from "../../shared/lib/instant.ts";
import { decideImport, type ImportToDecide } from "../../shared/traffic/decide-import.ts";
import {
  type ExportSnapshot,
  type ServiceImport,
  serviceImportKind,
} from "../../shared/traffic/model.ts";
import { documentOf, fleetId, noon } from "../builders.ts";
import { after, exported, http, https, importOf, service, snapshotDocument } from "./exports.ts";

const key = keyOf(serviceImportKind, fleetId, "web", "demo");
const toDecide = (
  snapshots: readonly Document<ExportSnapshot>[],
  existing?: ServiceImport,
): ImportToDecide => ({
  key,
  document: existing && documentOf(key, existing),
  snapshots,
  now: noon,
});
const noConflict = {
  type: "Conflict",
  status: "False",
  reason: "NoConflictFound",
  message: "No export of the service differs from another",
  lastTransitionTime: kubeTime(noon),
} as const;
const told = { conditions: [noConflict] };

test("the first export makes the import, and is told that nothing conflicts", () => {
  const first = snapshotDocument("aks-1");
  expect(decideImport(toDecide([first])).writes).toEqual([
    { kind: "create", key, body: importOf(["aks-1"]), refs: ["export:demo/web"] },
    { kind: "replace", document: first, body: { ...first.body, ...told } },
  ]);
});

test("another export joins the import", () => {
  const snapshots = [snapshotDocument("aks-1", told), snapshotDocument("aks-2", told)];
  const { writes } = decideImport(toDecide(snapshots, importOf(["aks-1"])));
  expect(writes).toMatchObject([{ kind: "replace", body: importOf(["aks-1", "aks-2"]) }]);
});

test("an import that is as it should be is not written", () => {
  const snapshots = [snapshotDocument("aks-1", told)];
  expect(decideImport(toDecide(snapshots, importOf(["aks-1"]))).writes).toEqual([]);
});

test("the import goes with the last export, whose condition goes too", () => {
  const withdrawn = snapshotDocument("aks-1", { ...told, export: null });
  const { writes } = decideImport(toDecide([withdrawn], importOf(["aks-1"])));
  expect(writes.map(({ kind }) => kind)).toEqual(["delete", "replace"]);
  expect(writes[1]).toMatchObject({ body: { conditions: [] } });
});

test("a conflict is told to each export, and the import keeps the older one's port", () => {
  const younger = exported({
    createdAt: after(60),
    service: service({ ports: [{ ...http, port: 8080 }, https] }),
  });
  const snapshots = [
    snapshotDocument("aks-1", told),
    snapshotDocument("aks-2", { export: younger }),
  ];
  const { writes } = decideImport(toDecide(snapshots, importOf(["aks-1"])));
  expect(writes).toMatchObject([
    { body: importOf(["aks-1", "aks-2"], [http, https]) },
    { body: { member: "aks-1", conditions: [{ status: "True", reason: "ConflictFound" }] } },
    { body: { member: "aks-2", conditions: [{ status: "True", reason: "ConflictFound" }] } },
  ]);
});

test("more conditions than a commit takes are saved in turns, until nothing is left", () => {
  const names = Array.from(
    { length: 250 },
    (_each, index) => `aks-${String(index).padStart(3, "0")}`,
  );
  let snapshots = names.map((name) => snapshotDocument(name));
  let existing: ServiceImport | undefined;
  let turns = 0;
  for (let again = true; again; turns++) {
    const plan = decideImport(toDecide(snapshots, existing));
    expect(plan.writes.length).toBeLessThanOrEqual(97);
    const bodies = new Map(
      plan.writes.flatMap((write) =>
        write.kind === "replace" ? [[write.document.key.name, write.body as ExportSnapshot]] : [],
      ),
    );
    existing = importOf(names);
    snapshots = snapshots.map((each) => ({
      ...each,
      body: bodies.get(each.key.name) ?? each.body,
    }));
    again = plan.again === true;
  }
  expect(turns).toBe(3);
  expect(snapshots.every(({ body }) => body.conditions.length === 1)).toBe(true);
});
