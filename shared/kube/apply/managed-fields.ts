import type { Json, JsonObject } from "../../lib/kube-object.ts";
import { arrayOf, at, isObject, objectOf, textOf } from "../json.ts";
import type { KubeObject } from "../served-kind.ts";
import {
  type FieldPath,
  type FieldSet,
  fromFieldsV1,
  isEmptySet,
  noFields,
  toFieldsV1,
  union,
  withoutPaths,
} from "./field-set.ts";

/** One entry of `metadata.managedFields`: who wrote which fields, how, and when. */
export interface Manager {
  readonly manager: string;
  readonly operation: "Apply" | "Update";
  readonly apiVersion: string;
  /** "status", "scale"; left out for the object itself. */
  readonly subresource?: string;
  readonly time?: string;
  readonly fields: FieldSet;
}

/** At most so many update managers; the oldest become one, as in a kube-apiserver. */
const updateManagersMax = 10;

/** What nobody owns: the object's identity, and what the server alone writes. */
const unowned: readonly FieldPath[] = [
  ["f:apiVersion"],
  ["f:kind"],
  ...[
    "name",
    "namespace",
    "creationTimestamp",
    "selfLink",
    "uid",
    "generation",
    "managedFields",
    "resourceVersion",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
  ].map((name) => ["f:metadata", `f:${name}`]),
];

export function withoutUnowned(fields: FieldSet): FieldSet {
  const rest = withoutPaths(fields, unowned);
  const metadata = rest.children.get("f:metadata");
  if (metadata?.member !== true) return rest;
  // The metadata as such belongs to nobody.
  const children = new Map(rest.children);
  children.set("f:metadata", { member: false, children: metadata.children });
  if (metadata.children.size === 0) children.delete("f:metadata");
  return { ...rest, children };
}

/** Whether what is written below an object is its status: "status" itself, or a part of it. */
export function isOfStatus(subresource: string | undefined): boolean {
  return subresource === "status" || subresource === "approval";
}

/**
 * Entries with one key are one manager's: what it writes again joins what it wrote before. Who
 * applies is one manager in whatever version it does.
 */
export function managerKey(manager: Omit<Manager, "fields" | "time">): string {
  const { operation, apiVersion, subresource = "" } = manager;
  const version = operation === "Apply" ? "" : apiVersion;
  return JSON.stringify([manager.manager, operation, version, subresource]);
}

export type Managers = ReadonlyMap<string, Manager>;

/** The managers of an object; none when what it says of them cannot be read. */
export function managersOf(object: KubeObject | undefined): Managers {
  return readManagers(object) ?? new Map<string, Manager>();
}

/** As `managersOf`, but undefined for entries that no API server has written. */
export function readManagers(object: KubeObject | undefined): Managers | undefined {
  const managers = new Map<string, Manager>();
  for (const entry of arrayOf(at(object, "metadata", "managedFields"))) {
    const manager = managerOf(entry);
    if (manager === undefined) return undefined;
    managers.set(managerKey(manager), manager);
  }
  return managers;
}

function managerOf(entry: Json): Manager | undefined {
  if (!isObject(entry)) return undefined;
  const { operation, subresource, time, fieldsType, fieldsV1 = null } = entry;
  const apiVersion = textOf(entry["apiVersion"]) ?? "";
  if (operation !== "Apply" && operation !== "Update") return undefined;
  if (apiVersion === "" || fieldsType !== "FieldsV1") return undefined;
  const fields = fieldsV1 === null ? noFields : fromFieldsV1(fieldsV1);
  if (fields === undefined) return undefined;
  return {
    manager: textOf(entry["manager"]) ?? "",
    operation,
    apiVersion,
    ...(typeof subresource === "string" && subresource !== "" && { subresource }),
    ...(typeof time === "string" && { time }),
    fields,
  };
}

/** The entries of `managedFields`, in the order of a kube-apiserver; none for who owns nothing. */
export function managedFieldsOf(managers: Managers): readonly JsonObject[] {
  const owners = [...managers.values()].filter(({ fields }) => !isEmptySet(fields));
  return withFewUpdaters(owners)
    .sort(compareManagers)
    .map(({ manager, operation, apiVersion, subresource, time, fields }) => ({
      manager,
      operation,
      apiVersion,
      ...(time !== undefined && { time }),
      fieldsType: "FieldsV1",
      fieldsV1: toFieldsV1(fields),
      ...(subresource !== undefined && { subresource }),
    }));
}

function compareManagers(left: Manager, right: Manager): number {
  const [a, b] = [sortKeys(left), sortKeys(right)];
  const differs = a.findIndex((key, index) => key !== b[index]);
  if (differs < 0) return 0;
  return (a[differs] ?? "") < (b[differs] ?? "") ? -1 : 1;
}

function sortKeys(entry: Manager): readonly string[] {
  const { operation, time = "", manager, apiVersion, subresource = "" } = entry;
  return [operation, time, manager, apiVersion, subresource];
}

const oldUpdates = "ancient-changes";

/** The oldest updaters of one version become one, until there are few enough. */
function withFewUpdaters(managers: readonly Manager[]): Manager[] {
  const updaters = managers.filter(({ operation }) => operation === "Update").sort(compareManagers);
  const kept = new Set(managers);
  const buckets = updaters.filter(({ manager }) => manager === oldUpdates);
  /** What the updates of a version are joined with; the first is joined with nothing yet. */
  const joined = new Map(buckets.map((bucket) => [bucket.apiVersion, bucket]));
  for (const updater of updaters) {
    if (buckets.includes(updater)) continue;
    if (updaters.length - (managers.length - kept.size) <= updateManagersMax) break;
    const { apiVersion, fields, time } = updater;
    const older = joined.get(apiVersion);
    if (older !== undefined) {
      kept.delete(older);
      kept.delete(updater);
    }
    const both: Manager =
      older === undefined
        ? updater
        : {
            manager: oldUpdates,
            operation: "Update",
            apiVersion,
            // The newer of the two.
            ...(time !== undefined && { time }),
            fields: union(older.fields, fields),
          };
    kept.add(both);
    joined.set(apiVersion, both);
  }
  return [...kept];
}

/** The object without its managed fields: what ownership is about. */
export function withoutManagedFields(object: KubeObject): KubeObject {
  const { managedFields: _, ...metadata } = objectOf(object.metadata);
  return { ...object, metadata };
}

export function withManagers(object: KubeObject, managers: Managers): KubeObject {
  const managedFields = managedFieldsOf(managers);
  const bare = withoutManagedFields(object);
  return managedFields.length === 0
    ? bare
    : { ...bare, metadata: { ...bare.metadata, managedFields } };
}
