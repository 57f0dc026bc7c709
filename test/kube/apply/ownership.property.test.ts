import { expect, test } from "vitest";
import { inVersionOf } from "../../../shared/kube/apply/in-version.ts";
import { serverSideApply } from "../../../shared/kube/apply/server-side-apply.ts";
import { trackUpdate } from "../../../shared/kube/apply/track-update.ts";
import { arrayOf, at, objectOf } from "../../../shared/kube/json.ts";
import { kindsOf } from "../../../shared/kube/kinds.ts";
import { objectShape } from "../../../shared/kube/schema/object-shape.ts";
import type { KubeObject } from "../../../shared/kube/served-kind.ts";
import { StatusError } from "../../../shared/kube/status-error.ts";
import type { JsonObject } from "../../../shared/lib/kube-object.ts";
import { fc } from "../../chance.ts";
import { widget } from "../kube-fixture.ts";
import { emptyModel, leavesIn, leavesOf, writeModel } from "./ownership-model.ts";

const [version] = widget.versions;
if (version === undefined) throw new Error("the kind has a version");
const shape = objectShape(version);
const inVersion = inVersionOf(kindsOf([widget]), widget);

const names = fc.constantFrom("a", "b", "c");
const spec = fc.record(
  {
    size: fc.nat(2),
    color: fc.constantFrom("red", "blue"),
    free: fc.dictionary(fc.constantFrom("a", "b", "constructor"), fc.nat(2), {
      minKeys: 1,
      maxKeys: 3,
    }),
    tags: fc.uniqueArray(names, { minLength: 1, maxLength: 3 }),
    parts: fc.uniqueArray(
      fc.record({ name: names, weight: fc.nat(2) }, { requiredKeys: ["name"] }),
      { selector: ({ name }) => name, minLength: 1, maxLength: 3 },
    ),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<JsonObject>;

const write = fc.record({
  by: fc.constantFrom("alice", "bob", "carol"),
  how: fc.constantFrom("apply" as const, "apply" as const, "force" as const, "update" as const),
  version: fc.constantFrom("v1", "v1beta1"),
  spec,
});
type Write = typeof write extends fc.Arbitrary<infer Each> ? Each : never;

/** Undefined for a conflict. */
function made(
  live: KubeObject | undefined,
  { by, how, version: name, spec: content }: Write,
  minute: number,
): KubeObject | undefined {
  const apiVersion = `example.com/${name}`;
  const metadata = { name: "w" };
  const object: KubeObject = { apiVersion, kind: "Widget", metadata, spec: content };
  const now = `2026-01-01T00:${String(minute).padStart(2, "0")}:00Z`;
  const common = { shape, inVersion, manager: by, apiVersion, hasStatus: true, now };
  const shown = live && { ...live, apiVersion };
  const what = { applied: object, sent: object };
  try {
    return how === "update"
      ? trackUpdate({ ...common, live: shown, object })
      : serverSideApply({ ...common, ...what, live: shown, force: how === "force" });
  } catch (error) {
    if (error instanceof StatusError && error.code === 409) return undefined;
    throw error;
  }
}

function ownersOf(live: KubeObject | undefined): JsonObject {
  const owners = new Map<string, Set<string>>();
  for (const entry of arrayOf(at(live, "metadata", "managedFields")) as JsonObject[]) {
    const key = `${String(entry["manager"])}/${String(entry["operation"])}`;
    const known = owners.get(key) ?? new Set();
    for (const leaf of leavesIn(objectOf(entry["fieldsV1"]))) known.add(leaf);
    owners.set(key, known);
  }
  return sorted(owners);
}

function sorted(owners: ReadonlyMap<string, ReadonlySet<string>>): JsonObject {
  return Object.fromEntries(
    [...owners]
      .filter(([, owned]) => owned.size > 0)
      .map(([key, owned]) => [key, [...owned].sort()]),
  );
}

test("any sequence of applies and updates, in two versions, does what the model does", () => {
  fc.assert(
    fc.property(fc.array(write, { minLength: 1, maxLength: 12 }), (writes) => {
      let live: KubeObject | undefined;
      const model = emptyModel();
      for (const [minute, each] of writes.entries()) {
        const next = made(live, each, minute);
        const leaves = leavesOf(each.spec);
        const isTaken = writeModel(model, { by: each.by, how: each.how, leaves });
        expect([next !== undefined, minute]).toEqual([isTaken, minute]);
        live = next ?? live;
        const seen = Object.fromEntries([...leavesOf(objectOf(live?.["spec"]))].sort());
        expect(seen).toEqual(Object.fromEntries([...model.live].sort()));
        expect(ownersOf(live)).toEqual(sorted(model.owned));
        // From here on updates have no owner, and the first apply has a maker before it: beside
        // what the model tells, and tested in server-side-apply.test.ts.
        if (live !== undefined && at(live, "metadata", "managedFields") === undefined) break;
      }
    }),
    { numRuns: 400 },
  );
});

test("an apply in another version replaces what its manager owned in the first", () => {
  fc.assert(
    fc.property(spec, spec, (one, two) => {
      const by = "alice";
      const first = made(undefined, { by, how: "apply", version: "v1beta1", spec: one }, 0);
      const second = made(first, { by, how: "apply", version: "v1", spec: two }, 1);
      const entries = arrayOf(at(second, "metadata", "managedFields")) as JsonObject[];
      // Who wants nothing of it owns the empty spec.
      expect(entries.map(({ apiVersion }) => apiVersion)).toEqual(["example.com/v1"]);
      expect(leavesOf(objectOf(second?.["spec"]))).toEqual(leavesOf(two));
    }),
  );
});

/** What of a spec one manager wants, where the other one wants the rest. */
function split(whole: JsonObject, isFirst: boolean): JsonObject {
  const mine = (index: number): boolean => (index % 2 === 0) === isFirst;
  const part = (value: JsonObject[string]): JsonObject[string] => {
    if (Array.isArray(value)) return value.filter((_, index) => mine(index));
    if (typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value ?? {}).filter((_, index) => mine(index)));
  };
  const scalar = { size: isFirst, color: !isFirst } as Readonly<Record<string, boolean>>;
  const fields = Object.entries(whole)
    .filter(([name]) => scalar[name] !== false)
    .map(([name, value]): [string, JsonObject[string]] => [name, part(value)])
    .filter(([, value]) => typeof value !== "object" || Object.keys(value ?? {}).length > 0);
  return Object.fromEntries(fields);
}

test("disjoint applies of two managers commute", () => {
  fc.assert(
    fc.property(spec, (whole) => {
      const of = (by: Write["by"], isFirst: boolean): Write => ({
        by,
        how: "apply",
        version: "v1",
        spec: split(whole, isFirst),
      });
      const [a, b] = [of("alice", true), of("bob", false)];
      const ab = made(made(undefined, a, 0), b, 1);
      const ba = made(made(undefined, b, 0), a, 1);
      expect(leavesOf(objectOf(ab?.["spec"]))).toEqual(leavesOf(objectOf(ba?.["spec"])));
      expect(leavesOf(objectOf(ab?.["spec"]))).toEqual(leavesOf(whole));
      expect(ownersOf(ab)).toEqual(ownersOf(ba));
      // Who gives all up takes with it what was its own, and nothing else.
      const rest = made(ab, { ...a, spec: {} }, 2);
      expect(leavesOf(objectOf(rest?.["spec"]))).toEqual(leavesOf(b.spec));
    }),
  );
});

test("a write by one manager leaves each field with an owner that was there or wrote it", () => {
  fc.assert(
    fc.property(fc.array(write, { minLength: 2, maxLength: 8 }), (writes) => {
      let live: KubeObject | undefined;
      for (const [minute, each] of writes.entries()) {
        live = made(live, each, minute) ?? live;
        const leaves = leavesOf(objectOf(live?.["spec"]));
        const claimed = Object.values(ownersOf(live)).flatMap((owned) => owned as string[]);
        for (const claim of claimed) expect(leaves.has(claim)).toBe(true);
      }
    }),
  );
});
