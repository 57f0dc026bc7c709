import { expect, test } from "vitest";
import {
  lifecycleRule,
  sleepsRule,
} from "../../../../shared/kube/validation/pod/lifecycle-rule.ts";
import type { Json } from "../../../../shared/lib/kube-object.ts";
import { expectNeverThrows, told } from "./told.ts";

test.each<[name: string, lifecycle: Json, want: readonly string[]]>([
  [
    "hooks that do nothing",
    { postStart: {}, preStop: {} },
    [
      "spec.postStart: Required value: must specify a handler type",
      "spec.preStop: Required value: must specify a handler type",
    ],
  ],
  [
    "a hook that does two things",
    { preStop: { sleep: { seconds: 1 }, exec: { command: ["true"] } } },
    ["spec.preStop.sleep: Forbidden: may not specify more than 1 handler type"],
  ],
  [
    "a command that is empty",
    { postStart: { exec: { command: [] } } },
    ["spec.postStart.exec.command: Required value"],
  ],
  [
    "a request to no port",
    { preStop: { httpGet: { path: "/stop", scheme: "FTP" } } },
    [
      "spec.preStop.httpGet.port: Invalid value: 0: must be between 1 and 65535, inclusive",
      'spec.preStop.httpGet.scheme: Unsupported value: "FTP": supported values: "HTTP", "HTTPS"',
    ],
  ],
  [
    "a question by gRPC, which only probes ask",
    { preStop: { grpc: { port: 1 } } },
    ["spec.preStop: Required value: must specify a handler type"],
  ],
])("a lifecycle may not have %s", (_name, lifecycle, want) => {
  expect(told(lifecycleRule, lifecycle)).toEqual(want);
});

const documented: Json[] = [
  {
    postStart: { exec: { command: ["/bin/sh", "-c", "echo Hello > /usr/share/message"] } },
    preStop: { exec: { command: ["/bin/sh", "-c", "nginx -s quit"] } },
  },
  { preStop: { sleep: { seconds: 5 } }, stopSignal: "SIGUSR1" },
  { preStop: { httpGet: { port: "http", path: "/stop" } }, postStart: null },
  { preStop: { tcpSocket: { port: 80 } } },
];

test.each(documented.map((value) => [value]))("the lifecycle %j is fine", (value) => {
  expect(told(lifecycleRule, value)).toEqual([]);
});

function podThatSleeps(seconds: Json, more: Json = {}): Json {
  const container = { name: "a", lifecycle: { preStop: { sleep: { seconds } } } };
  return { containers: [{ name: "b" }, container], ...(more as object) };
}

const where = "spec.containers[1].lifecycle.preStop.sleep";

test.each<[name: string, spec: Json, want: readonly string[]]>([
  [
    "for longer than a pod has by default",
    podThatSleeps(31),
    [
      `${where}: Invalid value: 31: must be non-negative and less than ` +
        "terminationGracePeriodSeconds (30)",
    ],
  ],
  [
    "for longer than its pod has",
    podThatSleeps(31, { terminationGracePeriodSeconds: 5 }),
    [
      `${where}: Invalid value: 31: must be non-negative and less than ` +
        "terminationGracePeriodSeconds (5)",
    ],
  ],
  [
    "for less than no time",
    podThatSleeps(-1),
    [
      `${where}: Invalid value: -1: must be non-negative and less than ` +
        "terminationGracePeriodSeconds (30)",
    ],
  ],
  [
    "too long after its start, beside the others",
    {
      initContainers: [
        { restartPolicy: "Always", lifecycle: { postStart: { sleep: { seconds: 40 } } } },
      ],
    },
    [
      "spec.initContainers[0].lifecycle.postStart.sleep: Invalid value: 40: must be non-negative " +
        "and less than terminationGracePeriodSeconds (30)",
    ],
  ],
])("a container may not sleep %s", (_name, spec, want) => {
  expect(told(sleepsRule, spec)).toEqual(want);
});

test.each<[name: string, spec: Json]>([
  ["for as long as its pod has", podThatSleeps(60, { terminationGracePeriodSeconds: 60 })],
  ["for no time", podThatSleeps(0)],
  ["for a time that is not said", podThatSleeps(null)],
  ["for a time of a wrong type, which others refuse", podThatSleeps("5")],
  [
    "too long when it does something else",
    {
      containers: [
        { lifecycle: { preStop: { exec: { command: ["a"] }, sleep: { seconds: 99 } } } },
      ],
    },
  ],
])("a container may sleep %s", (_name, spec) => {
  expect(told(sleepsRule, spec)).toEqual([]);
});

test("any JSON can stand for any part of a lifecycle", () => {
  expectNeverThrows(lifecycleRule, ...documented);
  expectNeverThrows(sleepsRule, podThatSleeps(31, { terminationGracePeriodSeconds: 5 }));
});
