import { expect, test } from "vitest";
import {
  withoutShownDefaults,
  withShownDefaults,
} from "../../../shared/kube/object/shown-defaults.ts";
import type { ShownDefaults } from "../../../shared/kube/served-kind.ts";
import type { Json, JsonObject } from "../../../shared/lib/kube-object.ts";
import { fc } from "../../chance.ts";

const port: ShownDefaults = { values: { name: "", protocol: "TCP" } };
const defaults: ShownDefaults = {
  values: ({ kind }) => (kind === "many" ? { size: 9, kept: true } : { size: 1, kind: "one" }),
  fields: { inner: { values: { list: [1], on: false }, items: { ports: port } } },
  items: { ports: port },
};

test.each<[what: string, stored: JsonObject, shown: JsonObject]>([
  ["what is missing", {}, { size: 1, kind: "one" }],
  ["what is null", { size: null, kind: "x" }, { size: 1, kind: "x" }],
  ["what depends on other fields", { kind: "many" }, { kind: "many", size: 9, kept: true }],
  [
    "what is missing in a field",
    { size: 2, kind: "x", inner: { on: true } },
    { size: 2, kind: "x", inner: { on: true, list: [1] } },
  ],
  [
    "what is missing in items",
    { size: 2, kind: "x", ports: [{ port: 1 }, { port: 2, name: "b", protocol: "UDP" }, 3, null] },
    {
      ...{ size: 2, kind: "x" },
      ports: [
        { port: 1, name: "", protocol: "TCP" },
        { port: 2, name: "b", protocol: "UDP" },
        3,
        null,
      ],
    },
  ],
])("%s is shown, and not kept when it comes back", (_what, stored, shown) => {
  const before = structuredClone(stored);
  expect(withShownDefaults(stored, defaults)).toEqual(shown);
  expect(stored).toEqual(before);
  expect(withShownDefaults(withoutShownDefaults(shown, stored, defaults), defaults)).toEqual(shown);
  expect(withoutShownDefaults(shown, stored, defaults)).not.toHaveProperty("kept");
});

test("what lacks nothing is shown as it is, without a copy", () => {
  const inner = { list: [], on: false, ports: [{ name: "a", protocol: "UDP" }] };
  const full = { size: 0, kind: "", inner, ports: [{ name: "", protocol: "" }] };
  expect(withShownDefaults(full, defaults)).toBe(full);
  const shown = withShownDefaults({ kind: "one", inner }, defaults);
  expect(shown.inner).toBe(inner);
});

test.each<[what: string, stored: JsonObject, wanted: JsonObject, kept: JsonObject]>([
  ["another value than the default", {}, { size: 2, kind: "one" }, { size: 2 }],
  ["a default that was written", { size: 1 }, { size: 1, kind: "one" }, { size: 1 }],
  ["what is left out", { size: 3 }, {}, {}],
  ["a default in an object that is new", {}, { inner: { on: false } }, { inner: { on: false } }],
  [
    "a default that the change makes another",
    { kind: "many" },
    { kind: "one", size: 9 },
    { kind: "one", size: 9 },
  ],
  [
    "an item of a new name",
    { ports: [{ name: "a" }] },
    {
      ports: [
        { name: "b", protocol: "TCP" },
        { name: "a", protocol: "TCP" },
      ],
    },
    { ports: [{ name: "b", protocol: "TCP" }, { name: "a" }] },
  ],
  [
    "one more item without a name",
    { ports: [{ port: 1 }] },
    {
      ports: [
        { port: 2, name: "", protocol: "TCP" },
        { port: 3, name: "", protocol: "TCP" },
      ],
    },
    { ports: [{ port: 2 }, { port: 3, name: "", protocol: "TCP" }] },
  ],
])("%s is kept as the client wants it", (_what, stored, wanted, kept) => {
  expect(withoutShownDefaults(wanted, stored, defaults)).toEqual(kept);
});

/** Values in which the fields above are often found, of any type. */
const { value: anyValue } = fc.letrec<{ value: Json; object: JsonObject }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<Json>(1, 9, true, false, "one", "many", "", "TCP", [1], {}, []),
    fc.array(tie("value"), { maxLength: 3 }),
    tie("object"),
  ),
  object: fc.dictionary(
    fc.constantFrom("size", "kind", "kept", "inner", "list", "on", "ports", "name", "protocol"),
    tie("value"),
  ),
}));
const anyObject = anyValue.filter(
  (value): value is JsonObject => typeof value === "object" && !Array.isArray(value),
);

test("whatever is stored is the same after it came back as it was shown", () => {
  fc.assert(
    fc.property(anyObject, (stored) => {
      const shown = withShownDefaults(stored, defaults);
      expect(withShownDefaults(shown, defaults)).toBe(shown);
      expect(withoutShownDefaults(shown, stored, defaults)).toEqual(stored);
    }),
  );
});

test("whatever comes back means what the client has sent", () => {
  fc.assert(
    fc.property(anyObject, anyObject, (stored, wanted) => {
      const kept = withoutShownDefaults(wanted, stored, defaults);
      expect(withShownDefaults(kept, defaults)).toEqual(withShownDefaults(wanted, defaults));
    }),
  );
});

test("items are found by their names in another order, the first of each name", () => {
  const stored = { ports: [{ name: "a" }, { name: "b", protocol: "UDP" }, { name: "a", x: 1 }] };
  const wanted = {
    ports: [
      { name: "b", protocol: "UDP" },
      { name: "a", protocol: "TCP" },
    ],
  };
  expect(withoutShownDefaults(wanted, stored, { items: { ports: port } })).toEqual({
    ports: [{ name: "b", protocol: "UDP" }, { name: "a" }],
  });
});
