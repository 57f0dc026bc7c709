import { expect, test } from "vitest";
import type { Member } from "../../../shared/fleet/model.ts";
import {
  decideSource,
  needsOthers,
  type SourceToDecide,
} from "../../../shared/hub/open-api/decide-source.ts";
import type { LearntOpenApi } from "../../../shared/hub/open-api/model.ts";
import type { Document } from "../../../shared/lib/document.ts";
import { fleetId, noon } from "../../builders.ts";
import { memberOf, sourceOfMember, summaryOf } from "./sights.ts";

const trouble = (tries: number) => ({ trouble: { reason: "away", tries, at: noon } });

/** What is known when the source left and nobody else was there. */
function orphaned(): Document<LearntOpenApi> {
  const { source: _, ...body } = summaryOf().body;
  return { ...summaryOf(), body };
}

interface Case {
  readonly name?: string;
  readonly member?: Document<Member>;
  readonly summary?: Document<LearntOpenApi>;
  readonly others?: readonly Document<Member>[];
}

function sight({ name, member, summary, others = [] }: Case): SourceToDecide {
  const known = name ?? member?.key.name ?? "";
  return { fleet: fleetId, name: known, member, summary, others, now: noon };
}

/** "aks-2 1.34.1", or "as it was". */
function sourceAfter(of: Case): string {
  const { writes } = decideSource(sight(of));
  const [write] = writes;
  if (write === undefined) return "as it was";
  if (write.kind !== "create" && write.kind !== "replace") return write.kind;
  const { source } = write.body as LearntOpenApi;
  return source === undefined ? "none" : `${source.member} ${source.kubernetesVersion}`;
}

const leaves = { leaves: true };

test.each<[what: string, of: Case, after: string]>([
  ["the first member that is well is learnt from", { member: memberOf("aks-1") }, "aks-1 1.34.1"],
  [
    "one that has not joined is not",
    { member: memberOf("a", "1.34.1", { joined: "False" }) },
    "as it was",
  ],
  [
    "one that is not well is not",
    { member: memberOf("a", "1.34.1", { healthy: "False" }) },
    "as it was",
  ],
  ["one that leaves is not", { member: memberOf("a", "1.34.1", leaves) }, "as it was"],
  ["one of unknown version is not", { member: memberOf("a", "") }, "as it was"],
  ["one that is gone is not", { name: "a" }, "as it was"],
  [
    "a second of the same version is not",
    { member: memberOf("aks-2"), summary: summaryOf() },
    "as it was",
  ],
  [
    "an older one is not",
    { member: memberOf("aks-2", "1.33.9"), summary: summaryOf() },
    "as it was",
  ],
  [
    "a newer one is",
    { member: memberOf("aks-2", "1.34.10"), summary: summaryOf() },
    "aks-2 1.34.10",
  ],
  ["a much newer one is", { member: memberOf("aks-2", "2.0"), summary: summaryOf() }, "aks-2 2.0"],
  [
    "the source itself changes nothing",
    { member: memberOf("aks-1"), summary: summaryOf() },
    "as it was",
  ],
  [
    "unless it was upgraded",
    { member: memberOf("aks-1", "1.35.0"), summary: summaryOf() },
    "aks-1 1.35.0",
  ],
  [
    "a source that is not well stays",
    { member: memberOf("aks-1", "1.34.1", { healthy: "False" }), summary: summaryOf() },
    "as it was",
  ],
  [
    "a source that leaves is replaced by the newest that is well",
    {
      member: memberOf("aks-1", "1.34.1", leaves),
      summary: summaryOf(),
      others: [
        memberOf("aks-1"),
        memberOf("b", "1.32.0"),
        memberOf("c", "1.33.1"),
        memberOf("d", "1.33.1"),
        memberOf("e", "1.35.0", { healthy: "False" }),
      ],
    },
    "c 1.33.1",
  ],
  [
    "so is one that is gone",
    { name: "aks-1", summary: summaryOf(), others: [memberOf("b")] },
    "b 1.34.1",
  ],
  ["without any other there is none", { name: "aks-1", summary: summaryOf() }, "none"],
  [
    "then the next one that is well is learnt from",
    { member: memberOf("b", "1.30.0"), summary: orphaned() },
    "b 1.30.0",
  ],
  [
    "any other is, when the source does not answer",
    { member: memberOf("b", "1.30.0"), summary: summaryOf(trouble(3)) },
    "b 1.30.0",
  ],
  [
    "but not at the first trouble",
    { member: memberOf("b", "1.30.0"), summary: summaryOf(trouble(2)) },
    "as it was",
  ],
])("%s", (_what, of, after) => {
  expect(sourceAfter(of)).toBe(after);
});

test("a new source keeps what was learnt, forgets trouble and is looked at at once", () => {
  const summary = summaryOf({ hashes: { "api/v1": "A" }, ...trouble(5) });
  const { writes } = decideSource(sight({ member: memberOf("b", "1.35.0"), summary }));
  expect(writes).toMatchObject([{ kind: "replace", wakeAt: noon }]);
  const { learnt } = summary.body;
  expect(writes[0]).toHaveProperty("body", {
    source: sourceOfMember("b", "1.35.0"),
    learnt,
    hashes: { "api/v1": "A" },
  });
});

test("other members are looked up only when the source leaves", () => {
  const cases: readonly Case[] = [
    { member: memberOf("aks-1") },
    { member: memberOf("aks-1"), summary: summaryOf() },
    { member: memberOf("b", "1.34.1", leaves), summary: summaryOf() },
    { name: "b", summary: summaryOf() },
    { name: "aks-1", summary: summaryOf() },
    { member: memberOf("aks-1", "1.34.1", leaves), summary: summaryOf() },
  ];
  expect(cases.map((each) => needsOthers(sight(each)))).toEqual([
    ...[false, false, false, false],
    ...[true, true],
  ]);
});
