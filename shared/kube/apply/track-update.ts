import type { JsonObject } from "../../lib/kube-object.ts";
import { at, fieldsOf, isArray, isObject } from "../json.ts";
import type { KubeObject, OpenApiSchema } from "../served-kind.ts";
import {
  difference,
  differenceBelow,
  type FieldSet,
  isEmptySet,
  noFields,
  union,
} from "./field-set.ts";
import { compareObjects } from "./fields-of-value.ts";
import {
  type Manager,
  managerKey,
  managersOf,
  withManagers,
  withoutManagedFields,
  withoutUnowned,
} from "./managed-fields.ts";

export interface UpdateWrite {
  readonly live: KubeObject | undefined;
  /** What is to be saved; its `managedFields` are the live ones or what the client made of them. */
  readonly object: KubeObject;
  readonly shape: OpenApiSchema;
  readonly manager: string;
  readonly apiVersion: string;
  readonly subresource?: string;
  /** Whether the status has a writer of its own, so that others never come to own it. */
  readonly hasStatus: boolean;
  /** "2026-08-01T09:00:00Z" */
  readonly now: string;
}

/**
 * The object with the writer as the owner of what it changes; others no longer own what it changed
 * or removed. A client that sends an empty `managedFields` list resets them all.
 */
export function trackUpdate(write: UpdateWrite): KubeObject {
  const { live, object, shape } = write;
  if (isReset(object)) return withoutManagedFields(object);
  const known = at(object, "metadata", "managedFields") === undefined ? live : object;
  const { added, modified, removed } = compareObjects(
    live === undefined ? undefined : withoutManagedFields(live),
    withoutManagedFields(object),
    shape,
  );
  const changed = ownable(union(added, modified), write);
  const writer = writerOf(write);
  const key = managerKey(writer);
  const managers = new Map<string, Manager>();
  for (const [each, manager] of managersOf(known)) {
    const kept = each === key ? manager.fields : difference(manager.fields, changed);
    managers.set(each, { ...manager, fields: differenceBelow(kept, removed) });
  }
  const before = managers.get(key);
  const fields = union(before?.fields ?? noFields, changed);
  const time = isEmptySet(changed) ? before?.time : write.now;
  managers.set(key, { ...writer, ...(time !== undefined && { time }), fields });
  return withManagers(object, managers);
}

function writerOf({ manager, apiVersion, subresource }: UpdateWrite): Omit<Manager, "fields"> {
  return {
    manager,
    operation: "Update",
    apiVersion,
    ...(subresource !== undefined && { subresource }),
  };
}

function ownable(changed: FieldSet, { hasStatus, subresource }: UpdateWrite): FieldSet {
  const owned = withoutUnowned(changed);
  if (!hasStatus) return owned;
  const children = new Map(owned.children);
  if (subresource !== "status") {
    children.delete("f:status");
    return { ...owned, children };
  }
  const status = children.get("f:status");
  return {
    member: false,
    children: status === undefined ? new Map() : new Map([["f:status", status]]),
  };
}

function isReset(object: KubeObject): boolean {
  const managedFields = at(object, "metadata", "managedFields");
  if (!isArray(managedFields)) return false;
  const [first] = managedFields;
  if (first === undefined) return true;
  return managedFields.length === 1 && isObject(first) && isEmptyObject(first);
}

function isEmptyObject(object: JsonObject): boolean {
  return fieldsOf(object).length === 0;
}
