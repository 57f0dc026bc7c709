import { describe, expect, test } from "vitest";
import { pod } from "../../../shared/kube/built-in/merge-shapes.ts";
import { jsonPatch } from "../../../shared/kube/patch/json-patch.ts";
import { mergePatch } from "../../../shared/kube/patch/merge-patch.ts";
import { strategicMerge } from "../../../shared/kube/patch/strategic-merge.ts";
import { withoutNulls } from "../../../shared/kube/schema/prune.ts";
import type { Json, JsonObject } from "../../../shared/lib/kube-object.ts";
import { fc } from "../../chance.ts";

/** RFC 7396, appendix A. */
test.each<[target: Json, patch: Json, result: Json]>([
  [{ a: "b" }, { a: "c" }, { a: "c" }],
  [{ a: "b" }, { b: "c" }, { a: "b", b: "c" }],
  [{ a: "b" }, { a: null }, {}],
  [{ a: "b", b: "c" }, { a: null }, { b: "c" }],
  [{ a: ["b"] }, { a: "c" }, { a: "c" }],
  [{ a: "c" }, { a: ["b"] }, { a: ["b"] }],
  [{ a: { b: "c" } }, { a: { b: "d", c: null } }, { a: { b: "d" } }],
  [{ a: [{ b: "c" }] }, { a: [1] }, { a: [1] }],
  [
    ["a", "b"],
    ["c", "d"],
    ["c", "d"],
  ],
  [{ a: "b" }, ["c"], ["c"]],
  [{ a: "foo" }, null, null],
  [{ a: "foo" }, "bar", "bar"],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [[1, 2], { a: "b", c: null }, { a: "b" }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
])("a merge patch of %j with %j is %j", (target, patch, result) => {
  expect(mergePatch(target, patch)).toEqual(result);
});

test("a merge patch applied again changes nothing", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (target, patch) => {
      const once = mergePatch(target as Json, patch as Json);
      expect(mergePatch(once, patch as Json)).toEqual(once);
    }),
  );
});

test("a JSON patch replaces a field that is missing, where an object is to have it", () => {
  const replace = (path: string) => [{ op: "replace", path, value: 3 }];
  expect(jsonPatch({ spec: {} }, replace("/spec/replicas"))).toEqual({ spec: { replicas: 3 } });
  for (const path of ["/status/replicas", "/list/1", "/list/-"]) {
    expect(() => jsonPatch({ list: [1] }, replace(path))).toThrow(
      expect.objectContaining({ code: 422 }),
    );
  }
});

test("a JSON patch leaves its target alone", () => {
  const target = { a: { b: [1, 2] } };
  const patch = [
    { op: "add", path: "/a/b/-", value: 3 },
    { op: "remove", path: "/a/b/0" },
    { op: "copy", from: "/a", path: "/c" },
  ];
  expect(jsonPatch(target, patch)).toEqual({ a: { b: [2, 3] }, c: { b: [2, 3] } });
  expect(target).toEqual({ a: { b: [1, 2] } });
});

test.each([
  [[{ op: "test", path: "/a", value: 2 }], 422],
  [[{ op: "add", path: "/__proto__/x", value: 1 }], 422],
  [[{ op: "fly", path: "/a" }], 422],
  [[{ op: "replace", path: "", value: 1 }], 422],
  ["text", 400],
  [[1], 400],
  [Array.from({ length: 10_001 }, () => ({ op: "test", path: "/a", value: 1 })), 413],
])("a JSON patch %# is refused", (patch, code) => {
  expect(() => jsonPatch({ a: 1 }, patch as Json)).toThrow(expect.objectContaining({ code }));
});

function podOf(...containers: readonly JsonObject[]): JsonObject {
  return { spec: { containers } };
}

const two = podOf({ name: "a", image: "a:1" }, { name: "b", image: "b:1" });

describe("a strategic merge patch", () => {
  test.each<[does: string, patch: JsonObject, result: JsonObject]>([
    [
      "merges items by their key",
      podOf({ name: "b", image: "b:2" }),
      podOf({ name: "a", image: "a:1" }, { name: "b", image: "b:2" }),
    ],
    [
      "puts new items first",
      podOf({ name: "c", image: "c:1" }),
      podOf({ name: "c", image: "c:1" }, { name: "a", image: "a:1" }, { name: "b", image: "b:1" }),
    ],
    ["deletes items", podOf({ name: "a", $patch: "delete" }), podOf({ name: "b", image: "b:1" })],
    ["replaces a list", podOf({ $patch: "replace" }, { name: "z" }), podOf({ name: "z" })],
    [
      "replaces an object",
      { spec: { $patch: "replace", nodeName: "n" } },
      { spec: { nodeName: "n" } },
    ],
    ["removes a field", { spec: { containers: null } }, { spec: {} }],
    ["deletes an object's fields", { spec: { $patch: "delete" } }, { spec: {} }],
    [
      "keeps only the keys that it retains",
      { spec: { $retainKeys: ["nodeName"], nodeName: "n" } },
      { spec: { nodeName: "n" } },
    ],
    [
      "orders a list",
      { spec: { "$setElementOrder/containers": [{ name: "b" }, { name: "a" }] } },
      podOf({ name: "b", image: "b:1" }, { name: "a", image: "a:1" }),
    ],
    [
      "orders a list that it adds to, and keeps others behind what they were behind",
      {
        spec: {
          "$setElementOrder/containers": [{ name: "n" }, { name: "a" }],
          containers: [{ name: "n" }],
        },
      },
      podOf({ name: "n" }, { name: "a", image: "a:1" }, { name: "b", image: "b:1" }),
    ],
    [
      "takes out values of a list",
      {
        metadata: { finalizers: ["x/1", "x/2"] },
        "$deleteFromPrimitiveList/tags": ["t"],
        spec: { containers: [] },
      },
      { metadata: { finalizers: ["x/1", "x/2"] }, tags: [], ...two },
    ],
    [
      "replaces lists without a key",
      { spec: { tolerations: [{ key: "a" }] } },
      { spec: { ...(two["spec"] as JsonObject), tolerations: [{ key: "a" }] } },
    ],
  ])("%s", (_does, patch, result) => {
    expect(strategicMerge(two, patch, pod)).toEqual(result);
  });

  test.each([[podOf({ image: "x" })], [{ spec: { $patch: "explode" } }]])(
    "that makes no sense is refused: %j",
    (patch) => {
      expect(() => strategicMerge(two, patch as JsonObject, pod)).toThrow(
        expect.objectContaining({ code: 400 }),
      );
    },
  );

  test("applied again changes nothing", () => {
    const names = fc.constantFrom("a", "b", "c");
    const container = fc.record({ name: names, image: names }, { requiredKeys: ["name"] });
    const containers = fc.uniqueArray(container, { selector: ({ name }) => name });
    fc.assert(
      fc.property(containers, containers, (before, patch) => {
        const once = strategicMerge(podOf(...before), podOf(...patch), pod);
        expect(strategicMerge(once, podOf(...patch), pod)).toEqual(once);
      }),
    );
  });
});

test("nulls are the same as nothing in Kubernetes' own kinds", () => {
  const value = { a: null, b: { c: null, d: 1 }, e: [{ f: null }] };
  expect(withoutNulls(value)).toEqual({ b: { d: 1 }, e: [{}] });
});
