import { apiVersionOf, type Kinds } from "../kinds.ts";
import { fromStored, toStored } from "../object/to-object.ts";
import { objectShape } from "../schema/object-shape.ts";
import type { KubeObject, OpenApiSchema, ServedKind, ServedVersion } from "../served-kind.ts";
import { type Comparison, compareObjects } from "./fields-of-value.ts";
import { withoutManagedFields } from "./managed-fields.ts";

/** An object as one of its versions shows it, and how its fields merge there. */
export interface Versioned {
  readonly object: KubeObject;
  readonly shape: OpenApiSchema;
  /** The same for versions that call their fields by the same names. */
  readonly form: string;
}

/**
 * The object as another version shows it: managed fields are told in the version that their manager
 * wrote in. Undefined for a version that is not served (any more).
 */
export type InVersion = (object: KubeObject, apiVersion: string) => Versioned | undefined;

/** Between all versions, of whatever group, whose objects are the same documents. */
export function inVersionOf(kinds: Kinds, { documents }: ServedKind): InVersion {
  const versions = new Map(
    kinds.all
      .filter((kind) => kind.documents === documents)
      .flatMap((kind) =>
        kind.versions.map((version): [string, { kind: ServedKind; version: ServedVersion }] => [
          apiVersionOf(kind, version.name),
          { kind, version },
        ]),
      ),
  );
  return (object, apiVersion) => {
    const from = versions.get(object.apiVersion);
    const to = versions.get(apiVersion);
    if (from === undefined || to === undefined) return undefined;
    const shape = objectShape(to.version);
    const isConverted = to.version.fromStored !== undefined;
    const form = isConverted ? apiVersion : "stored";
    if (from.version === to.version) return { object, shape, form };
    const stored = toStored(object, from.kind, from.version);
    return { object: fromStored(stored, to.kind, to.version), shape, form };
  };
}

/** What a write changes, as each version tells it; undefined for one that is not served. */
export function changesIn(
  inVersion: InVersion,
  before: KubeObject | undefined,
  after: KubeObject,
): (apiVersion: string) => Comparison | undefined {
  const known = new Map<string, Comparison | undefined>();
  const bareBefore = before && withoutManagedFields(before);
  const bareAfter = withoutManagedFields(after);
  const compareIn = (apiVersion: string): Comparison | undefined => {
    const then = bareBefore && inVersion(bareBefore, apiVersion)?.object;
    const now = inVersion(bareAfter, apiVersion);
    return now && compareObjects(then, now.object, now.shape);
  };
  return (apiVersion) => {
    if (!known.has(apiVersion)) known.set(apiVersion, compareIn(apiVersion));
    return known.get(apiVersion);
  };
}
