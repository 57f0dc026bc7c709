import { expect, test } from "vitest";
import { commitWritesMax } from "../../shared/effects/store.ts";
import type { Member } from "../../shared/fleet/model.ts";
import { type Document, keyText, type Write } from "../../shared/lib/document.ts";
import { emptyStatus, fillStep, placeText } from "../../shared/updates/fill.ts";
import {
  type GroupProgress,
  groupKind,
  type MemberProgress,
  memberProgressKind,
  type Strategy,
  stageSlotsKind,
  type UpdateRun,
} from "../../shared/updates/model.ts";
import { documentOf, fleetId, memberDocument, noon, systemData } from "../builders.ts";
import { fc } from "../chance.ts";

const newRun = (strategy?: Strategy): UpdateRun => ({
  ...(strategy !== undefined && { strategy }),
  upgrade: { type: "NodeImageOnly" },
  wanted: "NotStarted",
  starts: 0,
  contents: { kind: "filling" },
  counts: { failed: 0 },
  status: emptyStatus({ ...(strategy !== undefined && { strategy }) }),
  systemData,
});

interface Filling {
  readonly run: UpdateRun;
  readonly documents: readonly { key: { kind: string }; body: unknown }[];
  readonly steps: number;
}

/** Fills a run from members in pages, and keeps what would be saved. */
function fill(first: UpdateRun, members: readonly Document<Member>[], pageSize: number): Filling {
  const saved = new Map<string, Document>();
  let run = first;
  let steps = 0;
  while (run.contents.kind === "filling") {
    const from = Number(run.contents.page ?? 0);
    const next = from + pageSize < members.length ? { next: String(from + pageSize) } : {};
    const groups = [...saved.values()].filter(({ key }) => key.kind === groupKind);
    const filled = fillStep({
      fleet: fleetId,
      name: "run-1",
      run,
      page: members.slice(from, from + pageSize),
      ...next,
      groups: new Map(
        groups.map((each) => [
          placeText(each.body as GroupProgress),
          each as Document<GroupProgress>,
        ]),
      ),
    });
    expect(filled.writes.length + 1).toBeLessThanOrEqual(commitWritesMax); // F1
    for (const write of filled.writes) save(saved, write);
    run = filled.run;
    expect(++steps).toBeLessThan(2_000);
  }
  return { run, documents: [...saved.values()], steps };
}

function save(saved: Map<string, Document>, write: Write): void {
  if (write.kind === "create") {
    expect(saved.has(keyText(write.key))).toBe(false);
    saved.set(keyText(write.key), documentOf(write.key, write.body));
  } else if (write.kind === "replace") {
    saved.set(keyText(write.document.key), { ...write.document, body: write.body });
  }
}

const bodiesOf = <Body>({ documents }: Filling, kind: string): Body[] =>
  documents.filter(({ key }) => key.kind === kind).map(({ body }) => body as Body);

const inGroup = (name: string, group: string): Document<Member> =>
  memberDocument(name, (body) => ({ ...body, arm: { ...body.arm, group } }));

test("a run holds each member of its groups once, in the order of names, without a gap", () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom("a", "b", "c", "elsewhere"), { maxLength: 260 }),
      fc.integer({ min: 1, max: 120 }),
      (groups, pageSize) => {
        const strategy: Strategy = {
          stages: [
            { name: "one", groups: [{ name: "a" }, { name: "b", maxConcurrency: "2" }] },
            { name: "two", groups: [{ name: "c" }] },
          ],
        };
        const members = groups.map((group, index) =>
          inGroup(`m-${String(index).padStart(3, "0")}`, group),
        );
        const filling = fill(newRun(strategy), members, pageSize);
        const progress = bodiesOf<MemberProgress>(filling, memberProgressKind);
        for (const [text, name] of [
          ["0.0", "a"],
          ["0.1", "b"],
          ["1.0", "c"],
        ] as const) {
          const own = progress.filter((each) => placeText(each) === text);
          const wanted = members.filter(({ body }) => body.arm.group === name);
          expect(own.map(({ member }) => member)).toEqual(wanted.map(({ key }) => key.name)); // F2
          expect(own.map(({ ordinal }) => ordinal)).toEqual(wanted.map((_, index) => index));
          const total = bodiesOf<GroupProgress>(filling, groupKind).find(
            (each) => placeText(each) === text,
          )?.total;
          expect(total ?? 0).toBe(wanted.length);
        }
        expect(filling.run.status.stages.map((stage) => stage.members)).toEqual([
          groups.filter((each) => each === "a" || each === "b").length,
          groups.filter((each) => each === "c").length,
        ]);
        const hasShared = groups.some((each) => each === "a" || each === "b");
        expect(bodiesOf(filling, stageSlotsKind)).toHaveLength(hasShared ? 1 : 0);
      },
    ),
    { numRuns: 60 },
  );
});

test("members in a hundred different groups still fit one commit at a time", () => {
  const names = Array.from({ length: 100 }, (_, index) => `g-${String(index).padStart(3, "0")}`);
  const strategy: Strategy = {
    stages: [0, 50].map((from) => ({
      name: `stage-${from}`,
      groups: names.slice(from, from + 50).map((name) => ({ name, maxConcurrency: "2" })),
    })),
  };
  const members = names.map((name) => inGroup(name, name));
  const filling = fill(newRun(strategy), members, 90);
  expect(bodiesOf(filling, memberProgressKind)).toHaveLength(100);
  expect(bodiesOf(filling, groupKind)).toHaveLength(100);
  expect(filling.steps).toBeGreaterThan(1);
});

test("the group that a person set goes before the cluster's; who leaves is not in the run", () => {
  const strategy: Strategy = { stages: [{ name: "one", groups: [{ name: "a" }, { name: "b" }] }] };
  const members = [
    memberDocument("m-1", (body) => ({
      ...body,
      arm: { ...body.arm, group: "a", clusterGroup: "b" },
    })),
    memberDocument("m-2", (body) => ({ ...body, arm: { ...body.arm, clusterGroup: "b" } })),
    memberDocument("m-3", (body) => ({
      ...body,
      metadata: { ...body.metadata, deletionTimestamp: noon },
      arm: { ...body.arm, group: "a" },
    })),
  ];
  const progress = bodiesOf<MemberProgress>(
    fill(newRun(strategy), members, 10),
    memberProgressKind,
  );
  expect(progress.map((each) => [each.member, placeText(each)])).toEqual([
    ["m-1", "0.0"],
    ["m-2", "0.1"],
  ]);
});
