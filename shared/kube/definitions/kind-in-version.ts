import type { ServedKind, ServedVersion } from "../served-kind.ts";

const kinds = new WeakMap<ServedVersion, ServedKind>();

/** The kind as one of its versions serves it: the same object each time. */
export function kindInVersion(kind: ServedKind, version: ServedVersion): ServedKind {
  const { serves } = version;
  if (serves === undefined) return kind;
  const known = kinds.get(version);
  if (known !== undefined) return known;
  const { scale: _scale, selectableFields: _fields, ...rest } = kind;
  const { hasStatus, scale, selectableFields } = serves;
  const own: ServedKind = {
    ...rest,
    hasStatus,
    ...(scale !== undefined && { scale }),
    ...(selectableFields.length > 0 && { selectableFields }),
  };
  kinds.set(version, own);
  return own;
}
