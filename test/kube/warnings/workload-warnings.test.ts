import { expect, test } from "vitest";
import type { Warnings } from "../../../shared/kube/warnings/warnings.ts";
import * as warnings from "../../../shared/kube/warnings/workload-warnings.ts";
import type { JsonObject } from "../../../shared/lib/kube-object.ts";
import { objectOf, warned } from "./warned.ts";

const slowPod = { spec: { terminationGracePeriodSeconds: -1 } };
const slow = (path: string): string =>
  `${path}spec.terminationGracePeriodSeconds: must be >= 0; ` +
  "negative values are invalid and will be treated as 1";
const inPodNames =
  "metadata.name: this is used in Pod names and hostnames, which can result in surprising " +
  "behavior; a DNS label is recommended: [must not contain dots]";

test.each<[kind: string, warn: Warnings, content: JsonObject, path: string]>([
  ["a Pod", warnings.podObjectWarnings, slowPod, ""],
  ["a PodTemplate", warnings.podTemplateWarnings, { template: slowPod }, "template."],
  ["a DaemonSet", warnings.daemonSetWarnings, { spec: { template: slowPod } }, "spec.template."],
  [
    "a Deployment",
    warnings.namedWorkloadWarnings,
    { spec: { template: slowPod } },
    "spec.template.",
  ],
  [
    "a StatefulSet",
    warnings.statefulSetWarnings,
    { spec: { template: slowPod } },
    "spec.template.",
  ],
  ["a Job", warnings.jobWarnings, { spec: { template: slowPod } }, "spec.template."],
  [
    "a CronJob",
    warnings.cronJobWarnings,
    { spec: { jobTemplate: { spec: { template: slowPod } } } },
    "spec.jobTemplate.spec.template.",
  ],
])("%s is warned of its pods, and not again when they stay", (_, warn, content, path) => {
  const object = objectOf(content);
  expect(warned(warn, object)).toEqual([slow(path)]);
  expect(warned(warn, object, object)).toEqual([]);
});

test("a Deployment that changes is warned of its pods again", () => {
  const [object, before] = [2, 1].map((replicas) =>
    objectOf({ spec: { replicas, template: slowPod } }),
  );
  if (object === undefined) throw new Error("no object");
  const { namedWorkloadWarnings } = warnings;
  expect(warned(namedWorkloadWarnings, object, before)).toEqual([slow("spec.template.")]);
});

test.each<[kind: string, warn: Warnings, sentence: string]>([
  ["a Deployment", warnings.namedWorkloadWarnings, inPodNames],
  ["a Job", warnings.jobWarnings, inPodNames],
  ["a CronJob", warnings.cronJobWarnings, inPodNames],
  [
    "a Pod",
    warnings.podObjectWarnings,
    "metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; " +
      "a DNS label is recommended: [must not contain dots]",
  ],
])("a new %s is warned of a name that is no hostname", (_, warn, sentence) => {
  const object = objectOf({}, { name: "web.v1" });
  expect(warned(warn, object)).toEqual([sentence]);
  expect(warned(warn, object, object)).toEqual([]);
});

test("a name that is too long for a hostname is told so", () => {
  const object = objectOf({}, { name: "a".repeat(64) });
  expect(warned(warnings.jobWarnings, object)).toEqual([
    inPodNames.replace("must not contain dots", "must be no more than 63 characters"),
  ]);
});

test("a StatefulSet is warned of its claims and of keeping all revisions", () => {
  const claim = { spec: { resources: { requests: { storage: "10m" } } } };
  const object = objectOf({ spec: { revisionHistoryLimit: -1, volumeClaimTemplates: [claim] } });
  const fraction = 'fractional byte value "10m" is invalid, must be an integer';
  const kept =
    "spec.revisionHistoryLimit: a negative value retains all historical revisions; " +
    "a value >= 0 is recommended";
  expect(warned(warnings.statefulSetWarnings, object)).toEqual([
    `spec.volumeClaimTemplates[0].resources.requests[storage]: ${fraction}`,
    kept,
  ]);
  expect(warned(warnings.statefulSetWarnings, object, object)).toEqual([
    `spec.volumeClaimTemplates[0].Spec.resources.requests[storage]: ${fraction}`,
    kept,
  ]);
});

test("a Job with very many indexes at once is warned", () => {
  const spec = { completionMode: "Indexed", completions: 100_001, parallelism: 10_001 };
  const [warning] = warned(warnings.jobWarnings, objectOf({ spec }));
  expect(warning).toMatch(/^spec: In Indexed Jobs with a number of completions higher than 10\^5/);
  const few = { ...spec, parallelism: 10_000 };
  expect(warned(warnings.jobWarnings, objectOf({ spec: few }))).toEqual([]);
});

test("a CronJob that has its zone in its schedule is warned when it changes", () => {
  const object = objectOf({ spec: { schedule: "TZ=UTC 0 * * * *" } });
  expect(warned(warnings.cronJobWarnings, object)).toEqual([]);
  expect(warned(warnings.cronJobWarnings, object, object)).toEqual([
    "cannot use TZ or CRON_TZ in spec.spec.schedule, use timeZone instead, see " +
      "https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details",
  ]);
});
