import { expect, test } from "vitest";
import type { KubeObject, PrinterColumn, ServedVersion } from "../../../shared/kube/served-kind.ts";
import { ageOf, humanDuration } from "../../../shared/kube/table/age.ts";
import { tableOf } from "../../../shared/kube/table/table.ts";
import type { Instant } from "../../../shared/lib/instant.ts";
import type { Json } from "../../../shared/lib/kube-object.ts";

const now = "2026-11-21T12:00:05.000Z" as Instant;
const options = {
  includeObject: "None",
  metaVersion: "v1",
  now,
  withColumns: true,
  metadata: {},
} as const;

function tableWith(version: Omit<ServedVersion, "name">, spec: Json) {
  const metadata = { name: "n", creationTimestamp: "2026-11-21T12:00:00Z" };
  const object = { apiVersion: "a/v1", kind: "K", metadata, spec } as KubeObject;
  const table = tableOf([object], { name: "v1", ...version }, options);
  const [row] = table["rows"] as { cells: Json[] }[];
  return { columns: table["columnDefinitions"] as object[], cells: row?.cells };
}

/** What a custom resource's column shows of a value. */
const cell = (type: PrinterColumn["type"], a: Json | undefined): Json | undefined =>
  tableWith({ columns: [{ name: "A", type, jsonPath: ".spec.a" }] }, { a } as Json).cells?.[1];

test.each<[type: PrinterColumn["type"], value: Json | undefined, cell: Json]>([
  ["string", "x", "x"],
  ["string", 2.75, "2.75"],
  ["string", true, "true"],
  ["string", null, "<no value>"],
  ["string", { b: 1, a: "<&>" }, '{"a":"\\u003c\\u0026\\u003e","b":1}'],
  ["string", ["x", 1], '["x",1]'],
  ["string", undefined, null],
  ["integer", 2, 2],
  ["integer", 2.75, 2],
  ["integer", -2.75, -2],
  ["integer", "2", null],
  ["integer", true, null],
  ["integer", [2], null],
  ["number", 2.75, 2.75],
  ["number", "2.75", null],
  ["boolean", false, false],
  ["boolean", "false", null],
  ["boolean", 0, null],
  ["date", "2026-11-21T12:00:00Z", "5s"],
  ["date", "2026-11-21T14:00:00.5+02:00", "4s"],
  ["date", "yesterday", "<invalid>"],
  ["date", "2026-11-21", "<invalid>"],
  ["date", "", "<unknown>"],
  ["date", 1_700_000_000, null],
  ["date", null, null],
  ["date", undefined, null],
])("a column of type %s shows %j as %j", (type, value, shown) => {
  expect(cell(type, value)).toBe(shown);
});

test("a kind that tells of no columns shows names and ages", () => {
  const { columns, cells } = tableWith({}, {});
  expect(columns).toMatchObject([
    { name: "Name", type: "string", format: "name", priority: 0 },
    { name: "Age", type: "date", format: "", priority: 0 },
  ]);
  expect(cells).toEqual(["n", "5s"]);
});

test("columns are told as they are defined, and no age is added", () => {
  const path = { type: "integer", jsonPath: ".spec.a", priority: 1, format: "int32" } as const;
  const described = { name: "A", description: "How many.", ...path };
  const { columns, cells } = tableWith({ columns: [described, { name: "B", ...path }] }, { a: 1 });
  const told = { type: "integer", format: "int32", priority: 1 };
  expect(columns.slice(1)).toEqual([
    { name: "A", description: "How many.", ...told },
    {
      name: "B",
      description: "Custom resource definition column (in JSONPath format): .spec.a",
      ...told,
    },
  ]);
  expect(cells).toEqual(["n", 1, 1]);
});

test("a kind none of whose columns can be read shows names alone", () => {
  expect(tableWith({ columns: [] }, {}).cells).toEqual(["n"]);
});

test.each<[time: Json | undefined, age: string]>([
  ["2026-11-21T12:00:00Z", "5s"],
  ["2026-11-21T12:00:00.123456Z", "4s"],
  ["2026-11-21T13:00:00Z", "<invalid>"],
  ["soon", "<invalid>"],
  [5, "<invalid>"],
  [null, "<unknown>"],
  [undefined, "<unknown>"],
  ["", "<unknown>"],
])("the age of %j is %s", (time, age) => {
  expect(ageOf(time, now)).toBe(age);
});

test.each([
  [0, "0s"],
  [119, "119s"],
  [120, "2m"],
  [192, "3m12s"],
  [600, "10m"],
  [3 * 3600 - 1, "179m"],
  [3 * 3600, "3h"],
  [5 * 3600 + 120, "5h2m"],
  [8 * 3600, "8h"],
  [47 * 3600, "47h"],
  [48 * 3600, "2d"],
  [52 * 3600, "2d4h"],
  [8 * 86_400, "8d"],
  [729 * 86_400, "729d"],
  [760 * 86_400, "2y30d"],
  [9 * 365 * 86_400, "9y"],
  [-1, "0s"],
  [-5, "<invalid>"],
])("%i seconds are %s", (seconds, text) => {
  expect(humanDuration(seconds * 1000)).toBe(text);
});
