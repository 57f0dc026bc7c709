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
    "generateName",
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

/** Entries with one key are one manager's: what it writes again joins what it wrote before. */
export function managerKey(manager: Omit<Manager, "fields" | "time">): string {
  const { operation, apiVersion, subresource = "" } = manager;
  return JSON.stringify([manager.manager, operation, apiVersion, subresource]);
}

export type Managers = ReadonlyMap<string, Manager>;

/** The managers of an object; entries that cannot be read are dropped. */
export function managersOf(object: KubeObject | undefined): Managers {
  const entries = arrayOf(at(object, "metadata", "managedFields")).flatMap(managerOf);
  return new Map(entries.map((manager) => [managerKey(manager), manager]));
}

function managerOf(entry: Json): readonly Manager[] {
  if (!isObject(entry)) return [];
  const { operation, subresource, time, fieldsV1 } = entry;
  if (operation !== "Apply" && operation !== "Update") return [];
  return [
    {
      manager: textOf(entry["manager"]) ?? "",
      operation,
      apiVersion: textOf(entry["apiVersion"]) ?? "",
      ...(typeof subresource === "string" && subresource !== "" && { subresource }),
      ...(typeof time === "string" && { time }),
      fields: isObject(fieldsV1) ? fromFieldsV1(fieldsV1) : noFields,
    },
  ];
}

/** The entries of `managedFields`, in the order of a kube-apiserver; none for who owns nothing. */
export function managedFieldsOf(managers: Managers): readonly JsonObject[] {
  return [...withFewUpdaters(managers).values()]
    .filter(({ fields }) => !isEmptySet(fields))
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
  const [a, b] = [sortKey(left), sortKey(right)];
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function sortKey({ operation, time = "", manager }: Manager): string {
  return `${operation}|${time}|${manager}`;
}

function withFewUpdaters(managers: Managers): Managers {
  const updaters = [...managers].filter(([, { operation }]) => operation === "Update");
  const excess = updaters.length - updateManagersMax;
  if (excess <= 0) return managers;
  const oldest = updaters
    .sort(([, left], [, right]) => compareManagers(left, right))
    .slice(0, excess + 1);
  const rest = new Map(managers);
  for (const [key] of oldest) rest.delete(key);
  const [first] = oldest;
  if (first === undefined) return managers;
  const ancient: Manager = {
    ...first[1],
    manager: "ancient-changes",
    fields: oldest.reduce((all, [, { fields }]) => union(all, fields), noFields),
  };
  return rest.set(managerKey(ancient), ancient);
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
