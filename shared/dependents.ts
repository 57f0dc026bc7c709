/**
 * Which documents depend on which: the whole wiring of the product, on a page.
 *
 * A controller that reads another document in `observe` says here what wakes it, and nowhere else.
 */
import { clusterProfileKind, memberKind, memberRef } from "./fleet/model.ts";
import { openApiKind, openApiMemberKey } from "./hub/open-api/model.ts";
import { type UpkeepLookup, upkeepOf } from "./hub/upkeep/upkeep-of.ts";
import type { Document, Key, Kind } from "./lib/document.ts";
import { keyOf } from "./lib/document.ts";
import { isUnseen, type Placement, placementKind } from "./placement/model.ts";
import { refsOfChangedObject } from "./placement/selection-refs.ts";
import {
  type Binding,
  bindingKind,
  type Counts,
  countsKey,
  countsKind,
  hasNewWork,
  snapshotKind,
} from "./rollout/model.ts";
import {
  type ExportSnapshot,
  exportRef,
  exportSnapshotKind,
  multiClusterServiceKind,
  serviceImportKind,
} from "./traffic/model.ts";
import { dependentsOfUpdate } from "./updates/dependents.ts";

/** Who looks again: documents that are known by name, and those that a lookup finds. */
export interface Dependents {
  readonly keys: readonly Key[];
  readonly lookups: readonly Lookup[];
}

export type Lookup =
  /** Documents of these kinds that have the ref. */
  | { readonly kind: "referring"; readonly ref: string; readonly to: readonly Kind[] }
  /** Each placement of the fleet may want the member, or want it no more. */
  | { readonly kind: "candidates"; readonly member: string }
  /** Whoever waits for a deletion, or loses its owner by it. */
  | UpkeepLookup;

export function dependentsOf(changed: Document): Dependents {
  const own = dependentsByKind(changed);
  const upkeep = upkeepOf(changed);
  return {
    keys: [...own.keys, ...upkeep.keys],
    lookups: [...own.lookups, ...upkeep.lookups],
  };
}

function dependentsByKind(changed: Document): Dependents {
  const { key } = changed;
  switch (key.kind) {
    case openApiKind:
      return only(present(changed));
    case memberKind:
      return {
        keys: [...present(changed), openApiMemberKey(key.fleet, key.name)],
        lookups: [
          {
            kind: "referring",
            ref: memberRef(key.name),
            to: [multiClusterServiceKind, exportSnapshotKind],
          },
        ],
      };
    case clusterProfileKind:
      return {
        keys: [],
        lookups: [{ kind: "candidates", member: key.name }],
      };
    case placementKind:
      return only(isUnseen(changed as Document<Placement>) ? present(changed) : []);
    case bindingKind:
      return only(hasNewWork(changed as Document<Binding>) ? present(changed) : []);
    case multiClusterServiceKind:
      return only(present(changed));
    case countsKind:
      return only([countsKey(key.fleet, (changed.body as Counts).placement)]);
    case snapshotKind:
      return nobody;
    case exportSnapshotKind: {
      const { namespace, name } = changed.body as ExportSnapshot;
      const imported = keyOf(serviceImportKind, key.fleet, name, namespace);
      return { keys: [...present(changed), imported], lookups: wantersOf(namespace, name) };
    }
    case serviceImportKind:
      return { keys: present(changed), lookups: wantersOf(key.namespace ?? "", key.name) };
    default: {
      const keys = dependentsOfUpdate(changed);
      if (keys.length > 0 || isInternal(key.kind)) return only(keys);
      return { keys, lookups: selectorsOf(changed) };
    }
  }
}

const only = (keys: readonly Key[]): Dependents => ({ keys, lookups: [] });
const nobody = only([]);

/** A document that is gone has nothing left to look at. */
const present = ({ key, deletedAt }: Document): readonly Key[] =>
  deletedAt === undefined ? [key] : [];

const wantersOf = (namespace: string, name: string): readonly Lookup[] => [
  { kind: "referring", ref: exportRef(namespace, name), to: [multiClusterServiceKind] },
];

const isInternal = (kind: Kind): boolean => /^(hubless|microsoft\.containerservice)\//.test(kind);

/** Any other object of the hub is a template: the placements that select it look again. */
const selectorsOf = ({ key }: Document): readonly Lookup[] =>
  refsOfChangedObject(key.kind, key.namespace, key.name).map((ref) => ({
    kind: "referring",
    ref,
    to: [placementKind],
  }));
