/** Patches that somebody sends to break something. */
import { expect, test } from "vitest";
import { pod } from "../../../shared/kube/built-in/merge-shapes.ts";
import { at, fieldsOf, isObject } from "../../../shared/kube/json.ts";
import { jsonPatch } from "../../../shared/kube/patch/json-patch.ts";
import { mergePatch } from "../../../shared/kube/patch/merge-patch.ts";
import { strategicMerge } from "../../../shared/kube/patch/strategic-merge.ts";
import { StatusError } from "../../../shared/kube/status-error.ts";
import type { Json, JsonObject } from "../../../shared/lib/kube-object.ts";
import { fc } from "../../chance.ts";

const names = fc.constantFrom(
  ...["a", "b", "spec", "containers", "name", "ports", "metadata", "finalizers", "tolerations"],
  ...["constructor", "toString", "hasOwnProperty", "__proto__", "prototype", "length", "0", ""],
  ...[
    "$patch",
    "$retainKeys",
    "$setElementOrder/containers",
    "$deleteFromPrimitiveList/finalizers",
  ],
);
const { value: documents } = fc.letrec<{ value: Json; object: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom<Json>(null, true, 1, "a", "delete", "replace", "merge"),
    tie("object"),
    fc.array(tie("value"), { maxLength: 3 }),
  ),
  object: fc
    .array(fc.tuple(names, tie("value")), { maxLength: 4 })
    .map((entries) => Object.fromEntries(entries) as Json),
}));
const objects = documents.filter(isObject);

/** The result, or the code of a refusal; anything else is a bug. */
function resultOf(patch: () => Json): Json {
  const before = Object.getOwnPropertyNames(Object.prototype).length;
  try {
    return patch();
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    expect([400, 413, 422]).toContain(error.code);
    return null;
  } finally {
    expect(Object.getOwnPropertyNames(Object.prototype)).toHaveLength(before);
  }
}

test("a merge patch: what it names is as it says, what it does not name is as it was", () => {
  fc.assert(
    fc.property(objects, objects, (target, patch) => {
      const result = mergePatch(target, patch);
      if (!isObject(result)) throw new Error("an object patched by an object is one");
      for (const [name, value] of fieldsOf(target)) {
        if (!Object.hasOwn(patch, name)) expect(result[name]).toEqual(value);
      }
      for (const [name, value] of fieldsOf(patch)) {
        const wanted = value === null ? undefined : mergePatch(at(target, name), value);
        expect(at(result, name)).toEqual(wanted);
      }
    }),
  );
});

test("a merge patch with nothing changes nothing, and one with all of it neither", () => {
  fc.assert(
    fc.property(objects, (target) => {
      expect(mergePatch(target, {})).toEqual(target);
      expect(mergePatch(mergePatch({}, target), mergePatch({}, target))).toEqual(
        mergePatch({}, target),
      );
    }),
  );
});

test("a strategic merge of anything with anything is a result without directives or a refusal", () => {
  const sound = fc.record({
    metadata: fc.record({ finalizers: fc.uniqueArray(fc.constantFrom("x/1", "x/2", "x/3")) }),
    spec: fc.record({
      containers: fc.uniqueArray(
        fc.record({ name: fc.constantFrom("a", "b"), image: fc.constantFrom("i", "j") }),
        { selector: ({ name }) => name },
      ),
    }),
  });
  fc.assert(
    fc.property(fc.oneof(sound, objects) as fc.Arbitrary<JsonObject>, objects, (target, patch) => {
      const clean = JSON.stringify(target).includes("$") ? {} : target;
      const before = structuredClone(clean);
      const result = resultOf(() => strategicMerge(clean, patch, pod));
      expect(JSON.stringify(result)).not.toMatch(
        /"\$(patch|retainKeys|setElementOrder|deleteFrom)/,
      );
      expect(clean).toEqual(before);
    }),
    { numRuns: 1_000 },
  );
});

const pointers = fc.oneof(
  fc.array(names, { maxLength: 4 }).map((path) => path.map((name) => `/${name}`).join("")),
  fc.constantFrom("/a/-", "/a/4294967295", "/a/1e3", "/a/-1", "/a/00", "a", "/~2", "//", "/a~1b"),
);
const operations = fc.array(
  fc.record(
    {
      op: fc.constantFrom<Json>("add", "remove", "replace", "move", "copy", "test", "_get", "", 1),
      path: fc.oneof(pointers, fc.constant<Json>(1)),
      from: fc.oneof(pointers, fc.constant<Json>({})),
      value: documents,
    },
    { requiredKeys: ["op"] },
  ),
  { maxLength: 8 },
) as fc.Arbitrary<Json>;

test("a JSON patch of anything does what it says or is refused, and leaves its target alone", () => {
  fc.assert(
    fc.property(objects, operations, (target, patch) => {
      const before = structuredClone(target);
      resultOf(() => jsonPatch(target, patch));
      expect(target).toEqual(before);
    }),
    { numRuns: 1_000 },
  );
});

test("a JSON patch of tests that hold changes nothing", () => {
  fc.assert(
    fc.property(objects, (target) => {
      const patch = fieldsOf(target)
        .filter(([name]) => name !== "__proto__")
        .map(([name, value]) => ({
          op: "test",
          path: `/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`,
          value,
        }));
      expect(jsonPatch(target, patch)).toEqual(target);
    }),
  );
});

test.each<[what: string, patch: Json]>([
  [
    "copies that double the object each time",
    Array.from({ length: 40 }, (_, index) => ({
      op: "copy",
      from: "/data",
      path: `/data/c${index}`,
    })),
  ],
  [
    "copies of a long text",
    [
      { op: "add", path: "/long", value: "x".repeat(100_000) },
      ...Array.from({ length: 5_000 }, (_, index) => ({
        op: "copy",
        from: "/long",
        path: `/c${index}`,
      })),
    ],
  ],
  [
    "an object deeper than any body may be",
    Array.from({ length: 300 }, (_, depth) => ({
      op: "add",
      path: "/a".repeat(depth + 1),
      value: {},
    })),
  ],
  ["an index that no list has", [{ op: "add", path: "/list/4294967294", value: 1 }]],
  ["a place behind the end of a list that is read", [{ op: "remove", path: "/list/-" }]],
  ["the prototype of all objects", [{ op: "add", path: "/constructor/prototype/x", value: 1 }]],
  ["what objects inherit", [{ op: "remove", path: "/toString" }]],
  ["a move into itself", [{ op: "move", from: "/data", path: "/data/inside" }]],
])("a JSON patch is refused in no time: %s", (_what, patch) => {
  const startedAt = performance.now();
  const target = { data: { a: "1" }, list: [1, 2] };
  expect(() => jsonPatch(target, patch)).toThrow(expect.objectContaining({ code: 422 }));
  expect(performance.now() - startedAt).toBeLessThan(1_000);
});

test("as many operations as are allowed are made in no time", () => {
  const startedAt = performance.now();
  const patch = Array.from({ length: 10_000 }, () => ({ op: "add", path: "/list/0", value: 1 }));
  expect((jsonPatch({ list: [] }, patch)["list"] as Json[]).length).toBe(10_000);
  expect(performance.now() - startedAt).toBeLessThan(3_000);
});
