import type { Json } from "../../lib/kube-object.ts";
import { arrayOf, at, isString, jsonEquals, textOf } from "../json.ts";
import { nameErrors } from "../object/name-rules.ts";
import type { KubeObject } from "../served-kind.ts";
import { claimSpecWarnings } from "./claim-warnings.ts";
import { podWarnings } from "./pod-warnings.ts";
import type { Warnings } from "./warnings.ts";

const inPodNames =
  "this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label " +
  "is recommended";
const asHostname =
  "this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is " +
  "recommended";

/** A name with dots is a good name, and no good part of a hostname. */
function* hostnameWarnings({ metadata }: KubeObject, because: string): Iterable<string> {
  const name = textOf(metadata["name"]) ?? "";
  const errors = nameErrors("dns-label", name).map((error) =>
    error.startsWith("a lowercase") ? "must not contain dots" : error,
  );
  if (errors.length > 0) yield `metadata.name: ${because}: [${errors.join(" ")}]`;
}

/** Only a write that changes what is wanted is told of it. */
function isUnchanged(object: KubeObject, before: KubeObject | undefined, field = "spec"): boolean {
  return before !== undefined && jsonEquals(object[field], before[field]);
}

/** Those of a new Pod: who changes one is a controller, which nobody reads. */
export const podObjectWarnings: Warnings = function* (pod, before) {
  if (before !== undefined) return;
  yield* hostnameWarnings(pod, asHostname);
  yield* podWarnings(pod, "");
};

/** A workload with its pods at `spec.template`: a Deployment, a ReplicaSet. */
export const namedWorkloadWarnings: Warnings = function* (object, before) {
  if (before === undefined) yield* hostnameWarnings(object, inPodNames);
  yield* daemonSetWarnings(object, before);
};

/** Pods of a DaemonSet are not called after it in their hostnames alone. */
export const daemonSetWarnings: Warnings = function* (object, before) {
  if (isUnchanged(object, before)) return;
  yield* podWarnings(at(object, "spec", "template"), "spec.template");
};

export const statefulSetWarnings: Warnings = function* (object, before) {
  yield* daemonSetWarnings(object, before);
  const claims = arrayOf(at(object, "spec", "volumeClaimTemplates"));
  for (const [index, claim] of claims.entries()) {
    const where = `spec.volumeClaimTemplates[${index}]`;
    yield* claimSpecWarnings(at(claim, "spec"), before === undefined ? where : `${where}.Spec`);
  }
  const limit = at(object, "spec", "revisionHistoryLimit");
  if (typeof limit !== "number" || limit >= 0) return;
  yield "spec.revisionHistoryLimit: a negative value retains all historical revisions; " +
    "a value >= 0 is recommended";
};

export const podTemplateWarnings: Warnings = function* (object, before) {
  if (isUnchanged(object, before, "template")) return;
  yield* podWarnings(object["template"], "template");
};

export const jobWarnings: Warnings = function* (job, before) {
  if (before === undefined) yield* hostnameWarnings(job, inPodNames);
  if (!isUnchanged(job, before)) yield* jobSpecWarnings(job["spec"], "spec");
};

export const cronJobWarnings: Warnings = function* (cronJob, before) {
  if (before === undefined) yield* hostnameWarnings(cronJob, inPodNames);
  const spec = at(cronJob, "spec", "jobTemplate", "spec");
  if (!isUnchanged(cronJob, before)) yield* jobSpecWarnings(spec, "spec.jobTemplate.spec");
  const schedule = at(cronJob, "spec", "schedule");
  // A new one is refused; one that is there already is warned of, with a path of that length.
  if (before === undefined || !isString(schedule) || !schedule.includes("TZ")) return;
  yield "cannot use TZ or CRON_TZ in spec.spec.schedule, use timeZone instead, see " +
    "https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details";
};

const completionsMax = 100_000;
const parallelismMax = 10_000;

function* jobSpecWarnings(spec: Json | undefined, path: string): Iterable<string> {
  const isAbove = (name: string, max: number): boolean => Number(at(spec, name) ?? 0) > max;
  if (
    at(spec, "completionMode") === "Indexed" &&
    isAbove("completions", completionsMax) &&
    isAbove("parallelism", parallelismMax)
  ) {
    yield `${path}: In Indexed Jobs with a number of completions higher than 10^5 and a ` +
      "parallelism higher than 10^4, Kubernetes might not be able to track completedIndexes when " +
      "a big number of indexes fail";
  }
  yield* podWarnings(at(spec, "template"), `${path}.template`);
}
