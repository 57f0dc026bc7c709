import { expect, test } from "vitest";
import {
  type ChangedSchemas,
  decideOpenApi,
  isDue,
  type OpenApiToDecide,
  type SourceSeen,
} from "../../../shared/hub/open-api/decide.ts";
import { keptSchemasKey, type LearntOpenApi } from "../../../shared/hub/open-api/model.ts";
import type { Write } from "../../../shared/lib/document.ts";
import { plusSeconds } from "../../../shared/lib/instant.ts";
import { documentOf, fleetId, noon } from "../../builders.ts";
import { memberOf, sourceOfMember, summaryOf } from "./sights.ts";

const later = (seconds: number) => plusSeconds(noon, seconds);
const day = 24 * 60 * 60;
const trouble = (tries: number) => ({ reason: "away", tries, at: noon });

test.each<[what: string, known: Partial<LearntOpenApi>, seconds: number, due: boolean]>([
  ["what is learnt is not asked again", {}, 1, false],
  ["until a day has passed", {}, day, true],
  ["another member is asked", { source: sourceOfMember("b") }, 1, true],
  ["another version is asked", { source: sourceOfMember("aks-1", "1.35.0") }, 1, true],
  ["who is silent is left alone for a while", { trouble: trouble(1) }, 9, false],
  ["and then asked again", { trouble: trouble(1) }, 10, true],
  ["less and less often", { trouble: trouble(3) }, 119, false],
  ["but at least once an hour", { trouble: trouble(50) }, 3600, true],
])("%s", (_what, known, seconds, due) => {
  expect(isDue(summaryOf(known).body, later(seconds))).toBe(due);
});

test("the first look is due at once", () => {
  const { learnt: _, ...fresh } = summaryOf().body;
  expect(isDue(fresh, noon)).toBe(true);
});

test("without a source nobody is asked", () => {
  const { source: _, ...body } = summaryOf().body;
  expect(isDue(body, later(9 * day))).toBe(false);
});

const packed = (hash: string, gzip = "H4sI") => ({ hash, kinds: { Pod: "v1.Pod" }, gzip });

function changed(groupVersion: string, hash: string, more: Partial<ChangedSchemas> = {}) {
  return { groupVersion, body: packed(hash), document: undefined, ...more };
}

const kept = (groupVersion: string, hash: string) =>
  documentOf(keptSchemasKey(fleetId, groupVersion), packed(hash));

type Told = Partial<Extract<SourceSeen, { kind: "seen" }>>;

function decide(
  known: Partial<LearntOpenApi>,
  seen: SourceSeen | Told | undefined,
  more: Partial<OpenApiToDecide> = {},
) {
  const told = { kind: "seen", hashes: {}, changed: [], gone: [], ...seen } as SourceSeen;
  const summary = summaryOf(known);
  return decideOpenApi({
    summary,
    seen: seen === undefined ? undefined : told,
    others: [],
    now: later(60),
    ...more,
  });
}

/** The summary that a plan saves. */
function summaryAfter(writes: readonly Write[]): LearntOpenApi | undefined {
  const last = writes.at(-1);
  return last?.kind === "replace" ? (last.body as LearntOpenApi) : undefined;
}

test("what was not asked is not written, and looked at in a day", () => {
  expect(decide({}, undefined)).toMatchObject({ writes: [], wakeAt: later(day) });
});

test("what changed is written in one commit with its hash", () => {
  const document = kept("apis/apps/v1", "A");
  const plan = decide(
    { hashes: { "apis/apps/v1": "A", "api/v1": "C" } },
    {
      hashes: { "apis/apps/v1": "B", "api/v1": "C", "apis/batch/v1": "D" },
      changed: [changed("apis/apps/v1", "B", { document }), changed("apis/batch/v1", "D")],
    },
  );
  expect(plan.writes).toMatchObject([
    { kind: "replace", document, body: { hash: "B" } },
    { kind: "create", key: keptSchemasKey(fleetId, "apis/batch/v1"), body: { hash: "D" } },
    { kind: "replace" },
  ]);
  expect(summaryAfter(plan.writes)).toEqual({
    source: sourceOfMember("aks-1"),
    learnt: { ...sourceOfMember("aks-1"), at: later(60) },
    hashes: { "apis/apps/v1": "B", "api/v1": "C", "apis/batch/v1": "D" },
  });
  expect(plan).toMatchObject({ wakeAt: later(60 + day) });
  expect(plan.again).toBeUndefined();
});

