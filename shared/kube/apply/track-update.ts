import { at, fieldsOf, isArray, isObject } from "../json.ts";
import type { KubeObject } from "../served-kind.ts";
import {
  difference,
  differenceBelow,
  type FieldSet,
  isEmptySet,
  noFields,
  union,
} from "./field-set.ts";
import { changesIn, type InVersion } from "./in-version.ts";
import {
  isOfStatus,
  type Manager,
  type Managers,
  managerKey,
  managersOf,
  readManagers,
  withManagers,
  withoutManagedFields,
  withoutUnowned,
} from "./managed-fields.ts";

export interface UpdateWrite {
  readonly live: KubeObject | undefined;
  /** What is to be saved; its `managedFields` are the live ones or what the client made of them. */
  readonly object: KubeObject;
  readonly inVersion: InVersion;
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
 * or removed. A client that sends `[{}]` or `[]` as `managedFields` resets them all. An object that
 * has no managers gets some with its first apply only.
 */
export function trackUpdate(write: UpdateWrite): KubeObject {
  const { live, object, inVersion, apiVersion, now } = write;
  const known = knownManagers(write);
  if (live !== undefined && known.size === 0) return withoutManagedFields(object);
  const changes = changesIn(inVersion, live, object);
  const changed = changedIn(apiVersion, changes, write);
  const writer = writerOf(write);
  const key = managerKey(writer);
  const managers = new Map<string, Manager>();
  for (const [each, manager] of known) {
    const comparison = changes(manager.apiVersion);
    // Nobody can say any more what a version that is gone has called its fields.
    if (comparison === undefined) continue;
    const theirs = each === key ? noFields : changedIn(manager.apiVersion, changes, write);
    const fields = differenceBelow(difference(manager.fields, theirs), comparison.removed);
    managers.set(each, { ...manager, fields });
  }
  const before = managers.get(key);
  const fields = union(before?.fields ?? noFields, changed);
  const time = isEmptySet(changed) ? before?.time : now;
  managers.set(key, { ...writer, ...(time !== undefined && { time }), fields });
  return withManagers(object, managers);
}

/**
 * Whom the client names as managers, if it may and they can be read; else the live ones, so that a
 * client that knows nothing of managed fields does not lose them.
 */
function knownManagers({ live, object, subresource }: UpdateWrite): Managers {
  if (subresource !== undefined) return managersOf(live);
  if (isReset(object)) return new Map();
  const named = readManagers(object);
  return named === undefined || named.size === 0 ? managersOf(live) : named;
}

function changedIn(
  apiVersion: string,
  changes: ReturnType<typeof changesIn>,
  write: UpdateWrite,
): FieldSet {
  const comparison = changes(apiVersion);
  if (comparison === undefined) return noFields;
  return ownable(union(comparison.added, comparison.modified), write);
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
  if (!isOfStatus(subresource)) {
    children.delete("f:status");
    return { ...owned, children };
  }
  const status = children.get("f:status");
  return {
    member: false,
    children: status === undefined ? new Map() : new Map([["f:status", status]]),
  };
}

/** No entry at all, or one that says nothing. */
function isReset(object: KubeObject): boolean {
  const managedFields = at(object, "metadata", "managedFields");
  if (!isArray(managedFields) || managedFields.length > 1) return false;
  const [only = {}] = managedFields;
  return isObject(only) && fieldsOf(only).every(([, value]) => value === null || value === "");
}
