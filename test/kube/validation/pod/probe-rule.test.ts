import { expect, test } from "vitest";
import {
  livenessProbeRule,
  probeRule,
  readinessProbeRule,
} from "../../../../shared/kube/validation/pod/probe-rule.ts";
import type { Json, JsonObject } from "../../../../shared/lib/kube-object.ts";
import { expectNeverThrows, told } from "./told.ts";

const probe = (change: JsonObject): Json => ({ httpGet: { port: 80 }, ...change });
const charset = "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)";
const letter = "must contain at least one letter (a-z)";
const header =
  "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', " +
  "regex used for validation is '[-A-Za-z0-9]+')";

test.each<[name: string, probe: Json, want: readonly string[]]>([
  ["no way to probe", {}, ["spec: Required value: must specify a handler type"]],
  [
    "a way that is null",
    { exec: null, periodSeconds: 1 },
    ["spec: Required value: must specify a handler type"],
  ],
  [
    "more than one way, of which the first is looked at",
    { exec: {}, httpGet: {}, tcpSocket: { port: 1 }, grpc: { port: 1 } },
    [
      "spec.exec.command: Required value",
      "spec.httpGet: Forbidden: may not specify more than 1 handler type",
      "spec.tcpSocket: Forbidden: may not specify more than 1 handler type",
      "spec.grpc: Forbidden: may not specify more than 1 handler type",
    ],
  ],
  ["no command", { exec: { command: [] } }, ["spec.exec.command: Required value"]],
  [
    "no port",
    { httpGet: { path: "/" } },
    ["spec.httpGet.port: Invalid value: 0: must be between 1 and 65535, inclusive"],
  ],
  [
    "a port that is too high",
    { tcpSocket: { port: 65_536 } },
    ["spec.tcpSocket.port: Invalid value: 65536: must be between 1 and 65535, inclusive"],
  ],
  [
    "no port for a question by gRPC",
    { grpc: { service: "a" } },
    ["spec.grpc.port: Invalid value: 0: must be between 1 and 65535, inclusive"],
  ],
  [
    "a port whose name is a number",
    { httpGet: { port: "8080" } },
    [`spec.httpGet.port: Invalid value: "8080": ${letter}`],
  ],
  [
    "a port whose name is empty",
    { httpGet: { port: "" } },
    [charset, letter].map((because) => `spec.httpGet.port: Invalid value: "": ${because}`),
  ],
  [
    "a port by a name that no port can have",
    { tcpSocket: { port: "-HTTP--main-of-web-" } },
    [
      "must be no more than 15 characters",
      charset,
      "must not contain consecutive hyphens",
      "must not begin or end with a hyphen",
    ].map((because) => `spec.tcpSocket.port: Invalid value: "-HTTP--main-of-web-": ${because}`),
  ],
  [
    "another scheme",
    { httpGet: { port: 80, scheme: "http" } },
    ['spec.httpGet.scheme: Unsupported value: "http": supported values: "HTTP", "HTTPS"'],
  ],
  [
    "headers that HTTP has not",
    { httpGet: { port: 80, httpHeaders: [{ name: "Host" }, { name: "X_Y" }, { value: "a" }] } },
    [
      `spec.httpGet.httpHeaders: Invalid value: "X_Y": ${header}`,
      `spec.httpGet.httpHeaders: Invalid value: "": ${header}`,
    ],
  ],
  [
    "negative numbers",
    probe({
      failureThreshold: -5,
      successThreshold: -4,
      periodSeconds: -3,
      timeoutSeconds: -2,
      initialDelaySeconds: -1,
    }),
    [
      ["initialDelaySeconds", -1],
      ["timeoutSeconds", -2],
      ["periodSeconds", -3],
      ["successThreshold", -4],
      ["failureThreshold", -5],
    ].map(
      ([name, value]) =>
        `spec.${name}: Invalid value: ${value}: must be greater than or equal to 0`,
    ),
  ],
  [
    "no grace at all",
    probe({ terminationGracePeriodSeconds: 0 }),
    ["spec.terminationGracePeriodSeconds: Invalid value: 0: must be greater than 0"],
  ],
])("a probe may not have %s", (_name, value, want) => {
  expect(told(probeRule, value)).toEqual(want);
});

test.each([["liveness", livenessProbeRule]])(
  "one success is enough for a %s probe",
  (_name, rule) => {
    expect(told(rule, probe({ successThreshold: 2 }))).toEqual([
      "spec.successThreshold: Invalid value: 2: must be 1",
    ]);
    expect(told(rule, probe({ successThreshold: -1 }))).toEqual([
      "spec.successThreshold: Invalid value: -1: must be greater than or equal to 0",
      "spec.successThreshold: Invalid value: -1: must be 1",
    ]);
    expect(told(rule, probe({ successThreshold: 1 }))).toEqual([]);
    expect(told(rule, probe({ successThreshold: 0 }))).toEqual([]);
    expect(told(rule, probe({ terminationGracePeriodSeconds: 60 }))).toEqual([]);
  },
);

test("a readiness probe can ask for more successes, and gives no grace", () => {
  expect(told(readinessProbeRule, probe({ successThreshold: 3 }))).toEqual([]);
  expect(told(readinessProbeRule, probe({ terminationGracePeriodSeconds: 60 }))).toEqual([
    "spec.terminationGracePeriodSeconds: Invalid value: 60: must not be set for readinessProbes",
  ]);
});

const documented: Json[] = [
  { exec: { command: ["cat", "/tmp/healthy"] }, initialDelaySeconds: 5, periodSeconds: 5 },
  {
    httpGet: {
      path: "/healthz",
      port: "liveness-port",
      host: "127.0.0.1",
      scheme: "HTTPS",
      httpHeaders: [{ name: "Custom-Header", value: "Awesome" }],
    },
    initialDelaySeconds: 3,
    failureThreshold: 30,
    periodSeconds: 10,
  },
  { tcpSocket: { port: 8080, host: "" }, timeoutSeconds: 1, successThreshold: 1 },
  { grpc: { port: 2379, service: "liveness" }, terminationGracePeriodSeconds: 60 },
  { httpGet: { port: "http", scheme: "", path: "" } },
  { exec: null, tcpSocket: { port: 1 } },
];

test.each(documented.map((value) => [value]))("the probe %j is fine", (value) => {
  expect(told(livenessProbeRule, value)).toEqual([]);
});

test("no probe is fine, and one of a wrong type is left to others", () => {
  expect(told(livenessProbeRule, undefined)).toEqual([]);
  expect(told(livenessProbeRule, null)).toEqual([]);
  expect(told(livenessProbeRule, "a")).toEqual([]);
  expect(told(probeRule, { exec: "a" })).toEqual([]);
});

test("any JSON can stand for any part of a probe", () => {
  expectNeverThrows(livenessProbeRule, ...documented);
  expectNeverThrows(readinessProbeRule, ...documented);
});
