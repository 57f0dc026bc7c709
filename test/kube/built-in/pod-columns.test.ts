import { expect, test } from "vitest";
import type { Json, JsonObject } from "../../../shared/lib/kube-object.ts";
import { shownRow } from "./shown-row.ts";

const running = { ready: true, restartCount: 1, state: { running: {} } };
const statuses = (...containerStatuses: readonly JsonObject[]) => ({
  spec: { containers: [{ name: "a" }, { name: "b" }] },
  status: { phase: "Running", containerStatuses },
});
const ready = { conditions: [{ type: "Ready", status: "True" }] };
const ended = (terminated: JsonObject) => ({ state: { terminated } });

test.each<[pod: JsonObject, cells: Record<string, Json>]>([
  [
    { spec: { containers: [{ name: "a" }] } },
    {
      ...{ Ready: "0/1", Status: "Pending", Restarts: "0", Age: "5s", IP: "<none>" },
      ...{ Node: "<none>", "Nominated Node": "<none>", "Readiness Gates": "<none>" },
    },
  ],
  [
    {
      spec: { nodeName: "node-1" },
      status: { podIP: "10.0.0.1", nominatedNodeName: "node-2" },
    },
    { IP: "10.0.0.1", Node: "node-1", "Nominated Node": "node-2" },
  ],
  [{ status: { podIP: "10.0.0.1", podIPs: [{ ip: "10.0.0.2" }] } }, { IP: "10.0.0.2" }],
  [statuses(running, running), { Ready: "2/2", Status: "Running", Restarts: "2" }],
  [
    statuses(running, { state: { waiting: { reason: "CrashLoopBackOff" } } }),
    { Ready: "1/2", Status: "CrashLoopBackOff" },
  ],
  [
    statuses(
      { restartCount: 2, lastState: { terminated: { finishedAt: "2026-11-21T11:00:05Z" } } },
      { restartCount: 1, lastState: { terminated: { finishedAt: "2026-11-21T11:55:05Z" } } },
    ),
    { Restarts: "3 (5m ago)" },
  ],
  [statuses(ended({ reason: "OOMKilled" })), { Status: "OOMKilled" }],
  [statuses(ended({ exitCode: 3 })), { Status: "ExitCode:3" }],
  [statuses(ended({ signal: 9 })), { Status: "Signal:9" }],
  [statuses(ended({ reason: "Completed" }), running), { Status: "NotReady" }],
  [
    { status: { ...statuses(ended({ reason: "Completed" }), running).status, ...ready } },
    { Status: "Running" },
  ],
  [statuses(ended({ reason: "Completed" })), { Status: "Completed" }],
  [{ status: { phase: "Failed", reason: "Evicted" } }, { Status: "Evicted" }],
  [
    { status: { conditions: [{ type: "PodScheduled", reason: "SchedulingGated" }] } },
    { Status: "SchedulingGated" },
  ],
  [{ metadata: { deletionTimestamp: "x" } }, { Status: "Terminating" }],
  [
    { metadata: { deletionTimestamp: "x" }, status: { phase: "Succeeded" } },
    { Status: "Succeeded" },
  ],
  [
    { metadata: { deletionTimestamp: "x" }, status: { phase: "Running", reason: "NodeLost" } },
    { Status: "Unknown" },
  ],
  [
    {
      spec: {
        containers: [{ name: "a" }],
        initContainers: [{ name: "side", restartPolicy: "Always" }, { name: "init" }],
      },
      status: {
        containerStatuses: [running],
        initContainerStatuses: [
          { name: "side", ready: true, started: true },
          { name: "init", ready: true, started: true },
        ],
      },
    },
    { Ready: "2/2" },
  ],
  [
    {
      spec: { readinessGates: [{ conditionType: "a" }, { conditionType: "b" }] },
      status: {
        conditions: [
          { type: "a", status: "True" },
          { type: "b", status: "False" },
        ],
      },
    },
    { "Readiness Gates": "1/2" },
  ],
])("a pod %j shows %j", (pod, cells) => {
  expect(shownRow("/pods", pod).cells).toMatchObject(cells);
});

test("a template of pods shows its containers, images and labels", () => {
  const spec = { containers: [{ name: "a", image: "i" }] };
  const metadata = { labels: { b: "2", a: "1" } };
  expect(shownRow("/podtemplates", { template: { metadata, spec } }).cells).toEqual({
    ...{ Name: "n", Containers: "a", Images: "i", "Pod Labels": "a=1,b=2" },
  });
  expect(shownRow("/podtemplates", {}).cells["Pod Labels"]).toBe("<none>");
});
