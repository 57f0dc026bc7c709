import { invalidValue, requiredValue } from "../../field-errors.ts";
import { fieldsOf, isObject, isString, jsonEquals, textOf } from "../../json.ts";
import type { FieldError, KubeObject } from "../../served-kind.ts";
import { immutable, type ObjectRule } from "../rule.ts";
import { eventRulesOf } from "./event-rules.ts";

/**
 * What an Event that came by `events.k8s.io` must be: what the core group asks, with the names that
 * the core group has for its fields, and more. Updates may add to its series, and little else.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/
 */
export const newerEventRules: ObjectRule = (event, before) => [
  ...coreRules(event),
  ...(before === undefined ? createErrors(event) : updateErrors(event, before)),
];

const coreRules = eventRulesOf("reportingController");

function createErrors(event: KubeObject): readonly FieldError[] {
  const type = textOf(event["type"]) ?? "";
  const isKnown = type === "Normal" || type === "Warning";
  return [
    ...seriesErrors(event),
    ...(isString(event["eventTime"]) ? [] : [requiredValue("eventTime")]),
    ...(isKnown ? [] : [invalidValue("type", "", `has invalid value: ${type}`)]),
    ...["firstTimestamp", "lastTimestamp", "count", "source"]
      .filter((name) => saysSomething(event[name]))
      .map((name) => invalidValue(name, "", "needs to be unset")),
  ];
}

/** A count of 0 and a source that says nothing are as good as none. */
function saysSomething(value: KubeObject[string]): boolean {
  return isObject(value) ? fieldsOf(value).some(([, each]) => Boolean(each)) : Boolean(value);
}

function seriesErrors({ series }: KubeObject): readonly FieldError[] {
  if (!isObject(series)) return [];
  const { count = 0, lastObservedTime } = series;
  const isMany = typeof count !== "number" || count >= 2;
  return [
    ...(isMany ? [] : [invalidValue("series.count", "", "should be at least 2")]),
    ...(isString(lastObservedTime) ? [] : [requiredValue("series.lastObservedTime")]),
  ];
}

/** Fields that say nothing are the same, whether they are there or not. */
function fixed(name: string): ObjectRule {
  return (event, before) =>
    saysSomething(event[name]) || saysSomething(before?.[name])
      ? immutable(name)(event, before)
      : [];
}

/** As a kube-apiserver tells them: the reason twice. */
const fixedBeforeTime = [
  ...["involvedObject", "reason", "message", "source", "firstTimestamp", "lastTimestamp"],
  ...["count", "reason", "type"],
].map(fixed);

const fixedAfterTime = [
  fixed("action"),
  fixed("related"),
  renamed(fixed("reportingComponent"), "reportingController"),
  fixed("reportingInstance"),
];

function updateErrors(event: KubeObject, before: KubeObject): readonly FieldError[] {
  const rules = [...fixedBeforeTime, immutableTime, ...fixedAfterTime];
  return [
    ...(jsonEquals(event["series"] ?? null, before["series"] ?? null) ? [] : seriesErrors(event)),
    ...rules.flatMap((rule) => rule(event, before)),
  ];
}

/** Clients that write nanoseconds mean what those mean that write microseconds. */
const immutableTime: ObjectRule = (event, before) =>
  microseconds(event) === microseconds(before) ? [] : immutable("eventTime")(event, before);

function microseconds({ eventTime }: KubeObject = {} as KubeObject): string {
  return (textOf(eventTime) ?? "").replace(/(\.\d{6})\d+/, "$1");
}

function renamed(rule: ObjectRule, field: string): ObjectRule {
  return (event, before) => rule(event, before).map((error) => ({ ...error, field }));
}
