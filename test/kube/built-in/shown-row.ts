import { builtInKinds } from "../../../shared/kube/built-in/built-in-kinds.ts";
import { kindsOf } from "../../../shared/kube/kinds.ts";
import type { KubeObject } from "../../../shared/kube/served-kind.ts";
import { tableOf } from "../../../shared/kube/table/table.ts";
import type { Instant } from "../../../shared/lib/instant.ts";
import type { Json, JsonObject } from "../../../shared/lib/kube-object.ts";

const kinds = kindsOf(builtInKinds());

interface Column {
  readonly name: string;
  readonly type: string;
  readonly priority: number;
}

export interface ShownRow {
  readonly columns: readonly Column[];
  /** By the column's name. */
  readonly cells: Readonly<Record<string, Json>>;
}

/** The row of an object of a built-in kind, that is five seconds old: "apps/deployments". */
export function shownRow(resource: string, object: JsonObject, served?: string): ShownRow {
  const [group = "", plural = ""] = resource.split("/");
  const versions = kinds.find(group, plural)?.versions ?? [];
  const version = served === undefined ? versions[0] : versions.find(({ name }) => name === served);
  if (version === undefined) throw new Error(`There must be a kind ${resource}`);
  const metadata = {
    name: "n",
    creationTimestamp: "2026-11-21T12:00:00Z",
    ...(object["metadata"] as object),
  };
  const apiVersion = group === "" ? version.name : `${group}/${version.name}`;
  const whole = { apiVersion, kind: "K", ...object, metadata } as KubeObject;
  const table = tableOf([whole], version, {
    includeObject: "None",
    metaVersion: "v1",
    now: "2026-11-21T12:00:05.000Z" as Instant,
    withColumns: true,
    metadata: {},
  });
  const [row] = table["rows"] as readonly { readonly cells: readonly Json[] }[];
  const columns = table["columnDefinitions"] as unknown as readonly Column[];
  if (row?.cells.length !== columns.length) throw new Error(`${resource}: cells and columns`);
  const named = columns.map(({ name }, at): [string, Json] => [name, row.cells[at] ?? null]);
  return { columns, cells: Object.fromEntries(named) };
}
