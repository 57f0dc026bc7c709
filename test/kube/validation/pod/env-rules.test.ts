import { expect, test } from "vitest";
import { podSpecRule } from "../../../../shared/kube/validation/pod/pod-spec-rule.ts";
import type { Json } from "../../../../shared/lib/kube-object.ts";
import { told } from "../errors-of.ts";
import { notASubdomain } from "../sentences.ts";

type Fields = Readonly<Record<string, Json>>;

const withContainer = (fields: Fields) => ({
  containers: [{ name: "web", image: "nginx:1", ...fields }],
});
const errorsFor = (spec: Json) => podSpecRule(spec, "spec").map(told);

const keyNameSentence =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end" +
  " with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for " +
  "validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const keySentence =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name'," +
  "  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";
const sources = "`fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`";
const told1 = '"metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", ';
const told2 = '"spec.serviceAccountName", "status.hostIP", "status.hostIPs", "status.podIP", ';

test.each<[behaviour: string, spec: Fields, errors: readonly string[]]>([
  [
    "with variables that have no name or no source",
    withContainer({ env: [{}, { name: "A=B" }, { name: "A", valueFrom: {} }] }),
    [
      "spec.containers[0].env[0].name: Required value",
      'spec.containers[0].env[1].name: Invalid value: "A=B": a valid environment variable name ' +
        "must consist only of printable ASCII characters other than '='",
      `spec.containers[0].env[2].valueFrom: Invalid value: "": must specify one of: ${sources}`,
    ],
  ],
  [
    "with a variable of two values",
    withContainer({
      env: [
        { name: "A", value: "x", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
        {
          name: "B",
          valueFrom: {
            fieldRef: { fieldPath: "metadata.name" },
            secretKeyRef: { name: "s", key: "k" },
          },
        },
      ],
    }),
    [
      'spec.containers[0].env[0].valueFrom: Invalid value: "": ' +
        "may not be specified when `value` is not empty",
      'spec.containers[0].env[1].valueFrom: Invalid value: "": ' +
        "may not have more than one field specified at a time",
    ],
  ],
  [
    "with variables from fields that cannot be told",
    withContainer({
      env: [
        { name: "A", valueFrom: { fieldRef: {} } },
        { name: "B", valueFrom: { fieldRef: { fieldPath: "spec.replicas" } } },
        { name: "C", valueFrom: { fieldRef: { fieldPath: "metadata.labels" } } },
        { name: "D", valueFrom: { resourceFieldRef: {} } },
      ],
    }),
    [
      "spec.containers[0].env[0].valueFrom.fieldRef.fieldPath: Required value",
      'spec.containers[0].env[1].valueFrom.fieldRef.fieldPath: Invalid value: "spec.replicas": ' +
        "error converting fieldPath: field label not supported: spec.replicas",
      "spec.containers[0].env[2].valueFrom.fieldRef.fieldPath: " +
        `Unsupported value: "metadata.labels": supported values: ${told1}${told2}"status.podIPs"`,
      "spec.containers[0].env[3].valueFrom.resourceFieldRef.resource: Required value",
    ],
  ],
  [
    "with variables from resources and keys that cannot be told",
    withContainer({
      env: [
        { name: "A", valueFrom: { resourceFieldRef: { resource: "limits.gpu" } } },
        { name: "B", valueFrom: { resourceFieldRef: { resource: "limits.cpu", divisor: "1Mi" } } },
        { name: "C", valueFrom: { fieldRef: { fieldPath: "metadata.labels['a b']" } } },
        { name: "D", valueFrom: { fieldRef: { fieldPath: "spec.nodeName['a']" } } },
        { name: "E", valueFrom: { fieldRef: { apiVersion: "v2", fieldPath: "metadata.name" } } },
      ],
    }),
    [
      "spec.containers[0].env[0].valueFrom.resourceFieldRef.resource: " +
        'Unsupported value: "limits.gpu": supported values: "limits.cpu", ' +
        '"limits.ephemeral-storage", "limits.memory", "requests.cpu", ' +
        '"requests.ephemeral-storage", "requests.memory"',
      "spec.containers[0].env[1].valueFrom.resourceFieldRef.divisor: " +
        'Invalid value: "limits.cpu": only divisor\'s values 1m and 1 are supported with the cpu ' +
        "resource",
      `spec.containers[0].env[2].valueFrom.fieldRef: Invalid value: "a b": ${keyNameSentence}`,
      "spec.containers[0].env[3].valueFrom.fieldRef.fieldPath: " +
        "Invalid value: \"spec.nodeName['a']\": error converting fieldPath: " +
        "field label does not support subscript: spec.nodeName['a']",
      "spec.containers[0].env[4].valueFrom.fieldRef.fieldPath: " +
        'Invalid value: "metadata.name": error converting fieldPath: unsupported pod version: v2',
    ],
  ],
  [
    "with variables of keys that are none",
    withContainer({
      env: [
        { name: "A", valueFrom: { secretKeyRef: { name: "S", key: "a b" } } },
        { name: "B", valueFrom: { configMapKeyRef: { name: "c" } } },
      ],
    }),
    [
      "spec.containers[0].env[0].valueFrom.secretKeyRef.name: " +
        `Invalid value: "S": ${notASubdomain}`,
      `spec.containers[0].env[0].valueFrom.secretKeyRef.key: Invalid value: "a b": ${keySentence}`,
      "spec.containers[0].env[1].valueFrom.configMapKeyRef.key: Required value",
    ],
  ],
  [
    "with variables from nowhere",
    withContainer({
      envFrom: [
        {},
        { configMapRef: {} },
        { secretRef: { name: "a" }, configMapRef: { name: "b" } },
      ],
    }),
    [
      'spec.containers[0].envFrom[0]: Invalid value: "": ' +
        "must specify one of: `configMapRef` or `secretRef`",
      "spec.containers[0].envFrom[1].configMapRef.name: Required value",
      'spec.containers[0].envFrom[2]: Invalid value: "": ' +
        "may not have more than one field specified at a time",
    ],
  ],
])("a container is refused %s", (_, spec, errors) => {
  expect(errorsFor(spec)).toEqual(errors);
});

test.each<[behaviour: string, spec: Fields]>([
  [
    "with all sorts of variables",
    withContainer({
      env: [
        { name: "PLAIN", value: "1" },
        { name: "with.dots-and spaces" },
        { name: "NODE", valueFrom: { fieldRef: { apiVersion: "v1", fieldPath: "spec.nodeName" } } },
        { name: "LABEL", valueFrom: { fieldRef: { fieldPath: "metadata.labels['a.b/c']" } } },
        { name: "CPU", valueFrom: { resourceFieldRef: { resource: "limits.cpu", divisor: "1m" } } },
        { name: "HUGE", valueFrom: { resourceFieldRef: { resource: "limits.hugepages-2Mi" } } },
        { name: "S", valueFrom: { secretKeyRef: { name: "s", key: "k", optional: true } } },
      ],
      envFrom: [{ prefix: "A_", secretRef: { name: "s" } }, { configMapRef: { name: "c" } }],
    }),
  ],
])("a container is taken %s", (_, spec) => {
  expect(errorsFor(spec)).toEqual([]);
});
