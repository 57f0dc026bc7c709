import { expect, test } from "vitest";
import { columnErrors, scaleErrors } from "../../../shared/kube/definitions/served-field-rules.ts";

const column = (jsonPath: unknown) => [{ name: "A", type: "string", jsonPath }] as never;

test.each([
  ".",
  ".spec.size",
  ".status.conditions[-1:].type",
  ".spec.a[-1]",
  ".spec.a[0:2]",
  ".spec.a[*]",
  ".spec['a','b']",
  "..name",
  '.spec.a[?(@.type!="Ready")].status',
  ".spec.a[?(@.status)].type",
  ".spec.a[?(@.n>1)].type",
  ".spec.a[?(@.ready==true)].type",
  ".spec.a[?( @.type=='Ready' )].status",
  '.spec.a[?(@.type=="Ready" )].status',
  ".spec.a[?(@.a=='b' && @.c=='d')].status",
  ".spec.a[",
  ".metadata.labels.example\\.com/tier",
  ". what is this?",
])("a column may have the path %s", (jsonPath) => {
  expect(columnErrors(column(jsonPath), "columns")).toEqual([]);
});

test.each([
  ["spec.size", 'Invalid value: "spec.size": must be a simple json path starting with .'],
  ["{.spec}", 'Invalid value: "{.spec}": must be a simple json path starting with .'],
  ["", "Required value"],
  [undefined, "Required value"],
])("a column may not have the path %j", (jsonPath, message) => {
  expect(columnErrors(column(jsonPath), "columns")).toMatchObject([
    { field: "columns[0].jsonPath", message },
  ]);
});

test("a scale's paths lie below the spec and the status", () => {
  const wrong = { specReplicasPath: ".status.a", statusReplicasPath: ".spec.a" };
  expect(scaleErrors(wrong, "sub").map(({ field }) => field)).toEqual([
    "sub.scale.specReplicasPath",
    "sub.scale.statusReplicasPath",
  ]);
  const right = { specReplicasPath: ".spec.a[0]", statusReplicasPath: ".status.a" };
  expect(scaleErrors({ ...right, labelSelectorPath: ".status.b" }, "sub")).toEqual([]);
});
