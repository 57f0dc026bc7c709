/**
 * Which parts of which documents are secret. The only place that knows: whoever gives a kind of
 * document something that repeats a Secret's values adds a line here.
 */
import type { Kind } from "../../lib/document.ts";
import { snapshotKind } from "../../rollout/model.ts";

/** ["spec", "selectedResources", 3, "data"] */
export type Path = readonly (string | number)[];

/** The secret parts of a body of the kind. None lies in another. */
export type SecretParts = (kind: Kind, body: unknown) => readonly Path[];

/** The kinds that may have secret parts; documents of others are passed on as they are. */
export const secretKinds: ReadonlySet<Kind> = new Set(["secrets", snapshotKind]);

export const secretParts: SecretParts = (kind, body) => {
  if (kind === "secrets") return partsOfSecret(body);
  return kind === snapshotKind ? partsOfSnapshot(body) : [];
};

/** Told to anyone who may see that a Secret exists, and what lists, selectors and owners need. */
const plainFields: readonly string[] = ["apiVersion", "kind", "metadata", "type", "immutable"];

/**
 * All fields but the plain ones: a misspelt `Data` is as secret as `data`. Annotations too, all of
 * them: kubectl's `last-applied-configuration` and the like repeat the object.
 */
function partsOfSecret(body: unknown): readonly Path[] {
  const { metadata } = recordOf(body);
  const fields = Object.keys(recordOf(body)).filter((name) => !plainFields.includes(name));
  const hasAnnotations = recordOf(metadata)["annotations"] !== undefined;
  return [
    ...(hasAnnotations ? [["metadata", "annotations"]] : []),
    ...fields.map((name) => [name]),
  ];
}

function partsOfSnapshot(body: unknown): readonly Path[] {
  const { selectedResources } = recordOf(recordOf(body)["spec"]);
  if (!Array.isArray(selectedResources)) return [];
  return selectedResources.flatMap((manifest: unknown, at) => {
    const { apiVersion, kind } = recordOf(manifest);
    if (apiVersion !== "v1" || kind !== "Secret") return [];
    return partsOfSecret(manifest).map((path) => ["spec", "selectedResources", at, ...path]);
  });
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
