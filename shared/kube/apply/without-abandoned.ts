import type { KubeObject } from "../served-kind.ts";
import { difference, type FieldSet, noFields, union } from "./field-set.ts";
import { fieldsOfObject, withDeclaredParents } from "./fields-of-value.ts";
import type { InVersion } from "./in-version.ts";
import type { Manager, Managers } from "./managed-fields.ts";
import { withoutFields } from "./merge-applied.ts";

export interface Ownership {
  /** With what the applying manager owns from now on. */
  readonly owners: Managers;
  readonly inVersion: InVersion;
}

/**
 * The object without what its manager applied before and leaves out now, where nobody else owns it.
 * Each version may know fields by its own names, so each owner is asked in its own.
 */
export function withoutAbandoned(
  object: KubeObject,
  last: Manager,
  { owners, inVersion }: Ownership,
): KubeObject {
  const there = inVersion(object, last.apiVersion);
  // A version that is gone had names for fields that nobody knows any more.
  if (there === undefined) return object;
  const claims = claimsByForm(object, { owners, inVersion });
  const { owned, applied } = claims.get(there.form) ?? noClaims;
  // A struct stays while somebody owns a field of it; an item of a list goes with who owns it.
  const gone = difference(last.fields, withDeclaredParents(owned, there.shape));
  let rest = withoutFields(there.object, { gone, kept: applied }, there.shape) as KubeObject;
  for (const [form, claim] of claims) {
    if (form !== there.form) rest = withClaimed({ whole: object, rest }, claim, inVersion);
  }
  return inVersion(rest, object.apiVersion)?.object ?? object;
}

/** The rest of a whole, with what is claimed of the whole in one version. */
function withClaimed(
  { whole, rest }: { readonly whole: KubeObject; readonly rest: KubeObject },
  { apiVersion, owned, applied }: Claims,
  inVersion: InVersion,
): KubeObject {
  const before = inVersion(whole, apiVersion);
  const after = inVersion(rest, apiVersion);
  if (before === undefined || after === undefined) return rest;
  const { shape } = before;
  const all = withDeclaredParents(fieldsOfObject(before.object, shape), shape);
  const left = withDeclaredParents(fieldsOfObject(after.object, shape), shape);
  const gone = difference(difference(all, left), withDeclaredParents(owned, shape));
  return withoutFields(before.object, { gone, kept: applied }, shape) as KubeObject;
}

/** What is owned in versions of one form. */
interface Claims {
  readonly apiVersion: string;
  readonly owned: FieldSet;
  /** What somebody applied as empty stays when it is empty again. */
  readonly applied: FieldSet;
}

const noClaims: Claims = { apiVersion: "", owned: noFields, applied: noFields };

function claimsByForm(
  object: KubeObject,
  { owners, inVersion }: Ownership,
): ReadonlyMap<string, Claims> {
  const claims = new Map<string, Claims>();
  for (const { apiVersion, operation, fields } of owners.values()) {
    const form = inVersion(object, apiVersion)?.form;
    if (form === undefined) continue;
    const { owned, applied } = claims.get(form) ?? noClaims;
    const isApplied = operation === "Apply";
    claims.set(form, {
      apiVersion,
      owned: union(owned, fields),
      applied: isApplied ? union(applied, fields) : applied,
    });
  }
  return claims;
}
