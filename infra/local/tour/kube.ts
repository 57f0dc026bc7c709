import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type KubernetesObject,
  type KubernetesObjectApi,
  PatchStrategy,
} from "@kubernetes/client-node";
import { loadAll } from "js-yaml";

/** An object as the tour reads it: what it looks into is checked where it is read. */
export interface Seen extends KubernetesObject {
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly status?: Readonly<Record<string, unknown>>;
}

/** Applies a manifest of the folder `manifests`, as `kubectl apply --server-side -f` does. */
export async function apply(api: KubernetesObjectApi, manifest: string): Promise<void> {
  const text = await readFile(join(import.meta.dirname, "manifests", manifest), "utf8");
  for (const object of loadAll(text)) {
    await api.patch(
      object as KubernetesObject,
      undefined,
      undefined,
      "hubless-tour",
      true,
      PatchStrategy.ServerSideApply,
    );
  }
}

/** The object, or undefined when there is none. */
export async function readIfThere(
  api: KubernetesObjectApi,
  header: {
    readonly apiVersion: string;
    readonly kind: string;
    readonly name: string;
    readonly namespace?: string;
  },
): Promise<Seen | undefined> {
  const { apiVersion, kind, ...metadata } = header;
  try {
    return await api.read<Seen>({ apiVersion, kind, metadata });
  } catch (error) {
    if ((error as { code?: unknown }).code === 404) return undefined;
    throw error;
  }
}

/** `{ type: status }` of an object's conditions. */
export function conditionsOf(object: Seen | undefined): Readonly<Record<string, string>> {
  const conditions = object?.status?.["conditions"];
  if (!Array.isArray(conditions)) return {};
  return Object.fromEntries(
    conditions.map((each: { type: string; status: string }) => [each.type, each.status]),
  );
}
