import type { JsonObject } from "../../lib/kube-object.ts";
import type { KubeObject, OpenApiSchema } from "../served-kind.ts";
import { StatusError } from "../status-error.ts";
import { checkApplied } from "./check-applied.ts";
import {
  difference,
  differenceBelow,
  type FieldSet,
  formatPath,
  intersection,
  isEmptySet,
  pathsOf,
  union,
} from "./field-set.ts";
import { type Comparison, compareObjects, fieldsOfObject } from "./fields-of-value.ts";
import { changesIn, type InVersion } from "./in-version.ts";
import { fieldsLastApplied, withLastApplied } from "./last-applied.ts";
import {
  type Manager,
  type Managers,
  managerKey,
  managersOf,
  withManagers,
  withoutManagedFields,
  withoutUnowned,
} from "./managed-fields.ts";
import { mergeApplied } from "./merge-applied.ts";
import { withoutAbandoned } from "./without-abandoned.ts";

export interface Apply {
  readonly live: KubeObject | undefined;
  /** What the manager wants: all of its fields, and nothing else. */
  readonly applied: KubeObject;
  /** The same as the client has sent it. */
  readonly sent: JsonObject;
  readonly shape: OpenApiSchema;
  readonly inVersion: InVersion;
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
  const { live, shape, now, inVersion, apiVersion } = request;
  const applied = withoutManagedFields(request.applied);
  checkApplied(applied, shape);
  const bareLive = live === undefined ? undefined : withoutManagedFields(live);
  const managers = knownManagers(request);
  const applier = applierOf(request);
  const key = managerKey(applier);
  const last = managers.get(key);
  const fields = ownable(fieldsOfObject(applied, shape), request);
  const owners = new Map(managers).set(key, { ...applier, fields });

  const laid = mergeApplied(bareLive, applied, shape) as KubeObject;
  const result = last === undefined ? laid : withoutAbandoned(laid, last, { owners, inVersion });

  const changes = changesIn(inVersion, bareLive, result);
  const others = [...managers].filter(([each]) => each !== key);
  const { kept, conflicts } = takeOver(others, changes);
  const refused = request.force ? [] : conflictsOf(conflicts, request);
  if (refused.length > 0) throw applyConflict(refused);
  // As in a kube-apiserver, who applies what is there already is no writer, and has no time.
  const time = isUnchanged(changes(apiVersion)) ? last?.time : now;
  const own: Manager = { ...applier, ...(time !== undefined && { time }), fields };
  const owned = withManagers(result, new Map([...kept, [key, own]]));
  // What is below an object has no annotation of its own.
  if (request.subresource !== undefined) return owned;
  return withLastApplied(request.manager, owned, request.sent);
}

function isUnchanged(changes: Comparison | undefined): boolean {
  if (changes === undefined) return false;
  const { added, modified, removed } = changes;
  return [added, modified, removed].every(isEmptySet);
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
function knownManagers(request: Apply): Managers {
  const { live, shape, apiVersion, now } = request;
  const managers = managersOf(live);
  if (live === undefined || managers.size > 0) return managers;
  const { added } = compareObjects(undefined, withoutManagedFields(live), shape);
  const maker: Manager = {
    manager: "before-first-apply",
    operation: "Update",
    apiVersion,
    time: now,
    fields: ownable(added, request),
  };
  return new Map([[managerKey(maker), maker]]);
}

/** The fields without the server's own, and without a status that has a writer of its own. */
function ownable(fields: FieldSet, { hasStatus, subresource }: Apply): FieldSet {
  const owned = withoutUnowned(fields);
  if (!hasStatus || subresource !== undefined) return owned;
  const children = new Map(owned.children);
  children.delete("f:status");
  return { ...owned, children };
}

/** The other managers without what changes, and those that own something of it. */
function takeOver(
  others: readonly (readonly [key: string, manager: Manager])[],
  changes: (apiVersion: string) => Comparison | undefined,
): { readonly kept: readonly [string, Manager][]; readonly conflicts: readonly ManagerConflict[] } {
  const conflicts: ManagerConflict[] = [];
  const kept = others.flatMap(([key, manager]): [string, Manager][] => {
    const comparison = changes(manager.apiVersion);
    // Nobody can say any more what a version that is gone has called its fields.
    if (comparison === undefined) return [];
    const changed = union(comparison.added, comparison.modified);
    const fields = withoutUnowned(intersection(manager.fields, changed));
    if (!isEmptySet(fields)) conflicts.push({ manager, fields });
    const rest = differenceBelow(difference(manager.fields, changed), comparison.removed);
    return [[key, { ...manager, fields: rest }]];
  });
  return { kept, conflicts };
}

/** The conflicts that need force: kubectl only goes on with what it has applied before. */
function conflictsOf(
  conflicts: readonly ManagerConflict[],
  { manager, live, shape, subresource }: Apply,
): readonly ManagerConflict[] {
  if (conflicts.length === 0 || subresource !== undefined) return conflicts;
  const before = fieldsLastApplied(manager, live, shape);
  return conflicts
    .map((each) => ({ ...each, fields: difference(each.fields, before) }))
    .filter(({ fields }) => !isEmptySet(fields));
}

interface ManagerConflict {
  readonly manager: Manager;
  readonly fields: FieldSet;
}

function applyConflict(conflicts: readonly ManagerConflict[]): StatusError {
  const sorted = conflicts
    .map((each) => ({ ...each, key: managerKey(each.manager) }))
    .sort((left, right) => (left.key < right.key ? -1 : 1));
  const causes = sorted.flatMap(({ manager, fields }) =>
    pathsOf(fields).map((path) => ({
      reason: "FieldManagerConflict",
      message: `conflict with ${describe(manager)}`,
      field: formatPath(path),
    })),
  );
  const [first] = causes;
  const list = sorted.flatMap(({ manager, fields }) => [
    `conflicts with ${describe(manager)}:`,
    ...pathsOf(fields).map((path) => `- ${formatPath(path)}`),
  ]);
  const message =
    causes.length === 1 && first !== undefined
      ? `1 conflict: ${first.message}: ${first.field}`
      : `${causes.length} conflicts: ${list.join("\n")}`;
  return new StatusError(409, "Conflict", `Apply failed with ${message}`, { causes });
}

function describe({ manager, subresource, operation, apiVersion }: Manager): string {
  const below = subresource === undefined ? "" : ` with subresource "${subresource}"`;
  return `"${manager}"${below}${operation === "Update" ? ` using ${apiVersion}` : ""}`;
}
