import type { ItemDefinition, PatchOperation } from "@azure/cosmos";
import { expect, test } from "vitest";
import { document, open, statusOf } from "./open-endpoint.ts";

const start = { count: 1, list: [1, 2], deep: { a: 1 }, "x/y": 1 };

const applied: readonly (readonly [what: string, patch: PatchOperation[], want: object])[] = [
  ["sets", [{ op: "set", path: "/count", value: 5 }], { count: 5 }],
  [
    "sets what is not there",
    [{ op: "set", path: "/deep/b", value: [] }],
    { deep: { a: 1, b: [] } },
  ],
  ["adds", [{ op: "add", path: "/more", value: { a: null } }], { more: { a: null } }],
  ["inserts into a list", [{ op: "add", path: "/list/1", value: 9 }], { list: [1, 9, 2] }],
  ["appends to a list", [{ op: "add", path: "/list/-", value: 3 }], { list: [1, 2, 3] }],
  ["sets in a list", [{ op: "set", path: "/list/0", value: 7 }], { list: [7, 2] }],
  ["replaces", [{ op: "replace", path: "/deep/a", value: "b" }], { deep: { a: "b" } }],
  ["removes", [{ op: "remove", path: "/deep/a" }], { deep: {} }],
  ["removes from a list", [{ op: "remove", path: "/list/0" }], { list: [2] }],
  ["increments", [{ op: "incr", path: "/count", value: -3 }], { count: -2 }],
  ["increments what is not there", [{ op: "incr", path: "/fresh", value: 2 }], { fresh: 2 }],
  ["takes escaped names", [{ op: "set", path: "/x~1y", value: 2 }], { "x/y": 2 }],
  [
    "carries out operations in order",
    [
      { op: "add", path: "/deep/b", value: 1 },
      { op: "incr", path: "/deep/b", value: 1 },
      { op: "remove", path: "/deep/a" },
    ],
    { deep: { b: 2 } },
  ],
];

test.each(applied)("a patch %s", async (_what, patch, want) => {
  const { documents } = await open();
  await documents.items.create(document("a", start));
  const patched = await documents.item("a", "f").patch<ItemDefinition>(patch);
  expect(patched.statusCode).toBe(200);
  expect(patched.resource).toMatchObject({ ...start, ...want });
  expect((await documents.item("a", "f").read()).resource).toEqual(patched.resource);
});

const refused: readonly (readonly [what: string, patch: PatchOperation[]])[] = [
  ["replaces what is not there", [{ op: "replace", path: "/none", value: 1 }]],
  ["removes what is not there", [{ op: "remove", path: "/none" }]],
  ["creates a path recursively", [{ op: "add", path: "/none/below", value: 1 }]],
  ["increments a text", [{ op: "incr", path: "/kind", value: 1 }]],
  ["writes beyond a list", [{ op: "add", path: "/list/5", value: 1 }]],
  ["changes the id", [{ op: "set", path: "/id", value: "b" }]],
  ["changes the partition key", [{ op: "set", path: "/fleet", value: "g" }]],
  ["changes the ETag", [{ op: "set", path: "/_etag", value: "x" }]],
  ["moves", [{ op: "move", from: "/count", path: "/moved" } as unknown as PatchOperation]],
  ["has no operation", []],
  ["has 11 operations", Array.from({ length: 11 }, () => ({ op: "set", path: "/n", value: 1 }))],
  [
    "fails only at its end",
    [
      { op: "set", path: "/count", value: 5 },
      { op: "remove", path: "/none" },
    ],
  ],
];

test.each(refused)(
  "a patch that %s is refused with 400 and changes nothing",
  async (_what, patch) => {
    const { documents } = await open();
    const before = await documents.items.create(document("a", start));
    expect(await statusOf(documents.item("a", "f").patch(patch))).toBe(400);
    expect((await documents.item("a", "f").read()).resource).toEqual(before.resource);
  },
);

test.each([
  ["from c where c.count = 1", 200],
  ["from c where c.kind = 'members' and c.deep.a < 2", 200],
  ["from c where c.count = 2", 412],
  ["from c where c.none = 1", 412],
  ["from c where", 400],
])("a patch on condition %j answers %i", async (condition, status) => {
  const { documents } = await open();
  await documents.items.create(document("a", start));
  const operations: PatchOperation[] = [{ op: "incr", path: "/count", value: 1 }];
  const item = documents.item("a", "f");
  expect(await statusOf(item.patch({ condition, operations }))).toBe(status);
  expect((await item.read()).resource?.["count"]).toBe(status === 200 ? 2 : 1);
});

test("100 increments at once add up", async () => {
  const { documents } = await open();
  await documents.items.create(document("a", { count: 0 }));
  const item = documents.item("a", "f");
  await Promise.all(
    Array.from({ length: 100 }, async () => {
      await item.patch([{ op: "incr", path: "/count", value: 1 }]);
    }),
  );
  expect((await item.read()).resource?.["count"]).toBe(100);
});
