import type { Instant } from "../../lib/instant.ts";
import type { Json, JsonObject } from "../../lib/kube-object.ts";
import type { ListOptions } from "../http/list-options.ts";
import type { KubeObject, PrinterColumn, ServedVersion } from "../served-kind.ts";
import { humanDuration } from "./age.ts";
import { findAll } from "./json-path.ts";

export interface TableOptions {
  readonly includeObject: ListOptions["includeObject"];
  readonly metaVersion: "v1" | "v1beta1";
  readonly now: Instant;
  /** False in all but the first event of a watch. */
  readonly withColumns: boolean;
}

/** The `meta.k8s.io` table that `kubectl get` prints. */
export function tableOf(
  objects: readonly KubeObject[],
  version: ServedVersion,
  options: TableOptions & { readonly metadata: JsonObject },
): JsonObject {
  const columns = columnsOf(version);
  return {
    kind: "Table",
    apiVersion: `meta.k8s.io/${options.metaVersion}`,
    metadata: options.metadata,
    columnDefinitions: options.withColumns ? columns.map(definitionOf) : [],
    rows: objects.map((object) => ({
      cells: columns.map((column) => cellOf(object, column, options.now)),
      ...rowObject(object, options),
    })),
  };
}

/** Metadata alone, as a row's object and as what metadata informers ask for. */
export function partialMetadata(object: JsonObject, metaVersion: "v1" | "v1beta1"): JsonObject {
  return {
    kind: "PartialObjectMetadata",
    apiVersion: `meta.k8s.io/${metaVersion}`,
    metadata: object["metadata"],
  };
}

function rowObject(object: KubeObject, options: TableOptions): JsonObject {
  switch (options.includeObject) {
    case "None":
      return {};
    case "Object":
      return { object };
    case "Metadata":
      return { object: partialMetadata(object, options.metaVersion) };
  }
}

const created = ".metadata.creationTimestamp";
const name: PrinterColumn = {
  name: "Name",
  type: "string",
  jsonPath: ".metadata.name",
  description: "Name must be unique within a namespace.",
};
const age: PrinterColumn = {
  name: "Age",
  type: "date",
  jsonPath: created,
  description: "How long ago the object was created.",
};

/** Columns that show the name themselves, such as those of Events, stand as they are. */
function columnsOf({ columns = [] }: ServedVersion): readonly PrinterColumn[] {
  if (columns.some(isOwnName)) return columns;
  const showsAge = columns.some((each) => "jsonPath" in each && each.jsonPath === created);
  return [name, ...columns, ...(showsAge ? [] : [age])];
}

/** Of a built-in kind: a CustomResourceDefinition's column "Name" is one beside the first. */
function isOwnName(column: PrinterColumn): boolean {
  return "cell" in column && column.name === name.name;
}

function definitionOf(column: PrinterColumn): JsonObject {
  return {
    name: column.name,
    // Dates are sent as the text that is shown.
    type: column.type === "date" ? "string" : column.type,
    format: column === name || isOwnName(column) ? "name" : "",
    description: column.description ?? column.name,
    priority: column.priority ?? 0,
  };
}

function cellOf(object: KubeObject, column: PrinterColumn, now: Instant): Json {
  const value = "cell" in column ? column.cell(object) : findAll(object, column.jsonPath)[0];
  if ("cell" in column && column.type !== "date") return value ?? null;
  if (value === undefined || value === null) return column.type === "date" ? "<unknown>" : null;
  switch (column.type) {
    case "date":
      return ageOf(value, now);
    case "string":
      return typeof value === "string" ? value : JSON.stringify(value);
    case "integer":
    case "number":
    case "boolean":
      return typeof value === "object" ? JSON.stringify(value) : value;
  }
}

function ageOf(value: Json, now: Instant): string {
  const at = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? "<invalid>" : humanDuration(Date.parse(now) - at);
}
