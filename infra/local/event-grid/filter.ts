/**
 * Which events a subscription wants.
 *
 * @see https://learn.microsoft.com/azure/event-grid/event-filtering
 */
import type { PublishedEvent } from "./event.ts";

/** Over all advanced filters of a subscription, as in Azure. */
const advancedValuesMax = 25;
const keyDepthMax = 5;

export interface AdvancedFilter {
  readonly operatorType:
    | "StringIn"
    | "StringNotIn"
    | "StringBeginsWith"
    | "StringEndsWith"
    | "StringContains";
  /** `subject`, `eventType`, or a field of the data such as `data.operationName`. */
  readonly key: string;
  readonly values: readonly string[];
}

/** What is left out lets everything through; strings are compared without their case. */
export interface EventFilter {
  readonly includedEventTypes?: readonly string[];
  readonly subjectBeginsWith?: string;
  readonly subjectEndsWith?: string;
  readonly advanced?: readonly AdvancedFilter[];
}

/** @throws Error when the filter is over a limit of Azure */
export function checkFilter({ advanced = [] }: EventFilter): void {
  const values = advanced.reduce((sum, each) => sum + each.values.length, 0);
  if (values > advancedValuesMax) {
    throw new Error(
      `Cannot subscribe: advanced filters must have at most ${advancedValuesMax} values in total`,
    );
  }
  for (const { key } of advanced) {
    if (key.split(".").length <= keyDepthMax) continue;
    throw new Error(`Cannot subscribe: key "${key}" must have at most ${keyDepthMax} levels`);
  }
}

export function wants(filter: EventFilter, event: PublishedEvent): boolean {
  const {
    includedEventTypes,
    subjectBeginsWith = "",
    subjectEndsWith = "",
    advanced = [],
  } = filter;
  const subject = lower(event.subject);
  return (
    (includedEventTypes === undefined || has(includedEventTypes, event.type)) &&
    subject.startsWith(lower(subjectBeginsWith)) &&
    subject.endsWith(lower(subjectEndsWith)) &&
    advanced.every((each) => fits(each, event))
  );
}

function fits({ operatorType, key, values }: AdvancedFilter, event: PublishedEvent): boolean {
  const found = valueAt(event, key);
  const text = typeof found === "string" ? lower(found) : undefined;
  switch (operatorType) {
    case "StringIn":
      return text !== undefined && has(values, text);
    case "StringNotIn":
      return text === undefined || !has(values, text);
    case "StringBeginsWith":
      return values.some((value) => text?.startsWith(lower(value)));
    case "StringEndsWith":
      return values.some((value) => text?.endsWith(lower(value)));
    case "StringContains":
      return values.some((value) => text?.includes(lower(value)));
    default:
      return operatorType satisfies never;
  }
}

function valueAt(event: PublishedEvent, key: string): unknown {
  const names: Readonly<Record<string, string>> = {
    eventtype: event.type,
    type: event.type,
    subject: event.subject,
    topic: event.source,
    source: event.source,
    id: event.id,
  };
  const known = names[lower(key)];
  if (known !== undefined) return known;
  return key.split(".").reduce<unknown>((value, name) => fieldOf(value, name), event.body);
}

function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  const entry = Object.entries(value).find(([each]) => lower(each) === lower(name));
  return entry?.[1];
}

function has(values: readonly string[], text: string): boolean {
  return values.some((value) => lower(value) === lower(text));
}

function lower(text: string): string {
  return text.toLowerCase();
}
