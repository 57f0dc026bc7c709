import type { Instant } from "../../lib/instant.ts";
import type { Json, JsonObject } from "../../lib/kube-object.ts";
import { arrayOf, at, isObject, isString, objectOf, printed, textOf } from "../json.ts";
import type { KubeObject, PrinterColumn } from "../served-kind.ts";
import { ageOf } from "../table/age.ts";
import { ageColumn, fieldColumn, textColumn, wide } from "./basic-columns.ts";
import { labelsText } from "./selector-texts.ts";
import { containerColumns } from "./workload-columns.ts";

const none = { ...wide, unset: "<none>" } as const;

/** Columns of a Pod, as a kube-apiserver 1.34 has them. */
export const podColumns: readonly PrinterColumn[] = [
  textColumn("Ready", readyText, {
    description: "The aggregate readiness state of this pod for accepting traffic.",
  }),
  textColumn("Status", statusText, {
    description: "The aggregate status of the containers in this pod.",
  }),
  {
    name: "Restarts",
    type: "string",
    description: "The number of times the containers in this pod have been restarted.",
    cell: restartsText,
  },
  ageColumn,
  textColumn("IP", ipText, wide),
  fieldColumn("Node", "spec.nodeName", none),
  fieldColumn("Nominated Node", "status.nominatedNodeName", none),
  textColumn("Readiness Gates", gatesText, wide),
];

export const podTemplateColumns: readonly PrinterColumn[] = [
  ...containerColumns(["template", "spec"], {}),
  textColumn("Pod Labels", (object) => labelsText(at(object, "template", "metadata", "labels")), {
    description: "The labels for the pod template.",
  }),
];

function statusesOf(pod: KubeObject): readonly JsonObject[] {
  return arrayOf(at(pod, "status", "containerStatuses")).map(objectOf);
}

function conditionsOf(pod: KubeObject): readonly JsonObject[] {
  return arrayOf(at(pod, "status", "conditions")).map(objectOf);
}

/** Init containers that go on running count as containers. */
function readyText(pod: KubeObject): string {
  const sidecars = arrayOf(at(pod, "spec", "initContainers"))
    .map(objectOf)
    .filter(({ restartPolicy }) => restartPolicy === "Always");
  const names = new Set(sidecars.map(({ name }) => name));
  const beside = arrayOf(at(pod, "status", "initContainerStatuses"))
    .map(objectOf)
    .filter(({ name, ready, started }) => names.has(name) && ready === true && started === true);
  const ready = statusesOf(pod).filter(isRunning);
  const all = arrayOf(at(pod, "spec", "containers")).length + sidecars.length;
  return `${ready.length + beside.length}/${all}`;
}

function isRunning(status: JsonObject): boolean {
  return status["ready"] === true && isObject(at(status, "state", "running"));
}

/** "Pending", "Running", "CrashLoopBackOff", "Completed", "Terminating" */
function statusText(pod: KubeObject): string {
  const { phase = "Pending", reason } = objectOf(pod["status"]);
  if (pod.metadata["deletionTimestamp"] !== undefined) {
    if (reason === "NodeLost") return "Unknown";
    if (phase !== "Succeeded" && phase !== "Failed") return "Terminating";
  }
  const reasons = statusesOf(pod).map(containerReason).filter(isString);
  const [found = plainReason(pod)] = reasons;
  if (found !== "Completed" || !statusesOf(pod).some(isRunning)) return found;
  const isReady = conditionsOf(pod).some(
    ({ type, status }) => type === "Ready" && status === "True",
  );
  return isReady ? "Running" : "NotReady";
}

function plainReason(pod: KubeObject): string {
  const isGated = conditionsOf(pod).some(
    ({ type, reason }) => type === "PodScheduled" && reason === "SchedulingGated",
  );
  if (isGated) return "SchedulingGated";
  const { phase, reason } = objectOf(pod["status"]);
  return textOf(reason) ?? textOf(phase) ?? "Pending";
}

/** Why a container does not run. */
function containerReason(status: JsonObject): string | undefined {
  const waiting = textOf(at(status, "state", "waiting", "reason"));
  if (waiting !== undefined && waiting !== "") return waiting;
  const ended = at(status, "state", "terminated");
  if (!isObject(ended)) return undefined;
  const { reason, signal, exitCode } = ended;
  if (isString(reason) && reason !== "") return reason;
  return isNumber(signal) && signal !== 0
    ? `Signal:${signal}`
    : `ExitCode:${printed(exitCode ?? 0)}`;
}

/** "0", "3 (5m ago)" */
function restartsText(pod: KubeObject, now: Instant): string {
  const statuses = statusesOf(pod);
  const counts = statuses.map(({ restartCount }) => restartCount).filter(isNumber);
  const restarts = counts.reduce((sum, each) => sum + each, 0);
  const last = statuses
    .map((status) => at(status, "lastState", "terminated", "finishedAt"))
    .filter(isString)
    .toSorted()
    .at(-1);
  return restarts === 0 || last === undefined
    ? String(restarts)
    : `${restarts} (${ageOf(last, now)} ago)`;
}

function isNumber(value: Json | undefined): value is number {
  return typeof value === "number";
}

function ipText(pod: KubeObject): string {
  const [first] = arrayOf(at(pod, "status", "podIPs"));
  return textOf(at(first, "ip")) ?? textOf(at(pod, "status", "podIP")) ?? "<none>";
}

/** How many conditions that readiness waits for are true: "1/2". */
function gatesText(pod: KubeObject): string {
  const gates = arrayOf(at(pod, "spec", "readinessGates")).map(objectOf);
  if (gates.length === 0) return "<none>";
  const met = gates.filter(
    ({ conditionType }) =>
      conditionsOf(pod).find(({ type }) => type === conditionType)?.["status"] === "True",
  );
  return `${met.length}/${gates.length}`;
}
