import type { Instant } from "../../lib/instant.ts";
import type { Json, JsonObject } from "../../lib/kube-object.ts";
import type { ListOptions } from "../http/list-options.ts";
import type { KubeObject, PrinterColumn, ServedVersion } from "../served-kind.ts";
import { jsonCell } from "./json-cell.ts";
import { findFirst } from "./json-path.ts";
import { creationDescription, nameDescription } from "./metadata-descriptions.ts";

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

const name: PrinterColumn = {
  name: "Name",
  type: "string",
  format: "name",
  jsonPath: ".metadata.name",
  description: nameDescription,
};
const age: PrinterColumn = {
  name: "Age",
  type: "date",
  jsonPath: ".metadata.creationTimestamp",
  description: creationDescription,
};

/** Columns that show the name themselves, such as those of Events, stand as they are. */
function columnsOf({ columns = [age] }: ServedVersion): readonly PrinterColumn[] {
  return columns.some(isOwnName) ? columns : [name, ...columns];
}

/** Of a built-in kind: a CustomResourceDefinition's column "Name" is one beside the first. */
function isOwnName(column: PrinterColumn): boolean {
  return "cell" in column && column.name === name.name;
}

function definitionOf(column: PrinterColumn): JsonObject {
  return {
    name: column.name,
    type: column.type,
    format: column.format ?? "",
    description: column.description || unnamed(column),
    priority: column.priority ?? 0,
  };
}

function unnamed(column: PrinterColumn): string {
  return "jsonPath" in column
    ? `Custom resource definition column (in JSONPath format): ${column.jsonPath}`
    : column.name;
}

function cellOf(object: KubeObject, column: PrinterColumn, now: Instant): Json {
  return "cell" in column
    ? column.cell(object, now)
    : jsonCell(column.type, findFirst(object, column.jsonPath), now);
}
