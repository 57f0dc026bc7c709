import type { Instant } from "../../lib/instant.ts";
import type { Json } from "../../lib/kube-object.ts";
import { at, objectOf, textOf } from "../json.ts";
import type { KubeObject, PrinterColumn } from "../served-kind.ts";
import { ageOf } from "../table/age.ts";
import { wide } from "./basic-columns.ts";
import { fromEventFace } from "./event-face.ts";

type Cell = (event: KubeObject, now: Instant) => string | number;

/** A column of an Event of either group; the cell sees it as one of the core group. */
function column(name: string, cell: Cell, more: Partial<PrinterColumn> = {}): PrinterColumn {
  return { type: "string", ...more, name, cell: (object, now) => cell(fromEventFace(object), now) };
}

/**
 * As a kube-apiserver prints Events: their names come last, and with `-o wide` only.
 *
 * @see https://kubernetes.io/docs/reference/kubectl/generated/kubectl_events/
 */
export const eventColumns: readonly PrinterColumn[] = [
  column("Last Seen", (event, now) => ageOf(lastSeen(event), now)),
  column("Type", (event) => textOf(event["type"]) ?? ""),
  column("Reason", (event) => textOf(event["reason"]) ?? ""),
  column("Object", target),
  column("Subobject", (event) => textOf(at(event, "involvedObject", "fieldPath")) ?? "", wide),
  column("Source", source, wide),
  column("Message", (event) => (textOf(event["message"]) ?? "").trim()),
  column("First Seen", (event, now) => ageOf(firstSeen(event), now), wide),
  column("Count", count, wide),
  column("Name", (event) => textOf(event.metadata["name"]) ?? "", { ...wide, format: "name" }),
];

function firstSeen(event: KubeObject): string | null {
  return textOf(event["firstTimestamp"]) ?? textOf(event["eventTime"]) ?? null;
}

function lastSeen(event: KubeObject): string | null {
  const inSeries = at(event, "series", "lastObservedTime");
  return textOf(inSeries) ?? textOf(event["lastTimestamp"]) ?? firstSeen(event);
}

/** Events of the newer API have no count until they are a series. */
function count(event: KubeObject): number {
  return numberOf(at(event, "series", "count")) ?? numberOf(event["count"]) ?? 1;
}

function numberOf(value: Json | undefined): number | undefined {
  return typeof value === "number" && value > 0 ? value : undefined;
}

function target(event: KubeObject): string {
  const { kind, name } = objectOf(event["involvedObject"]);
  const lower = (textOf(kind) ?? "").toLowerCase();
  const named = textOf(name) ?? "";
  return named === "" ? lower : `${lower}/${named}`;
}

function source(event: KubeObject): string {
  const { component, host } = objectOf(event["source"]);
  const parts = [
    textOf(component) ?? textOf(event["reportingComponent"]),
    textOf(host) ?? textOf(event["reportingInstance"]),
  ];
  return parts.filter((part) => part !== undefined && part !== "").join(", ");
}
