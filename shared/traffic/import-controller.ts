import type { Effects } from "../effects/effects.ts";
import { listAll } from "../effects/list-all.ts";
import type { Document, Key } from "../lib/document.ts";
import { type Controller, controller, type Observed } from "../reconcile/controller.ts";
import { decideImport, type ImportToDecide } from "./decide-import.ts";
import { type ExportSnapshot, exportRef, exportSnapshotKind, type ServiceImport } from "./model.ts";

/** Keeps each ServiceImport equal to what its service's exports come to. */
export const serviceImportController = controller<ImportToDecide, never>({
  observe,
  decide: decideImport,
  act: async (action) => action,
} satisfies Controller<ImportToDecide, never>);

async function observe(key: Key, effects: Effects): Promise<Observed<ImportToDecide>> {
  const importKey = key as Key<ServiceImport>;
  const [document, snapshots] = await Promise.all([
    effects.store.read(importKey),
    snapshotsOf(key, key.name, effects),
  ]);
  return {
    ...(document !== undefined && { document }),
    seen: { key: importKey, document, snapshots, now: effects.clock.now() },
  };
}

/** All snapshots of one service, in the order of their members. */
export async function snapshotsOf(
  { fleet, namespace = "" }: Key,
  service: string,
  { store }: Effects,
): Promise<readonly Document<ExportSnapshot>[]> {
  const ref = exportRef(namespace, service);
  return await listAll(store, { fleet, kind: exportSnapshotKind, namespace, ref });
}
