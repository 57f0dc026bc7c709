import type { KubeObject, OpenApiSchema } from "../served-kind.ts";
import { StatusError } from "../status-error.ts";
import {
  difference,
  differenceBelow,
  type FieldSet,
  formatPath,
  intersection,
  isEmptySet,
  noFields,
  pathsOf,
  setEquals,
  union,
} from "./field-set.ts";
import { compareObjects, fieldsOfObject, withDeclaredParents } from "./fields-of-value.ts";
import {
  type Manager,
  type Managers,
  managerKey,
  managersOf,
  withManagers,
  withoutManagedFields,
  withoutUnowned,
} from "./managed-fields.ts";
import { mergeApplied, withoutFields } from "./merge-applied.ts";

export interface Apply {
  readonly live: KubeObject | undefined;
  /** What the manager wants: all of its fields, and nothing else. */
  readonly applied: KubeObject;
  readonly shape: OpenApiSchema;
  readonly manager: string;
  readonly apiVersion: string;
  readonly subresource?: string;
  readonly hasStatus: boolean;
  readonly force: boolean;
  readonly now: string;
}

/**
 * Server-side apply: the live object with what is applied laid over it, without what its manager
 * applied before and now leaves out, and with `managedFields` that say so.
 *
 * Invariants, held by test/kube/apply/server-side-apply.property.test.ts:
 *   A1. Applying again changes nothing, not even a time.
 *   A2. What is applied is in the result as it was applied.
 *   A3. Without force, no field of another manager changes.
 *   A4. Only what no other manager owns goes when its manager leaves it out.
 *
 * Throws 409 with a cause per field when other managers own fields with other values, unless
 * `force` takes them over.
 *
 * @see https://kubernetes.io/docs/reference/using-api/server-side-apply/
 */
export function serverSideApply(request: Apply): KubeObject {
  const { live, shape, now } = request;
  const applied = withoutManagedFields(request.applied);
  const bareLive = live === undefined ? undefined : withoutManagedFields(live);
  const managers = knownManagers(request);
  const applier = applierOf(request);
  const key = managerKey(applier);
  const last = managers.get(key);
  const fields = appliedFields(applied, request);

  const laid = mergeApplied(bareLive, applied, shape) as KubeObject;
  const result = last === undefined ? laid : withoutAbandoned(laid, last, { ...request, fields });

  const { added, modified, removed } = compareObjects(bareLive, result, shape);
  const changed = union(added, modified);
  const others = [...managers].filter(([each]) => each !== key);
  const kept = takeOver(others, changed, request.force).map(
    ([each, manager]): [string, Manager] => [
      each,
      { ...manager, fields: differenceBelow(manager.fields, removed) },
    ],
  );
  const isSame =
    last !== undefined &&
    setEquals(last.fields, fields) &&
    isEmptySet(changed) &&
    isEmptySet(removed);
  const time = isSame ? last.time : now;
  const own: Manager = { ...applier, ...(time !== undefined && { time }), fields };
  return withManagers(result, new Map([...kept, [key, own]]));
}

function applierOf({ manager, apiVersion, subresource }: Apply): Omit<Manager, "fields"> {
  return {
    manager,
    operation: "Apply",
    apiVersion,
    ...(subresource !== undefined && { subresource }),
  };
}

/** An object that nobody manages yet belongs to whoever made it. */
function knownManagers({ live, shape, apiVersion, now }: Apply): Managers {
  const managers = managersOf(live);
  if (live === undefined || managers.size > 0) return managers;
  const maker: Manager = {
    manager: "before-first-apply",
    operation: "Update",
    apiVersion,
    time: now,
    fields: withoutUnowned(fieldsOfObject(withoutManagedFields(live), shape)),
  };
  return new Map([[managerKey(maker), maker]]);
}

function appliedFields(applied: KubeObject, request: Apply): FieldSet {
  const fields = withoutUnowned(fieldsOfObject(applied, request.shape));
  if (!request.hasStatus || request.subresource !== undefined) return fields;
  const children = new Map(fields.children);
  children.delete("f:status");
  return { ...fields, children };
}

/** Takes out what the manager applied before and leaves out now, if nobody else owns it. */
function withoutAbandoned(
  object: KubeObject,
  last: Manager,
  { live, shape, fields }: Apply & { readonly fields: FieldSet },
): KubeObject {
  const key = managerKey(last);
  const ofOthers = [...managersOf(live)]
    .filter(([each]) => each !== key)
    .reduce((all, [, manager]) => union(all, manager.fields), noFields);
  // A struct stays while somebody owns a field of it; an item of a list goes with who owns it.
  const kept = withDeclaredParents(union(fields, ofOthers), shape);
  const abandoned = difference(last.fields, kept);
  return withoutFields(object, abandoned, shape) as KubeObject;
}

/** The other managers without what changes. Throws 409 where that needs force and has none. */
function takeOver(
  others: readonly (readonly [key: string, manager: Manager])[],
  changed: FieldSet,
  force: boolean,
): readonly [key: string, manager: Manager][] {
  const conflicts = others
    .map(([, manager]) => ({
      manager,
      fields: withoutUnowned(intersection(manager.fields, changed)),
    }))
    .filter(({ fields }) => !isEmptySet(fields));
  if (conflicts.length > 0 && !force) throw applyConflict(conflicts);
  return others.map(([key, manager]) => [
    key,
    { ...manager, fields: difference(manager.fields, changed) },
  ]);
}

interface ManagerConflict {
  readonly manager: Manager;
  readonly fields: FieldSet;
}

function applyConflict(conflicts: readonly ManagerConflict[]): StatusError {
  const causes = conflicts.flatMap(({ manager, fields }) =>
    pathsOf(fields).map((path) => ({
      reason: "FieldManagerConflict",
      message: `conflict with ${describe(manager)}`,
      field: formatPath(path),
    })),
  );
  const list = causes.map(({ message, field }) => `${message}: ${field}`).join("\n");
  return new StatusError(
    409,
    "Conflict",
    `Apply failed with ${causes.length} conflict${causes.length === 1 ? "" : "s"}: ${list}`,
    { causes },
  );
}

function describe({ manager, subresource, operation, apiVersion }: Manager): string {
  const below = subresource === undefined ? "" : ` with subresource "${subresource}"`;
  return `"${manager}"${below}${operation === "Update" ? ` using ${apiVersion}` : ""}`;
}
