import { expect, test } from "vitest";
import { checkVolumes } from "../../../../shared/kube/validation/storage/volumes-rule.ts";
import type { Json } from "../../../../shared/lib/kube-object.ts";
import { told } from "../errors-of.ts";
import { anEmptyName, notAMode, notAName } from "../sentences.ts";

type Fields = Readonly<Record<string, Json>>;

const errorsFor = (source: Fields) =>
  checkVolumes([{ name: "about", ...source }], "volumes")
    .errors.map(told)
    .map((error) => error.replace("volumes[0].", ""));
const ofFile = (file: Fields) => errorsFor({ downwardAPI: { items: [{ path: "a", ...file }] } });
const ofSources = (...sources: readonly Json[]) => errorsFor({ projected: { sources } });
const name = { fieldRef: { fieldPath: "metadata.name" } };
const ofResource = (fields: Fields) =>
  ofFile({ resourceFieldRef: { containerName: "web", resource: "limits.cpu", ...fields } });

const fieldList =
  'supported values: "metadata.annotations", "metadata.labels", "metadata.name", ' +
  '"metadata.namespace", "metadata.uid"';
const units = "1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei";

test.each<[behaviour: string, file: Fields, errors: readonly string[]]>([
  ["of no path", { path: "", ...name }, ["downwardAPI.path: Required value"]],
  [
    "of a path that leaves the volume",
    { path: "/a/..", mode: 0o1000, ...name },
    [
      'downwardAPI.path: Invalid value: "/a/..": must be a relative path',
      `downwardAPI.path: Invalid value: "/a/..": must not contain '..'`,
      `downwardAPI.mode: Invalid value: 512: ${notAMode}`,
    ],
  ],
  [
    "of nothing",
    {},
    ["downwardAPI: Required value: one of fieldRef and resourceFieldRef is required"],
  ],
  [
    "of two things",
    { ...name, resourceFieldRef: { resource: "limits.cpu" } },
    [
      'downwardAPI: Invalid value: "resource": fieldRef and resourceFieldRef can not be ' +
        "specified simultaneously",
    ],
  ],
  ["of no field", { fieldRef: {} }, ["downwardAPI.fieldRef.fieldPath: Required value"]],
  [
    "of another version",
    { fieldRef: { apiVersion: "v2", fieldPath: "metadata.name" } },
    [
      'downwardAPI.fieldRef.fieldPath: Invalid value: "metadata.name": error converting ' +
        "fieldPath: unsupported pod version: v2",
    ],
  ],
  [
    "of an unknown field",
    { fieldRef: { fieldPath: "spec.x" } },
    [
      'downwardAPI.fieldRef.fieldPath: Invalid value: "spec.x": error converting fieldPath: ' +
        "field label not supported: spec.x",
    ],
  ],
  [
    "of a field that only variables tell",
    { fieldRef: { fieldPath: "status.podIP" } },
    [`downwardAPI.fieldRef.fieldPath: Unsupported value: "status.podIP": ${fieldList}`],
  ],
  [
    "of the old name of a node",
    { fieldRef: { fieldPath: "spec.host" } },
    [`downwardAPI.fieldRef.fieldPath: Unsupported value: "spec.nodeName": ${fieldList}`],
  ],
  [
    "of a key of what has none",
    { fieldRef: { fieldPath: "metadata.name['a']" } },
    [
      `downwardAPI.fieldRef.fieldPath: Invalid value: "metadata.name['a']": error converting ` +
        "fieldPath: field label does not support subscript: metadata.name['a']",
    ],
  ],
  [
    "of labels by wrong keys",
    { fieldRef: { fieldPath: "metadata.labels['-']" } },
    [`downwardAPI.fieldRef: Invalid value: "-": ${notAName}`],
  ],
  [
    "of annotations by no key",
    { fieldRef: { fieldPath: "metadata.annotations['']" } },
    [
      `downwardAPI.fieldRef: Invalid value: "": ${anEmptyName}`,
      `downwardAPI.fieldRef: Invalid value: "": ${notAName}`,
    ],
  ],
  [
    "of a key that does not end",
    { fieldRef: { fieldPath: "metadata.labels['a'" } },
    [
      `downwardAPI.fieldRef.fieldPath: Invalid value: "metadata.labels['a'": error converting ` +
        "fieldPath: field label not supported: metadata.labels['a'",
    ],
  ],
  [
    "of no container",
    { resourceFieldRef: { resource: "limits.cpu" } },
    ["downwardAPI.resourceFieldRef.containerName: Required value"],
  ],
  [
    "of no resource",
    { resourceFieldRef: { containerName: "web" } },
    ["downwardAPI.resourceFieldRef.resource: Required value"],
  ],
])("a file %s is refused", (_, file, errors) => {
  expect(ofFile(file)).toEqual(errors);
});

