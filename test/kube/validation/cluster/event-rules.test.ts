import { expect, test } from "vitest";
import type { KubeObject } from "../../../../shared/kube/served-kind.ts";
import { eventRules } from "../../../../shared/kube/validation/cluster/event-rules.ts";
import { newerEventRules } from "../../../../shared/kube/validation/cluster/newer-event-rules.ts";
import type { Json } from "../../../../shared/lib/kube-object.ts";
import { errorsOf } from "../errors-of.ts";
import { expectNeverThrows } from "../never-throws.ts";

const pod = { apiVersion: "v1", kind: "Pod", name: "web-1", namespace: "shop" };

function event(content: Readonly<Record<string, Json>> = {}, namespace = "shop"): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name: "web.1", namespace },
    involvedObject: pod,
    reason: "Started",
    message: "Started container web",
    type: "Normal",
    ...content,
  };
}

/** As clients of events.k8s.io make them. */
function newEvent(content: Readonly<Record<string, Json>> = {}, namespace?: string): KubeObject {
  const more = {
    eventTime: "2024-01-01T00:00:00.000000Z",
    reportingComponent: "example.com/kubelet",
    reportingInstance: "node-1",
    action: "Starting",
  };
  return event({ ...more, ...content }, namespace);
}

const lost = (involved: string): string =>
  `involvedObject.namespace: Invalid value: "${involved}": does not match event.namespace`;

test.each<[name: string, event: KubeObject, want: readonly string[]]>([
  [
    "of an object in another namespace",
    event({ involvedObject: { ...pod, namespace: "other" } }),
    [lost("other")],
  ],
  [
    "of an object in another namespace than the default one",
    event({ involvedObject: { ...pod, namespace: "other" } }, "default"),
    [lost("other")],
  ],
  ["of an object in none", event({ involvedObject: { kind: "Node", name: "n" } }), [lost("")]],
  ["of nothing", event({ involvedObject: {} }), [lost("")]],
  [
    "of now, of an object in none",
    newEvent({ involvedObject: { kind: "Node", name: "n" } }),
    [lost("")],
  ],
  [
    "of now, that says nothing",
    event({ eventTime: "2024-01-01T00:00:00.000000Z", reason: "" }),
    [
      "reportingComponent: Required value",
      'reportingComponent: Invalid value: "": name part must be non-empty',
      'reportingComponent: Invalid value: "": name part must consist of alphanumeric ' +
        "characters, '-', '_' or '.', and must start and end with an alphanumeric character " +
        "(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is " +
        "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
      "reportingInstance: Required value",
      "action: Required value",
      "reason: Required value",
    ],
  ],
  [
    "of now, that says too much",
    newEvent({
      reportingInstance: "a".repeat(129),
      action: "b".repeat(129),
      reason: "\u00FC".repeat(65),
      message: "d".repeat(1_025),
    }),
    [
      'reportingInstance: Invalid value: "": can have at most 128 characters',
      'action: Invalid value: "": can have at most 128 characters',
      'reason: Invalid value: "": can have at most 128 characters',
      'message: Invalid value: "": can have at most 1024 characters',
    ],
  ],
])("an event %s is refused", (_, object, want) => {
  expect(errorsOf(eventRules, object)).toEqual(want);
});

test.each<[name: string, event: KubeObject]>([
  ["of a pod", event({ count: 3, source: { component: "kubelet", host: "node-1" } })],
  ["with a long message", event({ message: "x".repeat(10_000), type: "Odd", reason: "" })],
  ["of a node", event({ involvedObject: { kind: "Node", name: "n" } }, "default")],
  ["of now", newEvent({ series: { count: 2, lastObservedTime: "2024-01-01T00:00:01.000000Z" } })],
  ["of now, of a node", newEvent({ involvedObject: { kind: "Node", name: "n" } }, "kube-system")],
  [
    "of now, kept elsewhere than its object",
    newEvent({ involvedObject: { ...pod, namespace: "other" } }),
  ],
])("an event %s is taken, new or as a change", (_, object) => {
  expect(errorsOf(eventRules, object)).toEqual([]);
  expect(errorsOf(eventRules, object, event())).toEqual([]);
});

test("a reporter is told by the name that it has in the group that was asked", () => {
  const object = newEvent({ reportingComponent: "a b" });
  expect(errorsOf(eventRules, object)).toEqual([expect.stringMatching(/^reportingComponent: /)]);
  expect(errorsOf(newerEventRules, object)).toEqual([
    expect.stringMatching(/^reportingController: /),
  ]);
});

test.each<[name: string, event: KubeObject, want: readonly string[]]>([
  ["without its time", event(), ["eventTime: Required value"]],
  [
    "of an odd type",
    newEvent({ type: "Odd" }),
    ['type: Invalid value: "": has invalid value: Odd'],
  ],
  ["of no type", newEvent({ type: "" }), ['type: Invalid value: "": has invalid value: ']],
  [
    "with what is of old",
    newEvent({
      firstTimestamp: "2024-01-01T00:00:00Z",
      lastTimestamp: "2024-01-01T00:00:00Z",
      count: 2,
      source: { host: "node-1" },
    }),
    ["firstTimestamp", "lastTimestamp", "count", "source"].map(
      (name) => `${name}: Invalid value: "": needs to be unset`,
    ),
  ],
  [
    "with a series of one",
    newEvent({ series: { count: 1 } }),
    [
      'series.count: Invalid value: "": should be at least 2',
      "series.lastObservedTime: Required value",
    ],
  ],
])("a new event of events.k8s.io %s is refused", (_, object, want) => {
  expect(errorsOf(newerEventRules, object)).toEqual(want);
});

const series = { count: 2, lastObservedTime: "2024-01-01T00:00:01.000000Z" };

test.each<[name: string, event: KubeObject]>([
  ["as it was", newEvent()],
  ["with a series", newEvent({ series })],
  ["with finer time", newEvent({ eventTime: "2024-01-01T00:00:00.000000999Z" })],
  ["with nothing of old", newEvent({ count: 0, source: {}, firstTimestamp: null })],
])("an event of events.k8s.io can be written %s", (_, object) => {
  expect(errorsOf(newerEventRules, object)).toEqual([]);
  expect(errorsOf(newerEventRules, object, newEvent())).toEqual([]);
});

test("an event of events.k8s.io keeps what it says", () => {
  const changed = newEvent({
    involvedObject: { ...pod, name: "web-2" },
    reason: "Stopped",
    message: "Other",
    type: "Warning",
    count: 3,
    eventTime: "2024-01-01T00:00:00.000001Z",
    action: "Stopping",
    reportingComponent: "example.com/other",
    reportingInstance: "node-2",
    series: { count: 1 },
  });
  const fields = errorsOf(newerEventRules, changed, newEvent()).map((error) => error.split(":")[0]);
  expect(fields).toEqual([
    ...["series.count", "series.lastObservedTime", "involvedObject", "reason", "message", "count"],
    ...["reason", "type", "eventTime", "action", "reportingController", "reportingInstance"],
  ]);
});

test("the rules of an event never throw", () => {
  expectNeverThrows(eventRules, event({ source: {} }), newEvent());
  expectNeverThrows(newerEventRules, event({ source: {} }), newEvent({ series }));
});