test("what the source has no more is deleted", () => {
  const gone = kept("apis/old/v1", "A");
  const plan = decide(
    { hashes: { "apis/old/v1": "A", "api/v1": "C" } },
    { hashes: { "api/v1": "C" }, gone: [gone] },
  );
  expect(plan.writes).toMatchObject([{ kind: "delete", document: gone }, { kind: "replace" }]);
  expect(summaryAfter(plan.writes)?.hashes).toEqual({ "api/v1": "C" });
});

test("what was read in part is kept, and the rest is read at once", () => {
  const plan = decide({}, { hashes: { a: "1", b: "2" }, changed: [changed("a", "1")] });
  expect(plan.again).toBe(true);
  expect(summaryAfter(plan.writes)).toMatchObject({ hashes: { a: "1" } });
  expect(summaryAfter(plan.writes)?.learnt).toBeUndefined();
});

test("more than a commit takes is written in several", () => {
  const large = (name: string) => changed(name, "1", { body: packed("1", "x".repeat(500_000)) });
  const names = ["a", "b", "c"];
  const hashes = { a: "1", b: "1", c: "1" };
  const plan = decide({}, { hashes, changed: names.map(large) });
  expect(plan.writes).toHaveLength(3);
  expect(plan.again).toBe(true);
  expect(summaryAfter(plan.writes)?.hashes).toEqual({ a: "1", b: "1" });
});

test.each<[what: string, seen: SourceSeen | Told]>([
  ["does not answer", { kind: "unreachable", reason: "away" }],
  ["tells nothing of what it has", { hashes: { "api/v1": "A" } }],
])("a source that %s is asked again later, and what was learnt stays", (_what, seen) => {
  const hashes = { "apis/apps/v1": "A", "api/v1": "C" };
  const plan = decide({ hashes }, seen);
  expect(plan.writes).toHaveLength(1);
  expect(summaryAfter(plan.writes)).toMatchObject({ hashes, trouble: { tries: 1, at: later(60) } });
  expect(plan.wakeAt).toBe(later(70));
});

test("after some tries another member is learnt from, where there is one", () => {
  const seen: SourceSeen = { kind: "unreachable", reason: "away" };
  const others = [memberOf("aks-1"), memberOf("b", "1.33.0")];
  const first = decide({ trouble: trouble(1) }, seen, { others });
  expect(summaryAfter(first.writes)).toMatchObject({ source: { member: "aks-1" } });
  const third = decide({ trouble: trouble(2) }, seen, { others });
  expect(summaryAfter(third.writes)?.source).toEqual(sourceOfMember("b", "1.33.0"));
  expect(summaryAfter(third.writes)).not.toHaveProperty("trouble");
  expect(third.again).toBe(true);
  const alone = decide({ trouble: trouble(7) }, seen);
  expect(summaryAfter(alone.writes)).toMatchObject({ trouble: { tries: 8 } });
});

test("a source without OpenAPI v3 is asked again in a day, and what was learnt stays", () => {
  const hashes = { "api/v1": "C" };
  const plan = decide({ hashes, trouble: trouble(2) }, { kind: "absent" });
  expect(summaryAfter(plan.writes)).toMatchObject({ hashes, learnt: { at: later(60) } });
  expect(summaryAfter(plan.writes)).not.toHaveProperty("trouble");
  expect(plan.wakeAt).toBe(later(60 + day));
});