test.each<[behaviour: string, fields: Fields, errors: readonly string[]]>([
  [
    "an unknown resource",
    { resource: "limits.gpu" },
    [
      'resource: Unsupported value: "limits.gpu": supported values: "limits.cpu", ' +
        '"limits.ephemeral-storage", "limits.memory", "requests.cpu", ' +
        '"requests.ephemeral-storage", "requests.memory"',
    ],
  ],
  [
    "processors in tens",
    { divisor: 10 },
    [
      'divisor: Invalid value: "limits.cpu": only divisor\'s values 1m and 1 are supported with ' +
        "the cpu resource",
    ],
  ],
  [
    "memory in halves",
    { resource: "requests.memory", divisor: "500m" },
    [
      `divisor: Invalid value: "requests.memory": only divisor's values ${units} are supported ` +
        "with the memory resource",
    ],
  ],
  [
    "disk in tens",
    { resource: "limits.ephemeral-storage", divisor: "10Mi" },
    [
      `divisor: Invalid value: "limits.ephemeral-storage": only divisor's values ${units} are ` +
        "supported with the local ephemeral storage resource",
    ],
  ],
  [
    "huge pages in tens",
    { resource: "limits.hugepages-2Mi", divisor: "10Mi" },
    [
      `divisor: Invalid value: "limits.hugepages-2Mi": only divisor's values ${units} are ` +
        "supported with the hugepages resource",
    ],
  ],
])("a file of %s is refused", (_, fields, errors) => {
  const start = "downwardAPI.resourceFieldRef.";
  expect(ofResource(fields)).toEqual(errors.map((error) => `${start}${error}`));
});

test("the mode of all files is one of files", () => {
  const wrong = { defaultMode: -1 };
  expect(errorsFor({ downwardAPI: wrong })).toEqual([
    `downwardAPI.defaultMode: Invalid value: -1: ${notAMode}`,
  ]);
  expect(errorsFor({ projected: wrong })).toEqual([
    `projected.defaultMode: Invalid value: -1: ${notAMode}`,
  ]);
});

test("what is projected has a name, and keys with paths", () => {
  expect(
    ofSources({ secret: {} }, { configMap: { items: [{}] } }, { downwardAPI: { items: [{}] } }),
  ).toEqual([
    "projected.sources[0].secret.name: Required value",
    "projected.sources[1].configMap.name: Required value",
    "projected.sources[1].configMap.items[0].key: Required value",
    "projected.sources[1].configMap.items[0].path: Required value",
    "projected.sources[2].downwardAPI.path: Required value",
    "projected.sources[2].downwardAPI: Required value: one of fieldRef and resourceFieldRef is " +
      "required",
  ]);
});

test("two files cannot be at one path", () => {
  const items = [{ key: "a", path: "a" }];
  const found = ofSources(
    { secret: { name: "s", items } },
    { configMap: { name: "c", items } },
    { downwardAPI: { items: [{ path: "a", ...name }] } },
  );
  expect(found).toEqual([
    'projected: Invalid value: "c": conflicting duplicate paths',
    'projected: Invalid value: "a": conflicting duplicate paths',
  ]);
});

test("a source with many paths that are taken is told once", () => {
  const items = Array.from({ length: 3 }, () => ({ key: "a", path: "a" }));
  expect(ofSources({ secret: { name: "s", items } })).toEqual([
    'projected: Invalid value: "s": conflicting duplicate paths',
  ]);
});

test("a source is of one sort", () => {
  const both = { secret: { name: "s" }, configMap: { name: "c" } };
  expect(ofSources(both)).toEqual([
    "projected.sources[0]: Forbidden: may not specify more than 1 volume type per source",
  ]);
});

test("a token has a path below the volume, and lives neither shortly nor for ever", () => {
  const token = (fields: Fields) => ({ serviceAccountToken: fields });
  const seconds = "projected.sources[0].serviceAccountToken.expirationSeconds: Invalid value";
  expect(ofSources(token({ expirationSeconds: 599 }))).toEqual([
    `${seconds}: 599: may not specify a duration less than 10 minutes`,
    "projected.path: Required value",
  ]);
  expect(ofSources(token({ path: "/token", expirationSeconds: 2 ** 32 + 1 }))).toEqual([
    `${seconds}: 4294967297: may not specify a duration larger than 2^32 seconds`,
    'projected.path: Invalid value: "/token": must be a relative path',
  ]);
});
